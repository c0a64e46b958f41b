"""The doors to people and what they are called."""

from uuid import UUID

from django.core.exceptions import PermissionDenied
from django.shortcuts import get_object_or_404

from workforce.models import Account, JobRole, JobTitle, Role


def job_role_for(account: Account, pk: UUID, *, to_edit: bool = False) -> JobRole:
    """The one door to a job role. Everybody may look; designers and people admins name them."""
    if to_edit:
        may_name_roles(account)
    return get_object_or_404(JobRole, pk=pk)


def may_name_roles(account: Account) -> None:
    """Raises PermissionDenied with whom to ask."""
    if not account.has_role(Role.DESIGNER, Role.PEOPLE_ADMIN):
        raise PermissionDenied("Only designers and people admins name job roles. Ask one of them.")


def job_title_for(account: Account, pk: UUID) -> JobTitle:
    """The one door to a job title of the HR system, which only people admins map. 403 with whom to ask."""
    if not account.can_manage_people:
        raise PermissionDenied(f"Only people admins map titles. Ask {people_admin() or 'an administrator'}.")
    return get_object_or_404(JobTitle, pk=pk)


def people_admin() -> Account | None:
    """Whom to ask about people and titles."""
    return Account.objects.people_admins().first()
