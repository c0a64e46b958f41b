"""The watch: every rule over everything. Edits recheck what they touch; this finds what no edit told us about."""

import datetime as dt
from dataclasses import asdict

from django.db import IntegrityError, transaction
from django.db.models import Count
from django.utils import timezone

from base.changes import Actor
from base.models import WatchRun
from base.outbox import send_later
from base.rules import Rule, Rules

# Renewed after every rule. A rule over a million skills takes seconds, so a silent worker is a lost one.
LEASE = dt.timedelta(minutes=5)


@transaction.atomic
def ask(*, by: Actor | None = None) -> WatchRun:
    """Have all rules checked in the background; without `by` the clock asks. Asked again meanwhile, the same run."""
    run = expected_run(by)
    send_later("base.routines.run_watch", run=run.pk)
    return run


def expected_run(by: Actor | None = None) -> WatchRun:
    """The run under way, or a new one."""
    try:
        with transaction.atomic():
            return WatchRun.objects.under_way().first() or WatchRun.objects.create(
                asked_by=by.pk if by else None, asked_by_name=by.name if by else None
            )
    except IntegrityError:
        # Somebody asked in the same moment (`watchrun_is_under_way_once`), so now there is one.
        return WatchRun.objects.latest("id")


def run_through(pk: int) -> bool:
    """Check every rule once; False when this run is somebody else's or finished. One rule, one transaction."""
    if not WatchRun.objects.free().filter(pk=pk).update(leased_until=timezone.now() + LEASE):
        return False
    run = WatchRun.objects.get(pk=pk)
    run.started_at, run.done, run.failures, run.total = timezone.now(), 0, [], len(all_rules())
    for rules, rule in all_rules():
        reconciled = rules.check(rule)
        if reconciled:
            run.found[rule.code] = asdict(reconciled)
        else:
            run.failures.append(rule.code)
        run.done += 1
        run.leased_until = timezone.now() + LEASE
        run.save()
    run.finished_at, run.leased_until = timezone.now(), None
    run.save()
    return True


def all_rules() -> list[tuple[Rules, Rule]]:
    return [(rules, rule) for rules in Rules.watched.values() for rule in rules]


def open_flags() -> dict[str, int]:
    """Open flags per code, every rule named, snoozed ones included."""
    counts = {rule.code: 0 for _, rule in all_rules()}
    for rules in Rules.watched.values():
        counts |= dict(rules.found.open().values_list("code").annotate(n=Count("pk")).order_by())
    return counts
