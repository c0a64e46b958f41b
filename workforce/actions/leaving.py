"""What a leaver owned passes on. The rooms above say what it is; how it is told is the same for all."""

from collections.abc import Sequence

from django.db import transaction

from base import changes
from base.models import Change
from base.outbox import send_later
from workforce.models import Account, Person, Run


@transaction.atomic
def note_passed_on(leaver: Person, *, to: Account, work: Sequence[str], by: Account, by_letter: bool = True) -> Change:
    """Write down that somebody else goes on with this work, in the run that let them leave, and tell the new owner.

    `by_letter`: not where the room above sends its own.
    """
    left = Change.objects.filter(subject=leaver.pk, noun="person", verb="leave").order_by("-id").first()
    run = Run.objects.filter(pk=left.scope).first() if left else None
    facts = {"work": (None, list(work)), "owner": (leaver, to)}
    note = changes.record("pass_on", leaver, by=by, scope=run or leaver, facts=facts)
    if by_letter:
        send_later("workforce.tasks.tell_heir", note=note.pk)
    return note
