"""The doors to people and what they are called."""

from collections.abc import Collection, Iterable
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from django.core.exceptions import PermissionDenied
from django.http import Http404
from django.shortcuts import get_object_or_404

from base.errors import RuleBroken
from base.models import Change
from base.pages import as_id
from workforce.models import (
    Account,
    ApiKey,
    Delivery,
    JobRole,
    JobTitle,
    Person,
    Role,
    Run,
    Scope,
    Source,
    Team,
    Upload,
    Webhook,
)
from workforce.models.key import scopes_of
from workforce.queries import lines, locks
from workforce.queries.accounts import accounts, administrators
from workforce.queries.keys import UsableKey, source_called
from workforce.queries.scim.groups import GroupRow, group_row
from workforce.queries.scim.users import UserRow, user_row


def job_role_for(account: Account, pk: UUID, *, to_edit: bool = False) -> JobRole:
    """The one door to a job role. Everybody may look; designers and people admins name them."""
    if to_edit:
        may_name_roles(account)
    return get_object_or_404(JobRole, pk=pk)


def may_name_roles(account: Account) -> None:
    """Raises PermissionDenied with whom to ask."""
    if not account.has_role(Role.DESIGNER, Role.PEOPLE_ADMIN):
        raise PermissionDenied("Only designers and people admins name job roles. Ask one of them.")


def may_run(account: Account) -> None:
    """Raises PermissionDenied with whom to ask."""
    if not account.can_manage_people:
        raise PermissionDenied("Only people admins look after people and their runs. Ask one of them.")


def may_look_up_people(account: Account) -> None:
    """Raises PermissionDenied with whom to ask."""
    if not account.has_role(Role.PEOPLE_ADMIN, Role.READER):
        raise PermissionDenied("Only people admins look people up. Ask one of them.")


def run_for(account: Account, pk: UUID) -> Run:
    """The one door to a run: what HR systems send is for people admins only."""
    may_run(account)
    related = ("source", "opened_by", "closed_by", "decided_by", "checked_upload")
    return get_object_or_404(Run.objects.select_related(*related), pk=pk)


def upload_for(account: Account, pk: UUID) -> Upload:
    """The one door to a file of people."""
    may_run(account)
    return get_object_or_404(Upload.objects.select_related("source", "created_by", "run", "dry_run"), pk=pk)


def person_for(account: Account, source_id: str, *, source: str = "", to_edit: bool = False) -> Person:
    """The one door to a person by the source's id; `source` tells apart two systems that use the same one."""
    (may_run if to_edit else may_look_up_people)(account)
    people: Any = Person.objects.known_as(source_id).with_names()
    if "\x00" in source_id + source:
        raise Http404  # PostgreSQL would not even look.
    if source:
        people = people.of_source(Source.objects.spelt(source))
    elif people.count() > 1:
        raise AmbiguousPerson(source_id, people)
    person: Person = get_object_or_404(people)
    return person


@dataclass(frozen=True)
class Acquaintance:
    """Somebody, and what the one who asks may know and do.

    A colleague's name, title, role, team, managers, reports and work address are for everybody who works here. Dates,
    employment, ids, corrections and the past are for the person, for the managers above, and for people admins.
    """

    person: Person
    knows_all: bool
    keeps: bool


def colleague_for(account: Account, pk: UUID) -> Acquaintance:
    """The one door to a person's page. Who starts later or has left is missing for those who may not know."""
    person = get_object_or_404(Person.objects.with_names(), pk=pk)
    keeps = account.can_manage_people
    knows_all = keeps or account.person_id in {person.pk, *lines.ids_above(person)}
    if not (knows_all or person.is_at_work):
        raise Http404
    return Acquaintance(person, knows_all, keeps)


def person_to_keep_for(account: Account, pk: UUID) -> Person:
    """The door to a person whom people admins put right, let go or take back. 404 for whom the others may not know."""
    found = colleague_for(account, pk)
    may_run(account)
    return found.person


def group_for(
    account: Account, pk: UUID, *, source: Source | None, with_members: bool, to_edit: bool = False
) -> GroupRow:
    """The one door to a group of an identity provider. See also: user_for."""
    (may_run if to_edit else may_look_up_people)(account)
    row = group_row(pk, source.name if source else None, with_members=with_members, to_edit=to_edit)
    if row is None:
        raise Http404
    return row


def source_of_key(key: UsableKey) -> Source:
    """Which source a SCIM client feeds: the one that is called like its key, so a new key of that name goes on."""
    name = key.name.strip()[:60]
    if key.source and key.source.name == name:
        return key.source
    return source_called(name) or Source.objects.named(name)


