"""What people do is put on its way to the LRS: in the same transaction, and only where one is switched on."""

import logging
from collections.abc import Sequence

from django.utils import timezone

from performance_support.models import Lrs, Statement
from performance_support.models.lrs import Told
from performance_support.queries.use import hears
from performance_support.xapi.sound import faults
from performance_support.xapi.statements import Event, statement_of

log = logging.getLogger(__name__)


def tell(events: Sequence[Event]) -> int:
    """Put these on their way, as far as the LRS hears of them. What was told already is not told again. How many."""
    lrs = Lrs.objects.switched_on().first() if events and hears() else None
    heard = [event for event in events if lrs and event.kind in lrs.kinds]
    if not lrs or not heard:
        return 0
    made = [on_the_way(event, lrs) for event in heard]
    return len(Statement.objects.bulk_create(made, ignore_conflicts=True))


def on_the_way(event: Event, lrs: Lrs) -> Statement:
    body = statement_of(event, with_name=lrs.with_names)
    made = Statement(
        id=event.id, lrs=lrs, kind=Statement.Kind(Told(event.kind).value), body=body, about=event.by, made_at=event.at
    )
    if wrong := faults(body):
        # A fault of ours: kept where administrators see it, and in nobody's way.
        log.error("The statement %s is not sound: %s", event.id, wrong)
        made.state, made.settled_at = Statement.State.REFUSED, timezone.now()
        made.reason = f"Not sent, because it is not sound: {'; '.join(wrong)}."
    return made
