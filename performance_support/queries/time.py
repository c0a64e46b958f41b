"""Who has been granted time to learn, and sums of what was noted: to oneself, and of at least five together.

Nothing here orders, compares or lists people by minutes, and nothing outside this module adds them up.
"""

import datetime as dt
from collections.abc import Collection
from typing import Any, NamedTuple
from uuid import UUID

from django.db import connection
from django.db.models import Sum
from django.db.models.functions import TruncWeek
from django.utils import timezone

from base.rows import Part, Statement
from gaps.access import SMALLEST_GROUP
from performance_support.models import Learning, TimeGrant
from workforce.models import Person

WEEKS = 8

GRANT, MANAGER = Part(TimeGrant, "granted"), Part(Person, "manager", "id", "display_name")
# The nearest manager above who has granted something decides.
GRANTED = Statement(f"""
WITH RECURSIVE chain (person_id, manager_id, distance) AS (
    SELECT id, manager_id, 1 FROM workforce_person
    WHERE id = ANY (%(people)s::text[]::uuid[]) AND manager_id IS NOT NULL
    UNION ALL
    SELECT chain.person_id, boss.manager_id, distance + 1
    FROM chain JOIN workforce_person boss ON boss.id = chain.manager_id WHERE boss.manager_id IS NOT NULL
)
SELECT DISTINCT ON (chain.person_id) chain.person_id, {GRANT.columns}, {MANAGER.columns}
FROM chain JOIN performance_support_timegrant granted ON granted.manager_id = chain.manager_id
    AND granted.since <= %(day)s::date AND (granted.until IS NULL OR granted.until >= %(day)s::date)
JOIN workforce_person manager ON manager.id = granted.manager_id
ORDER BY chain.person_id, distance
""")


def granted_to(person: Person, day: dt.date) -> TimeGrant | None:
    """What holds for one person on a day."""
    return grants_of([person.pk], day).get(person.pk)


def grants_of(people: Collection[UUID], day: dt.date) -> dict[UUID, TimeGrant]:
    """{person: what holds for them}, with the manager's name."""
    found: dict[UUID, TimeGrant] = {}
    for row in GRANTED.rows(people=[str(pk) for pk in people], day=day):
        values = iter(row)
        person, grant = next(values), GRANT.take(values)
        grant.manager = MANAGER.take(values)  # type: ignore[union-attr] # inner joins
        found[person] = grant  # type: ignore[assignment]
    return found


class Week(NamedTuple):
    monday: dt.date
    minutes: int


def monday_of(day: dt.date) -> dt.date:
    return day - dt.timedelta(days=day.weekday())


def own_weeks(person: Person) -> list[Week]:
    """What one noted, this week first. For nobody else's eyes."""
    this = monday_of(timezone.localdate())
    first = this - dt.timedelta(weeks=WEEKS - 1)
    noted = Learning.objects.of(person).since(first).annotate(week=TruncWeek("learnt_on"))
    sums = dict(noted.order_by().values("week").annotate(minutes=Sum("minutes")).values_list("week", "minutes"))
    return [Week(day, sums.get(day, 0)) for day in (this - dt.timedelta(weeks=back) for back in range(WEEKS))]


def minutes_this_week(person: Person) -> int:
    return own_weeks(person)[0].minutes


class Together(NamedTuple):
    """What a manager's people noted in the last weeks, all of them together."""

    people: int
    minutes: int

    @property
    def hours(self) -> float:
        return self.minutes / 60

    @property
    def a_week_each(self) -> int:
        return round(self.minutes / self.people / WEEKS)


TOGETHER = """
SELECT count(DISTINCT person_id), coalesce(sum(minutes), 0) FROM performance_support_learning
WHERE person_id = ANY (%(people)s::uuid[]) AND learnt_on >= %(since)s AND learnt_on < %(until)s
"""


def together(people: Collection[UUID]) -> Together | None:
    """One sum, of whole weeks that are over; None unless at least five of them noted something."""
    until = monday_of(timezone.localdate())
    facts: dict[str, Any] = {
        "people": [str(pk) for pk in people],
        "since": until - dt.timedelta(weeks=WEEKS),
        "until": until,
    }
    with connection.cursor() as cursor:
        cursor.execute(TOGETHER, facts)
        found = Together(*map(int, cursor.fetchone()))
    return found if found.people >= SMALLEST_GROUP else None
