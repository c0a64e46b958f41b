"""Somebody's record goes, as the policy says (base.retention): what others did stays, and names nobody."""

import datetime as dt
from uuid import uuid4

from django.conf import settings
from django.db import transaction
from django.utils import timezone

from base import changes
from base.errors import RuleBroken
from workforce.models import Account, Erasure, Person, Source
from workforce.queries import erasing, locks, revisions


@transaction.atomic
def erase_person(person: Person, *, reason: str, by: Account) -> Erasure:
    """Carry out the policy for one person. Cannot be taken back."""
    source, _ = Source.objects.get_or_create(name=person.source)
    locks.alone_with(source)
    person = Person.objects.select_for_update().get(pk=person.pk)
    refuse_unless_erasable(person)
    pseudonym = f"Erased person {uuid4().hex[:10]}"
    counts = erasing.carry_out(erasing.subject_of(person, pseudonym=pseudonym))
    # Lists that identity providers read keep their totals for as long as this stands.
    revisions.count_up(source.name)
    erasure = Erasure.objects.create(pseudonym=pseudonym, reason=reason, counts=counts, erased_by=by)
    changes.record("erase", Person.objects.get(pk=person.pk), by=by)
    return erasure


def refuse_unless_erasable(person: Person) -> None:
    if person.status != Person.Status.INACTIVE:
        raise RuleBroken(
            f"{person} still works here, and the HR system would bring them back. Note their leaving first.",
            code="still_here",
        )
    if Erasure.objects.filter(pseudonym=person.source_id).exists():
        raise RuleBroken("This person was erased already. There is nothing left to do.", code="erased_already")


def erase_leavers(*, by: Account) -> int:
    """Whoever left longer ago than the policy keeps them; returns how many. One that fails waits for the next night."""
    before = timezone.now() - dt.timedelta(days=settings.KEEP_LEAVERS_DAYS)
    leavers = Person.objects.left_before(before).exclude(source_id__in=Erasure.objects.values("pseudonym"))
    count = 0
    for person in leavers.order_by("pk"):
        erase_person(person, reason=f"They left more than {settings.KEEP_LEAVERS_DAYS} days ago.", by=by)
        count += 1
    return count
