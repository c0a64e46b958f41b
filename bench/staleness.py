"""What turns stale among a million resources, beside the plain SQL that finds and turns the same ones.

`BENCH_RESOURCES` shrinks it. Both begin from the same night, and each is undone before the other.
"""

import os
from uuid import UUID

from django.db import connection, transaction

from bench import ground
from bench.ground import seconds
from performance_support import settling
from workflows import actions as work
from workforce.models import Account, Role

RESOURCES = int(os.environ.get("BENCH_RESOURCES", "1000000"))
WORKFLOWS, STEPS, TRIES = 25, 8, 3
# One in fifty is due today, one in fifty serves a step that was revised; the rest stays as it is.
FILL = """
INSERT INTO performance_support_resource (
    kind, title, text, owner_id, created_by_id, state, verified_at, verified_by_id, due_on
)
SELECT 'job_aid', 'Help ' || n, 'Read this.', %(by)s, %(by)s, 'verified',
    now() - CASE WHEN n %% 50 = 0 THEN interval '61 days' ELSE interval '10 days' END, %(by)s,
    ((now() - CASE WHEN n %% 50 = 0 THEN interval '61 days' ELSE interval '10 days' END) AT TIME ZONE 'UTC')::date + 60
FROM generate_series(1, %(resources)s) n
"""
PLACE = """
INSERT INTO performance_support_placement (resource_id, step_id, moments, placed_by_id)
SELECT id, (%(steps)s::uuid[])[1 + row_number() OVER (ORDER BY id) %% %(many)s], '{applying}', %(by)s
FROM performance_support_resource
"""
MEET = """
INSERT INTO performance_support_verifiedstep (resource_id, step_id, revision)
SELECT placement.resource_id, placement.step_id, step.revision
FROM performance_support_placement placement JOIN workflows_step step ON step.id = placement.step_id
"""
# As if the work had been revised since: every fiftieth step.
REVISE = """
UPDATE performance_support_verifiedstep SET revision = revision - 1 WHERE step_id = ANY (%(steps)s::uuid[])
"""
TABLES = ["resource", "placement", "verifiedstep"]
# What somebody would write who needs this night's answer and no other: the date anew from the step served, every
# reason that design section 7 names, and what has one turned, once.
PLAIN = """
WITH served AS (
    SELECT placement.resource_id, max(step.criticality) AS criticality,
        bool_or(step.revision > verified.revision) AS moved
    FROM (
        SELECT resource_id, step_id FROM performance_support_placement WHERE step_id IS NOT NULL
        UNION ALL
        SELECT resource_id, context.step_id FROM performance_support_placement
        JOIN skills_context context USING (skill_id)
        UNION ALL
        SELECT resource_id, produced_by_id FROM performance_support_placement placement
        JOIN workflows_outcome outcome ON outcome.id = placement.outcome_id WHERE outcome.retired_at IS NULL
    ) placement
    JOIN workflows_step step ON step.id = placement.step_id AND step.retired_at IS NULL
    JOIN workflows_workflow workflow ON workflow.id = step.workflow_id AND workflow.retired_at IS NULL
    LEFT JOIN performance_support_verifiedstep verified
        ON verified.resource_id = placement.resource_id AND verified.step_id = placement.step_id
    GROUP BY placement.resource_id
), down AS (
    SELECT resource_id FROM performance_support_vote vote JOIN performance_support_resource resource
        ON resource.id = vote.resource_id AND resource.content_version = vote.content_version
    WHERE NOT worked AND voted_at > verified_at GROUP BY resource_id HAVING count(*) >= 2
), broken AS (
    SELECT DISTINCT leads.resource_id FROM performance_support_resource_links leads
    JOIN performance_support_link link ON link.id = leads.link_id WHERE link.state = 'broken'
), left_us AS (
    SELECT account.id FROM workforce_account account LEFT JOIN workforce_person person ON person.id = account.person_id
    WHERE NOT account.is_active OR person.status = 'inactive'
), found AS (
    SELECT resource.id, array_remove(ARRAY[
        CASE WHEN broken.resource_id IS NOT NULL THEN 'link_broken' END,
        CASE WHEN left_us.id IS NOT NULL THEN 'owner_left' END,
        CASE WHEN (verified_at AT TIME ZONE 'UTC')::date + CASE
            WHEN criticality >= 6 THEN 30 WHEN criticality = 5 THEN 60 WHEN criticality >= 3 THEN 90 ELSE 180 END
            <= current_date THEN 'review_due' END,
        CASE WHEN served.moved THEN 'step_changed' END,
        CASE WHEN down.resource_id IS NOT NULL THEN 'voted_down' END
    ], NULL)::varchar[] AS codes
    FROM performance_support_resource resource
    LEFT JOIN served ON served.resource_id = resource.id LEFT JOIN down ON down.resource_id = resource.id
    LEFT JOIN broken ON broken.resource_id = resource.id LEFT JOIN left_us ON left_us.id = resource.owner_id
    WHERE state IN ('verified', 'stale')
), turned AS (
    UPDATE performance_support_resource resource
    SET state = 'stale', stale_since = coalesce(stale_since, now()), stale_because = codes, version = version + 1
    FROM found WHERE found.id = resource.id AND codes <> '{}' AND codes <> stale_because
    RETURNING resource.id, title, stale_because
)
INSERT INTO base_change (by, by_name, verb, noun, subject, name, scope, facts)
SELECT %(by)s, 'Bench', 'turn_stale', 'resource', id, title, id,
    jsonb_build_object('stale_because', jsonb_build_array(NULL, to_jsonb(stale_because)))
FROM turned RETURNING subject
"""


