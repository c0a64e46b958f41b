from workforce.models.account import Account, Role
from workforce.models.departure import Departure
from workforce.models.erasure import Erasure
from workforce.models.group import Group, Membership
from workforce.models.key import ApiKey, Scope
from workforce.models.name_word import NameWord
from workforce.models.person import RESTORABLE, JobRole, JobTitle, Person, Team
from workforce.models.position import Correction, Position
from workforce.models.run import Run, RunChange, RunNotice, RunPage, RunProblem
from workforce.models.source import CORRECTABLE, Source, SourceRevision
from workforce.models.upload import Upload, UploadPiece
from workforce.models.webhook import Delivery, DeliveryTry, Webhook, WebhookEvent

__all__ = [
    "CORRECTABLE",
    "RESTORABLE",
    "Account",
    "ApiKey",
    "Correction",
    "Delivery",
    "DeliveryTry",
    "Departure",
    "Erasure",
    "Group",
    "JobRole",
    "JobTitle",
    "Membership",
    "NameWord",
    "Person",
    "Position",
    "Role",
    "Run",
    "RunChange",
    "RunNotice",
    "RunPage",
    "RunProblem",
    "Scope",
    "Source",
    "SourceRevision",
    "Team",
    "Upload",
    "UploadPiece",
    "Webhook",
    "WebhookEvent",
]
