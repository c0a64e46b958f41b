from workforce.models.account import Account, Role
from workforce.models.key import ApiKey, Scope
from workforce.models.person import JobRole, JobTitle, Person, Team

__all__ = ["Account", "ApiKey", "JobRole", "JobTitle", "Person", "Role", "Scope", "Team"]
