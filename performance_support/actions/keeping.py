"""What the clock does so that nothing goes stale unnoticed: hands on, escalates, announces, puts away, reminds."""

import datetime as dt
from collections.abc import Iterable
from uuid import UUID

from django.db import transaction
from django.utils import timezone

from base.outbox import send_later
from performance_support import reminders
from performance_support.models import FreshnessDay, Reminder
from performance_support.queries import desk, keeping
from performance_support.queries.keeping import Handed, Kept
from performance_support.settling import settle
from workforce.actions.leaving import note_passed_on
from workforce.models import Account, Person

# Design section 7.
ESCALATED_AFTER = dt.timedelta(days=14)
ARCHIVED_AFTER = dt.timedelta(days=180)
NOTICE = dt.timedelta(days=7)
# On the page of the run; the freshness desk has the rest.
NAMED = 20


@transaction.atomic
def hand_on_from_leavers(*, by: Account) -> int:
    """What leavers owned goes to whoever owns the workflow it serves, what they looked after to its owner; how much.

    Whoever is asked from now on is told.
    """
    # Before the new owner hides it: whatever way the old one left by, it is stale.
    settle(keeping.left_behind())
    handed = keeping.hand_on(by=by)
    owned = {each.resource for each in handed}
    relieved = [each for each in keeping.relieve(by=by) if each.resource not in owned]
    note_in_runs([*handed, *relieved], by=by)
    return tell(kept_of(handed), "handed_on") + tell(kept_of(relieved), "relieved")


def kept_of(handed: Iterable[Handed]) -> list[Kept]:
    return [Kept(each.account, each.resource) for each in handed]


def note_in_runs(handed: Iterable[Handed], *, by: Account) -> None:
    """The run that let somebody leave names the resources as well as the workflows and skills."""
    gathered: dict[tuple[UUID, UUID], list[str]] = {}
    for account, _, title, leaver in handed:
        if leaver:
            gathered.setdefault((leaver, account), []).append(title)
    leavers = Person.objects.in_bulk({leaver for leaver, _ in gathered})
    heirs = Account.objects.in_bulk({heir for _, heir in gathered})
    for (leaver, heir), titles in gathered.items():
        # Not by letter: the mail about what is now theirs leads to each of them.
        note_passed_on(leavers[leaver], to=heirs[heir], work=in_words(titles), by=by, by_letter=False)


def in_words(titles: list[str]) -> list[str]:
    more = len(titles) - NAMED
    return titles[:NAMED] + ([f"and {more:,} more resources"] if more > 0 else [])


@transaction.atomic
def escalate(*, by: Account) -> int:
    """Tell the workflow's owner of what nobody verified for 14 days, once; how much. `by` is who looked."""
    return tell(keeping.escalate(since=timezone.now() - ESCALATED_AFTER), "escalated")


@transaction.atomic
def announce_archiving(*, by: Account) -> int:
    """Give notice that what is stale and unseen for 180 days will be put away in seven; how much."""
    today = timezone.localdate()
    found = keeping.announce_archiving(
        # So that the seven days of notice end with the 180.
        since=timezone.now() - (ARCHIVED_AFTER - NOTICE),
        unseen_since=today - (ARCHIVED_AFTER - NOTICE),
        archive_on=today + NOTICE,
    )
    return tell(found, "leaving")


@transaction.atomic
def archive_announced(*, by: Account) -> int:
    """Put away what was announced and nobody came back to; how much."""
    today = timezone.localdate()
    return len(keeping.archive_announced(today=today, unseen_since=today - (ARCHIVED_AFTER - NOTICE), by=by))


@transaction.atomic
def note_the_day(*, by: Account) -> FreshnessDay:
    """Keep how fresh what people read was today, for the trend. Asked again on the same day, the newer one stands."""
    today = timezone.localdate()
    counted = desk.score(today)._asdict()
    day, _ = FreshnessDay.objects.update_or_create(day=today, defaults=counted)
    return day


@transaction.atomic
def ask_for_reminders(week: dt.date, *, by: Account) -> int:
    """Queue one mail of this week for everybody who keeps something stale or due soon; asked again, nothing more."""
    monday = week - dt.timedelta(days=week.weekday())
    asked = 0
    for account in reminders.keepers():
        reminder, is_new = Reminder.objects.get_or_create(account=account, week=monday)
        if is_new:
            send_later("performance_support.tasks.send_reminder", reminder=reminder.pk)
            asked += 1
    return asked


def tell(found: Iterable[Kept], why: str) -> int:
    """One mail for each person, however much it is."""
    gathered = keeping.by_account(found)
    for account, resources in gathered.items():
        pks = [str(pk) for pk in resources]
        send_later("performance_support.tasks.tell_keeper", account=str(account), resources=pks, why=why)
    return sum(map(len, gathered.values()))
