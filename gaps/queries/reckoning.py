"""What every figure about people and requirements is put together from: the SQL twins of `gaps.arithmetic`.

Each part is a common table expression or an expression; `gaps`, `summing`, `cover` and `roles` compose them. The tables
they read may be exchanged for what was true on a past day (`past`) or for what would be true (`cover.WhatIf`).
"""

import datetime as dt
from collections.abc import Collection
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from django.utils import timezone

from gaps.arithmetic import ENOUGH_TRUST, GATE
from workforce.models import Person

# So few people have few roles, whose needs are then looked up one role after the other.
FEW = 200
# For so long something new or changed is named as the reason of a gap: as long as the best evidence lasts.
NEWS_FOR = dt.timedelta(days=365)
# What a role needs from its first days on is how it began, not a change.
BEGINNING = dt.timedelta(days=30)


@dataclass(frozen=True)
class Whose:
    """Whose figures are wanted: these people's, a team's, a role's, or everybody's. All that is said holds."""

    people: Collection[UUID] | None = None
    team: UUID | None = None
    job_role: UUID | None = None

    @property
    def are_few(self) -> bool:
        return self.people is not None and len(self.people) <= FEW

    def where(self) -> str:
        """Conditions on `person` and `title`."""
        said = ["person.status = ANY (%(at_work)s)"]
        if self.people is not None:
            said.append("person.id = ANY (%(people)s::uuid[])")
        if self.team:
            said.append("person.team_id = %(team)s")
        if self.job_role:
            said.append("title.job_role_id = %(job_role)s")
        return " AND ".join(said)

    def values(self) -> dict[str, Any]:
        return {
            "at_work": [str(status) for status in Person.Status.at_work()],
            "people": None if self.people is None else [str(pk) for pk in self.people],
            "team": self.team and str(self.team),
            "job_role": self.job_role and str(self.job_role),
        }


EVERYBODY = Whose()


def moments(today: dt.date | None = None) -> dict[str, Any]:
    """The days that the parts below refer to."""
    day = today or timezone.localdate()
    return {"today": day, "news_since": day - NEWS_FOR, "news_for": NEWS_FOR.days, "beginning": BEGINNING}


def enough_trust(criticality: str) -> str:
    """Twin of `arithmetic.trust_needed`."""
    cases = " ".join(f"WHEN {criticality} >= {least} THEN {trust}" for least, trust in ENOUGH_TRUST)
    return f"(CASE {cases} END)"


def is_met(need: str, level: str, trust: str) -> str:
    """Twin of `arithmetic.is_met`; never null."""
    return f"coalesce({level} >= {need}.level AND {trust} >= {enough_trust(f'{need}.criticality')}, false)"


def reached(need: str, level: str, *, required: str = "level") -> str:
    """Twin of `arithmetic.share_of` times criticality, in twelfths: whole numbers, since a required level is 1 to 4."""
    asked = f"{need}.{required}"
    return f"({need}.criticality * least(coalesce({level}, 0), {asked}) * (12 / {asked}))"


CLOSES_THE_GATE = f">= {GATE}"

# Who, in which role, on the way to which. `position_since` is null where nobody told us.
PEOPLE = """
whose AS (
    SELECT person.id AS person_id, person.display_name, person.team_id, person.end_date, title.job_role_id,
        goal.job_role_id AS target_id, coalesce(person.position_since, person.start_date) AS position_since
    FROM workforce_person person
    LEFT JOIN workforce_jobtitle title ON title.id = person.job_title_id
    LEFT JOIN gaps_goal goal ON goal.person_id = person.id AND goal.state = 'agreed'
    WHERE {where}
)
"""
# The same, looked up before it is joined: knowing their order, PostgreSQL merges by person all that a team is asked
# with all that it can, skill by skill, where there are many steps.
PEOPLE_FIRST = PEOPLE.replace("AS (", "AS MATERIALIZED (", 1)

