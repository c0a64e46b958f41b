"""Whom one can ask at a step, and what colleagues have learnt there: one query each, only where the page shows it."""

import datetime as dt
from functools import cached_property
from typing import Any, NamedTuple
from uuid import UUID

from django.utils import timezone

from base.rows import Statement
from workflows.models import Step
from workforce.models import Account, Person

# So many peers are named.
NAMED = 3
# Observed, accepted by the receiver, certified, or the word of a manager or a peer; nobody's own view.
TRUSTED = 50
FULL_STANDARD = 3
# For a skill that is needed there; an array, so that an index finds it.
NEEDED = "ANY (ARRAY(SELECT skill_id FROM skills_context WHERE step_id = %(step)s::uuid))"


class Asked(NamedTuple):
    """A champion. `skill`: for which skill, "" where it is for the step itself."""

    pk: UUID
    account: UUID
    name: str
    email: str
    skill: str
    available_when: str


class Circle(NamedTuple):
    """A community."""

    pk: UUID
    name: str
    meets: str
    url: str


class Group(NamedTuple):
    """A cohort that runs, and who has joined."""

    pk: UUID
    name: str
    meets: str
    ends_on: dt.date
    learners: list[str]


class Peer(NamedTuple):
    """Somebody who meets every skill of the step to the full standard."""

    person: UUID
    name: str
    email: str
    level: int


class Said(NamedTuple):
    """A tip. `voices`: how many it helped; `is_mine`: whether it helped this person."""

    pk: UUID
    text: str
    written_at: dt.datetime
    author: UUID
    name: str
    voices: int
    is_mine: bool


CHAMPIONS = Statement(f"""
SELECT champion.id, account.id, account.full_name, account.email, coalesce(skill.statement, ''), champion.available_when
FROM performance_support_champion champion
JOIN workforce_account account ON account.id = champion.account_id AND account.is_active
LEFT JOIN skills_skill skill ON skill.id = champion.skill_id
WHERE champion.state = 'accepted' AND (champion.step_id = %(step)s::uuid OR champion.skill_id = {NEEDED})
ORDER BY champion.skill_id IS NOT NULL, account.full_name, champion.id
""")
CIRCLES = Statement(f"""
SELECT id, name, meets, url FROM performance_support_community
WHERE retired_at IS NULL AND id IN (
    SELECT community_id FROM performance_support_community_steps WHERE step_id = %(step)s::uuid
    UNION SELECT community_id FROM performance_support_community_skills WHERE skill_id = {NEEDED}
)
ORDER BY name
""")
GROUPS = Statement(f"""
SELECT id, name, meets, ends_on, ARRAY(
    SELECT account.full_name FROM performance_support_member member
    JOIN workforce_account account ON account.id = member.account_id AND account.is_active
    WHERE member.cohort_id = cohort.id AND member.state = 'joined' ORDER BY account.full_name, account.id
)
FROM performance_support_cohort cohort
WHERE retired_at IS NULL AND starts_on <= %(today)s::date AND ends_on >= %(today)s::date AND id IN (
    SELECT cohort_id FROM performance_support_cohort_steps WHERE step_id = %(step)s::uuid
    UNION SELECT cohort_id FROM performance_support_cohort_skills WHERE skill_id = {NEEDED}
)
ORDER BY ends_on, id
""")
TIPS = Statement("""
SELECT tip.id, tip.text, tip.written_at, tip.written_by_id, account.full_name, helped.voices, helped.is_mine
FROM performance_support_tip tip JOIN workforce_account account ON account.id = tip.written_by_id
CROSS JOIN LATERAL (
    SELECT count(*) AS voices, coalesce(bool_or(voted_by_id = %(by)s::uuid), false) AS is_mine
    FROM performance_support_tipvote WHERE tip_id = tip.id
) helped
WHERE tip.step_id = %(step)s::uuid AND tip.retired_at IS NULL AND tip.resource_id IS NULL
ORDER BY helped.voices DESC, tip.written_at
""")
# Of those who meet the skill that the fewest steps need, each is looked at skill by skill, up to the first that they do
# not meet: far fewer than all who stand somewhere in any of them. OFFSET 0 keeps the planner to that order.
THERE = "CASE WHEN {0}.changed_step_id = %(step)s::uuid THEN {0}.level_there ELSE {0}.level END"
TRUST = "CASE WHEN {0}.changed_step_id = %(step)s::uuid THEN {0}.trust_there ELSE {0}.trust END"
MEETS = f"({THERE} >= %(standard)s::int AND {TRUST} >= %(trusted)s::int)"
PEERS = Statement(f"""
WITH asked AS MATERIALIZED (
    SELECT need.skill_id, (SELECT count(*) FROM gaps_need same WHERE same.skill_id = need.skill_id) AS uses
    FROM gaps_need need WHERE need.step_id = %(step)s::uuid
),
able AS MATERIALIZED (
    SELECT first.person_id FROM gaps_standing first
    WHERE first.skill_id = (SELECT skill_id FROM asked ORDER BY uses, skill_id LIMIT 1) AND {MEETS.format("first")}
    AND first.person_id IS DISTINCT FROM %(without)s::uuid
    AND NOT EXISTS (
        SELECT FROM asked LEFT JOIN gaps_standing held
            ON held.person_id = first.person_id AND held.skill_id = asked.skill_id
        WHERE {MEETS.format("held")} IS NOT TRUE
        OFFSET 0
    )
)
SELECT person.id, person.display_name, coalesce(person.work_email, ''), lowest.level
FROM able
CROSS JOIN LATERAL (
    SELECT id, display_name, work_email, status FROM workforce_person WHERE id = able.person_id OFFSET 0
) person
CROSS JOIN LATERAL (
    SELECT min({THERE.format("held")}) AS level
    FROM asked JOIN gaps_standing held ON held.person_id = able.person_id AND held.skill_id = asked.skill_id
) lowest
WHERE person.status = ANY (%(here)s::text[])
-- Champions are named before them.
AND person.id NOT IN (
    SELECT account.person_id FROM performance_support_champion champion
    JOIN workforce_account account ON account.id = champion.account_id AND account.person_id IS NOT NULL
    WHERE champion.state = 'accepted'
    AND (champion.step_id = %(step)s::uuid OR champion.skill_id = ANY (ARRAY(SELECT skill_id FROM asked)))
)
ORDER BY lowest.level DESC, person.display_name, person.id LIMIT %(named)s::int
""")


