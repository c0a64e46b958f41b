"""The way in for programs."""

from workforce.api.naming import JobRoleViews, JobTitleViews, TeamViews
from workforce.api.people import PersonViews
from workforce.api.runs import RunViews

__all__ = ["JobRoleViews", "JobTitleViews", "PersonViews", "RunViews", "TeamViews"]