# Which skills came to a role after its beginning, and whether that was half of it or more (`arithmetic.has_drifted`).
ROLES = "(SELECT job_role_id FROM whose UNION SELECT target_id FROM whose)"
NEWS_AMONG = """
history AS MATERIALIZED (
    SELECT job_role_id, skill_id, min(since) AS brought_at FROM gaps_requirementperiod
    WHERE job_role_id {own} GROUP BY job_role_id, skill_id
),
beginning AS MATERIALIZED (
    SELECT job_role_id, min(brought_at) + %(beginning)s AS settled_at FROM history GROUP BY job_role_id
),
asked AS MATERIALIZED (
    SELECT requirement.job_role_id, requirement.skill_id, requirement.level, requirement.criticality,
        requirement.is_rated, requirement.steps, requirement.asked_since,
        requirement.asked_since > settled_at AND requirement.asked_since >= %(news_since)s AS is_fresh,
        brought_at > settled_at AND brought_at >= %(news_since)s AS is_brought
    FROM gaps_requirement requirement
    LEFT JOIN history USING (job_role_id, skill_id)
    LEFT JOIN beginning USING (job_role_id)
    WHERE requirement.job_role_id {among}
),
drift AS MATERIALIZED (
    SELECT job_role_id FROM asked GROUP BY job_role_id
    HAVING 2 * coalesce(sum(criticality) FILTER (WHERE is_brought), 0) >= sum(criticality)
)
"""
OWN_ROLES = "(SELECT job_role_id FROM whose)"
NEWS = NEWS_AMONG.format(own=f"IN {OWN_ROLES}", among=f"IN {ROLES}")
# Told that they are few, PostgreSQL goes by an index; otherwise it reads what every role there is needs.
NEWS_OF_FEW = NEWS_AMONG.format(own=f"= ANY (ARRAY{OWN_ROLES})", among=f"= ANY (ARRAY{ROLES})")


def news_for(whose: Whose) -> str:
    return NEWS_OF_FEW if whose.are_few else NEWS


# The roles of these people, without the people: of many, a table `whose` that is read twice would be laid down first.
OWN = """
own AS MATERIALIZED (
    SELECT DISTINCT title.job_role_id
    FROM workforce_person person JOIN workforce_jobtitle title ON title.id = person.job_title_id
    WHERE title.job_role_id IS NOT NULL AND {where}
)
"""
IN_OWN = "= ANY (ARRAY(SELECT job_role_id FROM own))"
NEWS_OF_OWN = NEWS_AMONG.format(own=IN_OWN, among=IN_OWN)


# All that is read of a standing to count it; its key has these beside it, in the index.
READ = "skill_id, level, trust, changed_step_id, level_there, trust_there"
# What counts of a standing for one requirement. Evidence from a step that was changed since does not count *there*: for
# a role that asks at other steps as well, both must hold, so the lower of the two is what the person has.
COUNTED = """
CROSS JOIN LATERAL (
    SELECT CASE
            WHEN changed.step_id IS NULL THEN standing.level
            WHEN need.steps = 1 THEN standing.level_there
            WHEN standing.level IS NOT NULL AND standing.level_there IS NOT NULL
                THEN least(standing.level, standing.level_there)
        END AS level,
        CASE
            WHEN changed.step_id IS NULL THEN standing.trust
            WHEN need.steps = 1 THEN standing.trust_there
            WHEN standing.trust IS NOT NULL AND standing.trust_there IS NOT NULL
                THEN least(standing.trust, standing.trust_there)
        END AS trust
) counted
"""
# Looked up by the changed step, of which there seldom is one; by skill or role PostgreSQL would look for each of them.
CHANGED = """
LEFT JOIN gaps_need changed ON changed.step_id = standing.changed_step_id
    AND changed.skill_id IS NOT DISTINCT FROM need.skill_id
    AND changed.job_role_id IS NOT DISTINCT FROM need.job_role_id
"""
STANDING = f"""
LEFT JOIN gaps_standing standing ON standing.person_id = whose.person_id AND standing.skill_id = need.skill_id {CHANGED}
"""


def asked_in(of: str) -> str:
    """Whether the role of `of` needs its skill at a step of %(workflow)s."""
    return f"""EXISTS (
    SELECT FROM gaps_need here JOIN workflows_step step ON step.id = here.step_id
    WHERE here.job_role_id = {of}.job_role_id AND here.skill_id = {of}.skill_id AND step.workflow_id = %(workflow)s
)"""


def step_that_asks(of: str, *, first: str = "") -> str:
    """The most critical step by which the role of `of` needs its skill; what `first` says goes before that."""
    return f"""
LEFT JOIN LATERAL (
    SELECT step.id, step.name, step.workflow_id, step.revised_at FROM gaps_need need
    JOIN workflows_step step ON step.id = need.step_id
    WHERE need.job_role_id = {of}.job_role_id AND need.skill_id = {of}.skill_id
    ORDER BY {first} need.criticality DESC, need.level DESC, step.position, step.id LIMIT 1
) step ON TRUE
"""
