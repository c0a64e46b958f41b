"""The ten facts of what surrounds programmes, for each team and workflow: one statement, whatever their number.

What tables tell is derived here and nowhere else; what none tells for certain, people say (`Arrangement`, `Talk`).
"""

import datetime as dt
import re
from collections.abc import Collection
from typing import Any, NamedTuple
from uuid import UUID

from django.db import connection
from django.db.models.expressions import RawSQL
from django.utils import timezone

from performance_support.models import Fact
from performance_support.queries.serving import SERVES
from workforce.models import Person

# `day`: what must hold then; before the first day that is the first day.
FACTS = f"""
WITH RECURSIVE asked AS (
    SELECT id AS programme_id, starts_on, ends_on, greatest(starts_on, %(today)s) AS day
    FROM performance_support_programme WHERE retired_at IS NULL AND {{which}}
),
work AS MATERIALIZED (
    SELECT DISTINCT named.programme_id, step.workflow_id, step.id AS step_id, step.position FROM (
        SELECT programme_id, step_id FROM performance_support_programme_steps
        UNION
        SELECT programme_id, context.step_id
        FROM performance_support_programme_skills JOIN skills_context context USING (skill_id)
    ) named
    JOIN asked USING (programme_id)
    JOIN workflows_step step ON step.id = named.step_id AND step.retired_at IS NULL
    JOIN workflows_workflow workflow ON workflow.id = step.workflow_id AND workflow.retired_at IS NULL
),
spot AS MATERIALIZED (
    SELECT programme_id, workflow_id, step_id, NULL::uuid AS skill_id FROM work
    UNION
    SELECT work.programme_id, work.workflow_id, NULL, need.skill_id FROM work JOIN gaps_need need USING (step_id)
),
learner AS MATERIALIZED (
    SELECT participant.programme_id, participant.id AS participant_id, participant.goal, person.id AS person_id,
        person.team_id, person.manager_id, title.job_role_id
    FROM performance_support_participant participant
    JOIN asked USING (programme_id)
    JOIN workforce_person person ON person.id = participant.person_id AND person.status = ANY (%(at_work)s)
    LEFT JOIN workforce_jobtitle title ON title.id = person.job_title_id
    WHERE {{whose}}
),
chain (person_id, manager_id) AS (
    SELECT person_id, manager_id FROM learner WHERE manager_id IS NOT NULL
    UNION
    SELECT chain.person_id, boss.manager_id
    FROM chain JOIN workforce_person boss ON boss.id = chain.manager_id WHERE boss.manager_id IS NOT NULL
),
served AS MATERIALIZED (
    SELECT DISTINCT serves.step_id, resource.kind FROM ({SERVES}) serves
    JOIN performance_support_resource resource ON resource.id = serves.resource_id
    WHERE resource.state IN ('verified', 'stale') AND serves.step_id IN (SELECT step_id FROM work)
),
helped AS (
    SELECT programme_id, workflow_id, count(DISTINCT kind) AS kinds,
        count(DISTINCT work.step_id) FILTER (WHERE kind IS NULL) AS helpless,
        (array_agg(work.step_id ORDER BY kind IS NOT NULL, position, work.step_id))[1] AS at_step
    FROM work LEFT JOIN served USING (step_id) GROUP BY programme_id, workflow_id
),
each AS MATERIALIZED (
    SELECT learner.*, helped.workflow_id,
        NOT EXISTS (
            SELECT FROM chain JOIN performance_support_timegrant granted USING (manager_id)
            WHERE chain.person_id = learner.person_id AND granted.since <= asked.day
            AND (granted.until IS NULL OR granted.until >= asked.day)
        ) AS no_time,
        NOT EXISTS (
            SELECT FROM performance_support_talk talk
            WHERE talk.participant_id = learner.participant_id AND talk.moment = 'before'
        ) OR asked.ends_on < %(today)s AND NOT EXISTS (
            SELECT FROM performance_support_talk talk
            WHERE talk.participant_id = learner.participant_id AND talk.moment = 'after'
        ) AS no_talk,
        NOT EXISTS (
            SELECT FROM work JOIN workflows_step step ON step.id = work.step_id
            WHERE work.programme_id = learner.programme_id AND work.workflow_id = helped.workflow_id
            AND step.performed_by_id = learner.job_role_id
        ) AS no_chance,
        NOT EXISTS (
            SELECT FROM gaps_evidence evidence JOIN work ON work.step_id = evidence.step_id
            WHERE evidence.person_id = learner.person_id AND evidence.type = 'accepted'
            AND work.programme_id = learner.programme_id AND work.workflow_id = helped.workflow_id
            AND evidence.observed_at >= asked.starts_on
            AND NOT EXISTS (SELECT FROM gaps_withdrawal gone WHERE gone.evidence_id = evidence.id)
        ) AS no_feedback,
        learner.goal = '' AND NOT EXISTS (
            SELECT FROM gaps_goal goal JOIN workforce_account account ON account.id = goal.proposed_by_id
            WHERE goal.person_id = learner.person_id AND account.person_id = learner.person_id
            AND goal.state IN ('proposed', 'agreed')
        ) AS no_goal
    FROM learner JOIN asked USING (programme_id) JOIN helped USING (programme_id)
),
cell AS (
    SELECT programme_id, team_id, workflow_id, count(*) AS people,
        count(*) FILTER (WHERE no_time) AS no_time, count(*) FILTER (WHERE no_talk) AS no_talk,
        count(*) FILTER (WHERE no_chance) AS no_chance, count(*) FILTER (WHERE no_feedback) AS no_feedback,
        count(*) FILTER (WHERE no_goal) AS no_goal
    FROM each GROUP BY programme_id, team_id, workflow_id
),
asking AS (
    SELECT cell.*, helped.kinds, helped.helpless, helped.at_step,
        EXISTS (
            SELECT FROM spot JOIN performance_support_champion champion
                ON champion.step_id = spot.step_id OR champion.skill_id = spot.skill_id
            JOIN workforce_account account ON account.id = champion.account_id AND account.is_active
            WHERE champion.state = 'accepted' AND spot.programme_id = cell.programme_id
            AND spot.workflow_id = cell.workflow_id AND NOT EXISTS (
                SELECT FROM learner
                WHERE learner.programme_id = cell.programme_id AND learner.person_id = account.person_id
            )
        ) AS has_champion,
        EXISTS (
            SELECT FROM spot
            LEFT JOIN performance_support_community_steps at_step ON at_step.step_id = spot.step_id
            LEFT JOIN performance_support_community_skills for_skill ON for_skill.skill_id = spot.skill_id
            JOIN performance_support_community community
                ON community.id IN (at_step.community_id, for_skill.community_id) AND community.retired_at IS NULL
            WHERE spot.programme_id = cell.programme_id AND spot.workflow_id = cell.workflow_id
        ) OR EXISTS (
            SELECT FROM spot
            LEFT JOIN performance_support_cohort_steps at_step ON at_step.step_id = spot.step_id
            LEFT JOIN performance_support_cohort_skills for_skill ON for_skill.skill_id = spot.skill_id
            JOIN performance_support_cohort cohort
                ON cohort.id IN (at_step.cohort_id, for_skill.cohort_id) AND cohort.retired_at IS NULL
                AND cohort.ends_on >= %(today)s
            JOIN performance_support_member member ON member.cohort_id = cohort.id AND member.state = 'joined'
            JOIN workforce_account account ON account.id = member.account_id AND account.is_active
            JOIN learner ON learner.person_id = account.person_id AND learner.programme_id = cell.programme_id
                AND learner.team_id IS NOT DISTINCT FROM cell.team_id
            WHERE spot.programme_id = cell.programme_id AND spot.workflow_id = cell.workflow_id
        ) AS has_peers
    FROM cell JOIN helped USING (programme_id, workflow_id)
)
SELECT asking.programme_id, asking.team_id, asking.workflow_id, fact.name AS fact,
    fact.lacking = 0 OR arranged.id IS NOT NULL AS holds, fact.lacking, asking.people, asking.at_step,
    coalesce(team.name, '') AS team_name, workflow.name AS workflow_name, coalesce(arranged.words, '') AS words,
    coalesce(said_by.full_name, '') AS noted_by, arranged.noted_at
FROM asking
CROSS JOIN LATERAL (VALUES
    (1, 'champion', CASE WHEN has_champion THEN 0 ELSE 1 END), (2, 'peers', CASE WHEN has_peers THEN 0 ELSE 1 END),
    (3, 'reach', helpless), (4, 'modality', greatest(2 - kinds, 0)), (5, 'time', no_time), (6, 'talk', no_talk),
    (7, 'chance', no_chance), (8, 'practice', 1), (9, 'feedback', no_feedback), (10, 'goal', no_goal)
) fact (position, name, lacking)
JOIN workflows_workflow workflow ON workflow.id = asking.workflow_id
LEFT JOIN workforce_team team ON team.id = asking.team_id
LEFT JOIN performance_support_arrangement arranged ON arranged.programme_id = asking.programme_id
    AND arranged.team_id IS NOT DISTINCT FROM asking.team_id AND arranged.workflow_id = asking.workflow_id
    AND arranged.fact = fact.name
LEFT JOIN workforce_account said_by ON said_by.id = arranged.noted_by_id
"""
IN_ORDER = "ORDER BY team.name NULLS LAST, workflow.name, workflow.id, fact.position"


