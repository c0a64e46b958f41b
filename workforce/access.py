"""The doors to people and what they are called."""

from uuid import UUID

from django.core.exceptions import PermissionDenied
from django.shortcuts import get_object_or_404

from workforce.models import Account, JobRole, Role


def job_role_for(account: Account, pk: UUID, *, to_edit: bool = False) -> JobRole:
    """The one door to a job role. Everybody may look; designers and people admins name them."""
    if to_edit:
        may_name_roles(account)
    return get_object_or_404(JobRole, pk=pk)


def may_name_roles(account: Account) -> None:
    """Raises PermissionDenied with whom to ask."""
    if not account.has_role(Role.DESIGNER, Role.PEOPLE_ADMIN):
        raise PermissionDenied("Only designers and people admins name job roles. Ask one of them.")