class Colleagues:
    """For one page; each is asked for when the page comes to it."""

    def __init__(self, step: Step, *, by: Account) -> None:
        self.step, self.by = step, by

    @cached_property
    def champions(self) -> list[Asked]:
        """Who said yes and still works here: for the step itself, then for a skill that is needed there."""
        return [Asked(*row) for row in self.rows(CHAMPIONS)]

    @cached_property
    def communities(self) -> list[Circle]:
        return [Circle(*row) for row in self.rows(CIRCLES)]

    @cached_property
    def cohorts(self) -> list[Group]:
        """Which run today."""
        return [Group(*row) for row in self.rows(GROUPS, today=timezone.localdate())]

    @cached_property
    def peers(self) -> list[Peer]:
        return peers_at(self.step, without=self.by.person_id)

    @cached_property
    def tips(self) -> list[Said]:
        """Not yet a resource, the most helpful first."""
        return [Said(*row) for row in self.rows(TIPS, by=str(self.by.pk))]

    def rows(self, statement: Statement, **facts: Any) -> list[tuple[Any, ...]]:
        return statement.rows(step=str(self.step.pk), **facts)


def peers_at(step: Step, *, without: UUID | None) -> list[Peer]:
    """Whom one can ask, the ablest first; never how anybody else stands."""
    facts: dict[str, Any] = {
        "step": str(step.pk),
        "standard": FULL_STANDARD,
        "trusted": TRUSTED,
        "without": without and str(without),
        "here": [*Person.Status.at_work()],
        "named": NAMED,
    }
    return [Peer(*row) for row in PEERS.rows(**facts)]
