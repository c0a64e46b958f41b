"""When each source last delivered, and whether it has gone quiet."""

import datetime as dt
from dataclasses import dataclass
from uuid import UUID

from django.db import connection
from django.utils import timezone

# So many deliveries show a rhythm, and nobody worries about a silence shorter than a day.
REMEMBERED, FEWEST = 10, 3
SHORTEST = dt.timedelta(days=1)


@dataclass(frozen=True)
class Feed:
    """`longest` is the longest pause between its latest deliveries; None while there were too few of them."""

    source: UUID
    name: str
    came_at: dt.datetime | None
    good: UUID | None
    good_at: dt.datetime | None
    good_mode: str
    longest: dt.timedelta | None

    @property
    def is_quiet(self) -> bool:
        """Silent for more than twice as long as ever lately."""
        if self.came_at is None or self.longest is None:
            return False
        return timezone.now() - self.came_at > max(2 * self.longest, SHORTEST)

    @property
    def usual_hours(self) -> int:
        return max(1, round(self.longest / dt.timedelta(hours=1))) if self.longest else 0


FEEDS = """
SELECT source.id, source.name, came.last_at, good.id, good.applied_at, coalesce(good.mode, ''),
    CASE WHEN came.count >= %(fewest)s THEN came.longest END
FROM workforce_source source
LEFT JOIN LATERAL (
    SELECT id, applied_at, mode FROM workforce_run
    WHERE source_id = source.id AND state = 'applied' AND NOT is_dry AND takes_back_id IS NULL
    ORDER BY closed_at DESC LIMIT 1
) good ON true
CROSS JOIN LATERAL (
    SELECT max(closed_at) AS last_at, count(*) AS count, max(pause) AS longest FROM (
        SELECT closed_at, closed_at - lag(closed_at) OVER (ORDER BY closed_at) AS pause FROM (
            SELECT closed_at FROM workforce_run
            WHERE source_id = source.id AND closed_at IS NOT NULL AND NOT is_dry AND takes_back_id IS NULL
            ORDER BY closed_at DESC LIMIT %(remembered)s
        ) latest
    ) paused
) came
ORDER BY source.name
"""


def feeds() -> list[Feed]:
    with connection.cursor() as cursor:
        cursor.execute(FEEDS, {"fewest": FEWEST, "remembered": REMEMBERED})
        return [Feed(*row) for row in cursor.fetchall()]


HIT = """
SELECT team.name, count(*) AS leaving,
    (SELECT count(*) FROM workforce_person one WHERE one.team_id = team.id AND one.status IN ('active', 'leave'))
FROM workforce_runchange change
JOIN workforce_person person ON person.id = change.person
JOIN workforce_team team ON team.id = person.team_id
WHERE change.run_id = %s AND change.state = %s AND change.verb = 'leave'
GROUP BY team.id HAVING count(*) >= %s ORDER BY leaving DESC, team.name LIMIT 3
"""


@dataclass(frozen=True)
class Hit:
    """A team that would lose so many of its people."""

    team: str
    leaving: int
    of: int

    @property
    def is_whole(self) -> bool:
        return self.leaving >= self.of


def teams_hit(run: UUID, state: str, *, fewest: int = 3) -> list[Hit]:
    """The teams that would lose most people. A whole one is more often a broken feed than so many leavers."""
    with connection.cursor() as cursor:
        cursor.execute(HIT, [run, state, fewest])
        return [Hit(*row) for row in cursor.fetchall()]
