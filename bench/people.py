"""People from an HR system: a run from close to applied, beside COPY and MERGE of the same people in plain SQL.

`BENCH_PEOPLE` names other sizes: BENCH_PEOPLE=1000000. The floor makes the same rows in the same kind of table, with
its indexes and foreign keys, titles, teams and managers; it keeps no trail, no history, no report, and asks nobody.
"""

import io
import os
from collections.abc import Iterable, Iterator
from itertools import islice
from typing import Any

from django.db import connection, transaction

from bench import ground
from bench.ground import seconds
from workforce import actions
from workforce.actions import runs
from workforce.feeds.rows import FIELDS
from workforce.models import Account, Role, Run
from workforce.queries.incoming import KINDS

SIZES = [int(size) for size in os.environ.get("BENCH_PEOPLE", "10000,100000").split(",")]
PAGE = 5_000
LIMITS = {"first": 2.0, "unchanged": 2.5, "1 % changed": 2.5}
TEXTS = [name for name in FIELDS if name not in {"source_id", "job_title", "department", *KINDS}]
KEPT = ["source_id", *TEXTS, "start_date", "end_date", "updated_at"]
ALIKE = f"({', '.join(f'here.{n}' for n in KEPT)}, here.job_title_id, here.team_id, here.manager_id)"
ALSO = f"({', '.join(f'come.{n}' for n in KEPT)}, come.job_title_id, come.team_id, come.manager_id)"
FLOOR_TABLE = """
CREATE TABLE IF NOT EXISTS floor_person (LIKE workforce_person INCLUDING ALL);
ALTER TABLE floor_person
    ADD FOREIGN KEY (job_title_id) REFERENCES workforce_jobtitle DEFERRABLE INITIALLY DEFERRED,
    ADD FOREIGN KEY (team_id) REFERENCES workforce_team DEFERRABLE INITIALLY DEFERRED,
    ADD FOREIGN KEY (manager_id) REFERENCES floor_person DEFERRABLE INITIALLY DEFERRED
"""
STAGE = f"""
DROP TABLE IF EXISTS come_in;
CREATE TEMPORARY TABLE come_in (
    given integer, {", ".join(f"{name} {KINDS.get(name, 'text')}" for name in FIELDS)},
    id uuid DEFAULT gen_random_uuid()
)
"""
MERGE = f"""
INSERT INTO workforce_jobtitle (name) SELECT DISTINCT job_title FROM come_in ON CONFLICT DO NOTHING;
INSERT INTO workforce_team (name) SELECT DISTINCT department FROM come_in ON CONFLICT DO NOTHING;
MERGE INTO floor_person here USING (
    SELECT come_in.*, title.id AS job_title_id, team.id AS team_id, coalesce(known.id, arriving.id) AS manager_id
    FROM come_in
    LEFT JOIN workforce_jobtitle title ON title.name = come_in.job_title
    LEFT JOIN workforce_team team ON team.name = come_in.department
    LEFT JOIN floor_person known ON known.source = %(source)s AND known.source_id = come_in.manager_source_id
    LEFT JOIN come_in arriving ON arriving.source_id = come_in.manager_source_id
) come ON here.source = %(source)s AND here.source_id = come.source_id
WHEN MATCHED AND {ALIKE} IS DISTINCT FROM {ALSO} THEN UPDATE SET
    {", ".join(f"{name} = come.{name}" for name in KEPT)},
    job_title_id = come.job_title_id, team_id = come.team_id, manager_id = come.manager_id
WHEN NOT MATCHED THEN INSERT (id, version, source, {", ".join(KEPT)}, job_title_id, team_id, manager_id)
    VALUES (come.id, 1, %(source)s, {", ".join(f"come.{name}" for name in KEPT)}, come.job_title_id,
        come.team_id, come.manager_id)
"""


def people(count: int, *, changed: int = 0) -> Iterator[dict[str, Any]]:
    """Everybody reports to somebody, ten to one; every `changed`-th has moved."""
    for n in range(count):
        yield {
            "source_id": f"E{n}",
            "employee_number": f"N{n}",
            "work_email": f"given{n}.family{n % 5000}@northmoor.example",
            "given_name": f"Given{n}",
            "family_name": f"Family{n % 5000}",
            "display_name": f"Given{n} Family{n % 5000}",
            "job_title": f"Title {n % 600}",
            "manager_source_id": f"E{(n - 1) // 10}" if n else "",
            "department": f"Department {n % 90}",
            "location": "York" if changed and n % changed == 0 else f"Town {n % 40}",
            "employment_type": "full_time",
            "status": "active",
            "start_date": f"20{n % 24:02}-{n % 12 + 1:02}-{n % 28 + 1:02}",
            "end_date": None,
            "updated_at": "2026-11-02T02:26:00Z" if changed and n % changed == 0 else "2026-11-01T02:26:00Z",
        }


def in_pages(rows: Iterable[dict[str, Any]]) -> Iterator[list[dict[str, Any]]]:
    rows = iter(rows)
    while page := list(islice(rows, PAGE)):
        yield page


def sent(source: str, rows: Iterable[dict[str, Any]], by: Account) -> Run:
    """A snapshot with all its pages, ready to be closed."""
    run = actions.open_run(source, mode="snapshot", by=by)
    for page in in_pages(rows):
        actions.add_page(run, page, by=by)
    return run


def lines_of(run: Run) -> bytes:
    return "".join(run.pages.values_list("content", flat=True)).encode()


@transaction.atomic
def by_hand(source: str, lines: bytes) -> None:
    with connection.cursor() as cursor:
        cursor.execute(STAGE)
        cursor.copy_expert(f"COPY come_in (given, {', '.join(FIELDS)}) FROM STDIN", io.BytesIO(lines))
        cursor.execute("ANALYZE come_in")
        cursor.execute(MERGE, {"source": source})


def through_the_product(run: Run, by: Account) -> None:
    actions.close_run(run, by=by)
    runs.apply_run(run.pk)


def measured(size: int, by: Account) -> bool:
    """First load, the same again, and one in a hundred changed; twice, each beside its floor."""
    ours: dict[str, float] = {}
    floor: dict[str, float] = {}
    for turn in ("a", "b"):
        for what, facts in (("first", {}), ("unchanged", {}), ("1 % changed", {"changed": 100})):
            run = sent(turn, people(size, **facts), by)
            lines = lines_of(run)
            floor[what] = min(floor.get(what, 9e9), seconds(lambda: by_hand(turn, lines)))  # noqa: B023
            ours[what] = min(ours.get(what, 9e9), seconds(lambda: through_the_product(run, by)))  # noqa: B023
            check(run, what, size)
    kept = [
        ground.compare(f"{size:,} people, {what}", ours=ours[what], floor=floor[what], limit=limit)
        for what, limit in LIMITS.items()
    ]
    return all(kept)


def check(run: Run, what: str, size: int) -> None:
    """A figure counts only if the work was done."""
    run.refresh_from_db()
    done = {"first": "created", "unchanged": "unchanged", "1 % changed": "updated"}[what]
    expected = -(-size // 100) if done == "updated" else size
    if run.state != "applied" or run.counts[done] != expected:
        raise SystemExit(f"{what}: {run.state} {run.counts} {run.failure}")


def main() -> bool:
    kept = []
    for size in SIZES:
        with ground.database("people"):
            by = Account.objects.create_user("bench@example.com", full_name="Bench", roles=[Role.PEOPLE_ADMIN])
            with connection.cursor() as cursor:
                cursor.execute(FLOOR_TABLE)
            kept.append(measured(size, by))
    return all(kept)