def user_for(account: Account, pk: UUID, *, source: Source | None, to_edit: bool = False) -> UserRow:
    """The one door to a person for a SCIM client: those of its own source; `source` None sees everybody's.

    To edit holds the source until commit, as every change of its people does.
    """
    (may_run if to_edit else may_look_up_people)(account)
    if to_edit and source:
        locks.alone_with(source)
    row = user_row(pk, source.name if source else None)
    if row is None:
        raise Http404
    return row


def job_title_for(account: Account, pk: UUID, *, to_map: bool = True) -> JobTitle:
    """The one door to a job title of the HR system. Programs may look; people admins map it."""
    if to_map:
        may_map_titles(account)
    return get_object_or_404(JobTitle, pk=pk)


def job_titles_for(account: Account, ids: Iterable[str]) -> dict[UUID, str]:
    """The door to many job titles at once, for those who map them: {id: name}. 404 where none of them is there."""
    may_map_titles(account)
    titles = JobTitle.objects.in_bulk({pk for text in ids if (pk := as_id(text))})
    if not titles:
        raise Http404
    return {pk: title.name for pk, title in titles.items()}


def mapping_for(account: Account, batch: UUID) -> UUID:
    """The door to what one mapping of titles did, so that it can be taken back."""
    may_map_titles(account)
    if not Change.objects.filter(scope=batch, noun="jobtitle", verb="map").exists():
        raise Http404
    return batch


def may_map_titles(account: Account) -> None:
    """Raises PermissionDenied with whom to ask."""
    if not account.can_manage_people:
        raise PermissionDenied(f"Only people admins map titles. Ask {people_admin() or 'an administrator'}.")


def people_admin() -> Account | None:
    """Whom to ask about people and titles."""
    return Account.objects.people_admins().first()


def team_for(account: Account, pk: UUID) -> Team:
    """The one door to a team. Everybody may look."""
    return get_object_or_404(Team, pk=pk)


def may_look_after_keys(account: Account) -> None:
    """Raises PermissionDenied with whom to ask."""
    if not account.can_manage_people:
        raise PermissionDenied(f"Only people admins look after keys. Ask {people_admin() or 'an administrator'}.")


def scopes_for(account: Account) -> list[Scope]:
    """What this account may give to a key: a key never may do what its maker may not."""
    return scopes_of(account)


def may_give(account: Account, scopes: Collection[str]) -> None:
    """Raises PermissionDenied with whom to ask."""
    may_look_after_keys(account)
    if beyond := set(scopes) - set(scopes_for(account)):
        raise PermissionDenied(f"You may not do yourself what “{min(beyond)}” lets a key do. Ask an administrator.")


def key_for(account: Account, pk: UUID, *, to_decide: bool = False) -> ApiKey:
    """The one door to a key: people admins see all of them, and revoke or take over what they may give."""
    may_look_after_keys(account)
    key = get_object_or_404(ApiKey.objects.select_related("created_by", "owner", "revoked_by"), pk=pk)
    if to_decide:
        may_give(account, key.scopes)
    return key


def may_look_after_webhooks(account: Account) -> None:
    """Raises PermissionDenied with whom to ask."""
    if not account.can_manage_people:
        raise PermissionDenied(f"Only people admins look after webhooks. Ask {people_admin() or 'an administrator'}.")


def webhook_for(account: Account, pk: UUID) -> Webhook:
    """The one door to a webhook."""
    may_look_after_webhooks(account)
    return get_object_or_404(Webhook.objects.active().select_related("owner"), pk=pk)


def delivery_for(account: Account, webhook: UUID, pk: UUID) -> Delivery:
    """The one door to what was sent to a webhook."""
    return get_object_or_404(webhook_for(account, webhook).deliveries, pk=pk)


def source_for(account: Account, pk: UUID) -> Source:
    """The one door to an HR source: people admins look after all of them."""
    may_run(account)
    return get_object_or_404(Source, pk=pk)


def may_administer(account: Account) -> None:
    """Raises PermissionDenied with whom to ask."""
    if not account.is_administrator:
        asked = administrators().first()
        raise PermissionDenied(f"Only administrators look after accounts. Ask {asked or 'whoever runs Sightline'}.")


def account_for(account: Account, pk: UUID) -> Account:
    """The one door to somebody's account. Keys and the system's own are no accounts of people."""
    may_administer(account)
    return get_object_or_404(accounts(), pk=pk)


class AmbiguousPerson(RuleBroken):
    def __init__(self, source_id: str, people: Any) -> None:
        sources = ", ".join(sorted(people.values_list("source", flat=True)))
        super().__init__(f"{sources} all know a “{source_id}”. Add ?source= with one of them.", code="which_source")


def person_to_erase_for(account: Account, pk: UUID) -> Person:
    """The door to erasing somebody: administrators."""
    if not account.is_administrator:
        asked = administrators().first()
        raise PermissionDenied(f"Only administrators erase somebody. Ask {asked or 'whoever runs Sightline'}.")
    return get_object_or_404(Person, pk=pk)