class Found(NamedTuple):
    """One fact for one team and workflow. `lacking`: how many people, steps or kinds of help it is short of."""

    programme: UUID
    team: UUID | None
    workflow: UUID
    fact: str
    holds: bool
    lacking: int
    people: int
    # Where to begin: the first step without help, otherwise the first step.
    at_step: UUID
    team_name: str
    workflow_name: str
    words: str
    noted_by: str
    noted_at: dt.datetime | None

    @property
    def title(self) -> str:
        return str(Fact(self.fact).label)

    @property
    def place(self) -> str:
        return f"{self.team_name or 'No team'}, {self.workflow_name}"


def facts(programmes: Collection[UUID], *, people: Collection[UUID] | None = None) -> list[Found]:
    """All facts of all these programmes; of `people` only, where a manager sees no others."""
    values = {**of_today(), "programmes": [str(pk) for pk in programmes]}
    if people is not None:
        values["people"] = [str(pk) for pk in people]
    query = FACTS.format(
        which="id = ANY (%(programmes)s::uuid[])",
        whose="TRUE" if people is None else "person.id = ANY (%(people)s::uuid[])",
    )
    with connection.cursor() as cursor:
        cursor.execute(f"{query} {IN_ORDER}", values)
        return [Found(*row) for row in cursor.fetchall()]


def of_today() -> dict[str, Any]:
    return {"today": timezone.localdate(), "at_work": [str(status) for status in Person.Status.at_work()]}


def without_something() -> RawSQL:
    """The programmes of which at least one fact does not hold, for `pk__in`."""
    query, values = FACTS.format(which="TRUE", whose="TRUE"), of_today()
    # A raw expression takes its values in their order, not by name.
    named = re.compile(r"%\((\w+)\)s")
    ordered = [values[name] for name in named.findall(query)]
    failing = f"SELECT programme_id FROM ({named.sub('%s', query)}) found WHERE NOT holds"
    return RawSQL(failing, ordered)  # noqa: S611 # composed of constants; values are parameters
