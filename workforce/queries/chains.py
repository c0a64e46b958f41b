"""Who reports to whom after a run: managers found by the source's ids, and chains that would end nowhere."""

from collections.abc import Iterator
from uuid import UUID

from django.db import connection

from workforce.models import Source

# Every manager that would be set or taken away. Late: whoever has waited for somebody who comes only now.
EDGES = """
DROP TABLE IF EXISTS edge;
CREATE TEMPORARY TABLE edge ON COMMIT DROP AS
SELECT difference.id, coalesce(arriving.id, here.id) AS manager_id, false AS is_late,
    difference.manager_source_id <> coalesce(difference.old_manager_source_id, '') AS is_changed
FROM difference
LEFT JOIN difference arriving ON arriving.is_new AND arriving.source_id = difference.manager_source_id
LEFT JOIN workforce_person here ON here.source = %(source)s AND here.source_id = difference.manager_source_id
WHERE difference.manager_source_id <> coalesce(difference.old_manager_source_id, '')
OR (difference.manager_source_id <> '' AND difference.old_manager_id IS NULL)
UNION ALL
SELECT waiting.id, arriving.id, true, false
FROM workforce_person waiting
JOIN difference arriving ON arriving.is_new AND arriving.source_id = waiting.manager_source_id
WHERE waiting.source = %(source)s AND waiting.manager_id IS NULL AND waiting.manager_source_id <> ''
AND NOT EXISTS (SELECT FROM difference mentioned WHERE mentioned.id = waiting.id);
CREATE UNIQUE INDEX ON edge (id);
ANALYZE edge;
"""
UNKNOWN = """
INSERT INTO workforce_runproblem (run_id, source_id, field, code, detail, is_rejected)
SELECT %(run)s, source_id, 'manager_source_id', 'manager_unknown',
    'The manager “' || manager_source_id || '” has not come yet. '
    'The row was taken, and the manager is set when they come.',
    false
FROM edge JOIN difference USING (id)
WHERE edge.manager_id IS NULL AND difference.manager_source_id <> '' AND %(run)s IS NOT NULL
"""
# Upwards from every new manager: each person stands here once, however many report to them. OFFSET 0 has whom this run
# does not move looked up one by one; left to itself PostgreSQL reads everybody who works here, once for every level.
MANAGER = """
LEFT JOIN edge ON edge.id = up.id
LEFT JOIN LATERAL (
    SELECT manager_id FROM workforce_person WHERE id = up.id AND edge.id IS NULL OFFSET 0
) person ON true
"""
UPWARDS = f"""
WITH RECURSIVE up (id) AS (
    SELECT DISTINCT manager_id FROM edge WHERE manager_id IS NOT NULL
    UNION
    SELECT coalesce(edge.manager_id, person.manager_id) FROM up {MANAGER}
    WHERE coalesce(edge.manager_id, person.manager_id) IS NOT NULL
)
SELECT up.id, coalesce(edge.manager_id, person.manager_id), edge.is_changed FROM up {MANAGER}
"""
REPORT = """
INSERT INTO workforce_runproblem (run_id, source_id, field, code, detail, is_rejected)
SELECT %(run)s, source_id, 'manager_source_id', 'manager_loop',
    'This chain of managers would end where it began: ' || %(chain)s ||
    '. The manager was not taken, the rest of the row was.',
    false
FROM difference WHERE id = ANY (%(ids)s::uuid[]) AND %(run)s IS NOT NULL
"""
TAKE_BACK = """
UPDATE difference SET manager_source_id = coalesce(old_manager_source_id, '') WHERE id = ANY (%(ids)s::uuid[]);
DELETE FROM edge USING workforce_person person WHERE edge.id = person.id AND edge.id = ANY (%(ids)s::uuid[]);
UPDATE edge SET manager_id = NULL WHERE id = ANY (%(ids)s::uuid[])
"""
NAMES = """
SELECT id, source_id FROM difference WHERE id = ANY (%(ids)s::uuid[])
UNION SELECT id, source_id FROM workforce_person WHERE id = ANY (%(ids)s::uuid[])
"""
# Until commit the trigger of every row takes our word for it; the lock keeps others from changing what was proven.
PROVEN = """
SELECT set_config('sightline.chains_proven', 'yes', true)
"""


def settle(source: Source, run: UUID | None) -> int:
    """Find managers, report those unknown, take back what would close a loop; returns how many were taken back.

    Afterwards no chain has a loop, and the database is told not to walk them all once more. Call `unsettle` after
    writing.
    """
    taken_back = 0
    with connection.cursor() as cursor:
        cursor.execute(EDGES, {"source": source.name})
        cursor.execute(UNKNOWN, {"run": run})
        cursor.execute("SELECT EXISTS (SELECT FROM edge WHERE manager_id IS NOT NULL)")
        if not cursor.fetchone()[0]:
            return 0
        cursor.execute("SELECT pg_advisory_xact_lock(hashtext('person_manager_chain_ends'))")
        # Taking one edge back brings the former one up again, which may close another loop: look until there is none.
        while loops := found_loops():
            for loop, changed in loops:
                chain = " → ".join(names_of([*loop, loop[0]]))
                cursor.execute(REPORT, {"run": run, "chain": chain, "ids": changed})
                cursor.execute(TAKE_BACK, {"ids": changed})
                taken_back += len(changed)
        cursor.execute(PROVEN)
    return taken_back


def unsettle() -> None:
    """From here on the trigger looks again."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT set_config('sightline.chains_proven', 'no', true)")


def found_loops() -> list[tuple[list[UUID], list[UUID]]]:
    """[(people in a loop, those of them whose manager is taken back)]

    That is whoever is told another manager now. Who only waited for one has said so before, and would not be looked at
    again: of them it is taken only where nobody else is there.
    """
    with connection.cursor() as cursor:
        cursor.execute(UPWARDS)
        rows = cursor.fetchall()
    above = {person: manager for person, manager, _ in rows}
    changed = {person for person, _, is_changed in rows if is_changed}
    given = {person for person, _, is_changed in rows if is_changed is not None}
    return [(loop, among(loop, changed) or among(loop, given)) for loop in loops_of(above)]


def among(loop: list[UUID], people: set[UUID]) -> list[UUID]:
    return [person for person in loop if person in people]


def loops_of(above: dict[UUID, UUID | None]) -> Iterator[list[UUID]]:
    """Everybody has at most one manager, so a walk upwards ends, or it meets itself."""
    done: set[UUID] = set()
    for start in above:
        walk: dict[UUID, int] = {}
        person: UUID | None = start
        while person is not None and person not in done and person not in walk:
            walk[person] = len(walk)
            person = above.get(person)
        if person is not None and person in walk:
            yield list(walk)[walk[person] :]
        done.update(walk)


def names_of(ids: list[UUID]) -> list[str]:
    shown = ids if len(ids) <= 8 else [*ids[:7], ids[-1]]
    with connection.cursor() as cursor:
        cursor.execute(NAMES, {"ids": shown})
        names = dict(cursor.fetchall())
    return [names.get(one, "?") for one in shown]
