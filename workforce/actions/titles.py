"""Which job role a title of the HR system stands for: one by one, many at once, and back again."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any
from uuid import UUID, uuid4

from django.db import transaction
from django.db.models import F

from base import changes
from base.errors import RuleBroken
from base.models import Change
from workforce.models import Account, JobRole, JobTitle
from workforce.signals import performers_changed

# More at once is a mistake more often than a wish.
MOST = 1000


@dataclass(frozen=True)
class Mapped:
    """What one mapping did: how many titles changed, and the id by which it can be taken back."""

    batch: UUID
    count: int
    # Titles that were asked for and are left as they are.
    left: int = 0


@transaction.atomic
def map_job_titles(wanted: Mapping[UUID, JobRole | None], *, by: Account) -> Mapped:
    """Say which job role each of these titles stands for; None takes the answer back."""
    if len(wanted) > MOST:
        raise RuleBroken(f"Map up to {MOST:,} titles at once; choose fewer.", code="too_many_titles")
    roles = in_use({role.pk for role in wanted.values() if role})
    titles = JobTitle.objects.filter(pk__in=wanted).select_related("job_role").order_by("pk")
    facts: dict[Any, dict[str, tuple[Any, Any]]] = {}
    for title in titles.select_for_update(of=("self",), no_key=True):
        role = wanted[title.pk]
        if changed := changes.assign(title, {"job_role": roles[role.pk] if role else None}):
            facts[title] = changed
    batch = uuid4()
    if facts:
        write(facts)
        changes.record_all("map", facts, by=by, scope=batch)
        tell_above(facts)
    return Mapped(batch, len(facts), len(wanted) - len(facts))


def in_use(ids: set[UUID]) -> dict[UUID, JobRole]:
    """The job roles, kept from being retired until commit."""
    roles = {role.pk: role for role in JobRole.objects.select_for_update(no_key=True).filter(pk__in=ids).order_by("pk")}
    for role in roles.values():
        if role.is_retired:
            raise RuleBroken(f"The job role “{role}” is retired. Choose another one.", code="jobrole_retired")
    if len(roles) < len(ids):
        raise RuleBroken("That job role is gone. Choose one from the list.", code="gone")
    return roles


def write(facts: Mapping[Any, Any]) -> None:
    """One statement for each job role, however many titles."""
    for role in {title.job_role_id for title in facts}:
        pks = [title.pk for title in facts if title.job_role_id == role]
        JobTitle.objects.filter(pk__in=pks).update(job_role=role, version=F("version") + 1)


def tell_above(facts: Mapping[Any, dict[str, tuple[Any, Any]]]) -> None:
    touched = {role.pk for changed in facts.values() for role in changed["job_role"] if role}
    performers_changed.send(sender=JobTitle, job_roles=touched)


@transaction.atomic
def map_job_title(name: str, *, job_role: JobRole | None, by: Account) -> JobTitle:
    """Say which job role a title stands for, whatever its case; a title that nobody has had yet is added."""
    title, _ = JobTitle.objects.get_or_create(name__iexact=name.strip(), defaults={"name": name.strip()})
    map_job_titles({title.pk: job_role}, by=by)
    return JobTitle.objects.get(pk=title.pk)


@transaction.atomic
def undo_mapping(batch: UUID, *, by: Account) -> Mapped:
    """Take back what one mapping did, but for titles that somebody mapped again since."""
    done = list(Change.objects.filter(scope=batch, noun="jobtitle", verb="map").order_by("id"))
    # The titles were locked while these entries were written, so whatever came later has a higher number.
    later = Change.objects.filter(subject__in=[c.subject for c in done], pk__gt=max((c.pk for c in done), default=0))
    overtaken = set(later.values_list("subject", flat=True))
    before = {c.subject: c.facts["job_role"][0] for c in done if c.subject not in overtaken}
    roles = JobRole.objects.active().in_bulk([UUID(role["id"]) for role in before.values() if role])
    wanted = {
        title: roles[UUID(role["id"])] if role else None
        for title, role in before.items()
        if role is None or UUID(role["id"]) in roles
    }
    if not wanted:
        raise RuleBroken("These titles were mapped again since, so nothing was taken back.", code="overtaken")
    undone = map_job_titles(wanted, by=by)
    return Mapped(undone.batch, undone.count, len(done) - undone.count)