def fill(by: Account) -> None:
    steps = []
    for n in range(WORKFLOWS):
        workflow = work.add_workflow(f"Workflow {n}", by=by)
        steps += [str(work.add_step(workflow, name=f"Do {m}", criticality=5, by=by).pk) for m in range(STEPS)]
    facts = {"by": str(by.pk), "resources": RESOURCES, "steps": steps, "many": len(steps)}
    with connection.cursor() as cursor:
        for statement in (FILL, PLACE, MEET):
            cursor.execute(statement, facts)
        cursor.execute(REVISE, {"steps": steps[::50]})
        for table in TABLES:
            cursor.execute(f"VACUUM ANALYZE performance_support_{table}")


def plain(by: Account) -> set[UUID]:
    with connection.cursor() as cursor:
        cursor.execute(PLAIN, {"by": str(by.pk)})
        return {subject for (subject,) in cursor.fetchall()}


def undone(way: str, by: Account) -> tuple[float, set[UUID]]:
    """Seconds for one night, in one transaction that leaves nothing behind, and what turned stale in it."""
    turned: set[UUID] = set()
    with transaction.atomic():
        took = seconds(lambda: turned.update(plain(by) if way == "plain" else settling.settle_everything()))
        transaction.set_rollback(True)
    with connection.cursor() as cursor:
        cursor.execute("VACUUM performance_support_resource")
    return took, turned


def main() -> bool:
    """True when the ratio keeps within its limit."""
    with ground.database("staleness"):
        by = Account.objects.create_user("bench@example.com", full_name="Bench", roles=[Role.DESIGNER])
        fill(by)
        ours, floor = [], []
        for _ in range(TRIES):
            took, plainly = undone("plain", by)
            floor.append(took)
            took, turned = undone("ours", by)
            ours.append(took)
            if turned != plainly or not turned:
                raise SystemExit(f"{len(turned):,} turned stale; by the plain statement {len(plainly):,}")
        print(f"{len(turned):,} of {RESOURCES:,} turned stale, with every reason and a line in the trail")
        return ground.compare("staleness", ours=min(ours), floor=min(floor), limit=2)
