"""Keep what everybody's figures are on a day, so that every later look at that day finds them as they were."""

import datetime as dt

from django.db import connection, transaction
from django.utils import timezone

from gaps.models import SnapshotDay
from gaps.queries.gaps import JUDGED, LABELLED
from gaps.queries.reckoning import EVERYBODY, NEWS, PEOPLE
from gaps.queries.summing import SPECIAL_PEOPLE, reckoned

COLUMNS = "team_id, job_role_id, needs, met, known, reached, weight, is_ready, upskill, reskill"
# Whoever has a target role or an overrule needs the whole arithmetic; it has a WITH of its own, because its tables go
# by the same names.
FIGURES = f"""
special AS MATERIALIZED (
    WITH {PEOPLE.format(where=f"person.status = ANY (%(at_work)s) AND {SPECIAL_PEOPLE}")}, {NEWS}, {JUDGED}, {LABELLED}
    SELECT whose.person_id, count(told) FILTER (WHERE told NOT IN ('none', 'reskill', 'role_drift')) AS upskill,
        count(told) FILTER (WHERE told IN ('reskill', 'role_drift')) AS reskill
    FROM (SELECT * FROM whose) whose LEFT JOIN labelled USING (person_id) GROUP BY whose.person_id
),
figures AS MATERIALIZED (
    SELECT person_id, team_id, job_role_id, coalesce(needs, 0) AS needs, coalesce(met, 0) AS met,
        coalesce(known, 0) AS known, coalesce(reached, 0) AS reached, coalesce(weight, 0) AS weight,
        NOT is_closed AS is_ready,
        coalesce(special.upskill, needs - met - drifted, 0) AS upskill,
        coalesce(special.reskill, drifted, 0) AS reskill
    FROM reckoned LEFT JOIN special USING (person_id)
)
"""
# What did not move stays as it is; not `NOT IN`, which walks all of a million for each of them. The sum over `ended`
# is there to be asked: only then is a row ended before its successor begins, as the constraint
# `figureperiod_that_lasts_is_one_per_person` wants it.
KEEP = f"""
same AS MATERIALIZED (
    SELECT person_id FROM gaps_figureperiod kept JOIN figures USING (person_id)
    WHERE kept.until IS NULL AND ({", ".join(f"kept.{each}" for each in COLUMNS.split(", "))})
        IS NOT DISTINCT FROM ({", ".join(f"figures.{each}" for each in COLUMNS.split(", "))})
),
ended AS (
    UPDATE gaps_figureperiod SET until = %(day)s
    WHERE until IS NULL AND NOT EXISTS (SELECT FROM same WHERE same.person_id = gaps_figureperiod.person_id)
    RETURNING person_id
),
begun AS (
    INSERT INTO gaps_figureperiod (person_id, since, {COLUMNS})
    SELECT person_id, %(day)s, {COLUMNS} FROM figures
    WHERE NOT EXISTS (SELECT FROM same WHERE same.person_id = figures.person_id) AND (SELECT count(*) FROM ended) >= 0
    ORDER BY person_id
    RETURNING person_id
)
INSERT INTO gaps_snapshotday (day, people, moved)
SELECT %(day)s, (SELECT count(*) FROM figures),
    (SELECT count(*) FROM (SELECT person_id FROM ended UNION SELECT person_id FROM begun) moved)
"""
# Once a night everybody is compared with the night before at once, in more memory than a page may have.
FORGET = """
SET LOCAL work_mem = '64MB';
DELETE FROM gaps_figureperiod WHERE since = %(day)s;
UPDATE gaps_figureperiod SET until = NULL WHERE until = %(day)s;
DELETE FROM gaps_snapshotday WHERE day = %(day)s;
"""


@transaction.atomic
def take(day: dt.date | None = None) -> SnapshotDay:
    """Keep everybody's figures at the end of a day; of today, as they are by now. Once more replaces it.

    A past day is reckoned by what had been written down by then. Days are kept in their order.
    """
    day = day or timezone.localdate()
    with connection.cursor() as cursor:
        # Two at once would both begin a period for everybody who moved.
        cursor.execute("SELECT pg_advisory_xact_lock(hashtext('snapshot'))")
        if SnapshotDay.objects.filter(day__gt=day).exists():
            raise ValueError(f"A later day than {day} is kept already.")
        cursor.execute(FORGET, {"day": day})
        begun, _, values = reckoned(EVERYBODY, as_of=day)
        cursor.execute(f"{begun}, {FIGURES}, {KEEP}", {**values, "day": day})
    return SnapshotDay.objects.get(day=day)


def take_missed(*, most: int, today: dt.date | None = None) -> list[SnapshotDay]:
    """The days since the last one kept, `most` at most, and today."""
    today = today or timezone.localdate()
    last = SnapshotDay.objects.filter(day__lt=today).order_by("-day").first()
    first = max(last.day + dt.timedelta(days=1), today - dt.timedelta(days=most)) if last else today
    return [take(first + dt.timedelta(days=count)) for count in range((today - first).days + 1)]
