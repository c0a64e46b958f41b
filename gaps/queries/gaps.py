"""The gaps of people: requirement minus standing, with the label, the reason, and the step and outcome behind it."""

import datetime as dt
from collections.abc import Iterable
from dataclasses import dataclass, replace
from typing import Any, NamedTuple
from uuid import UUID

from django.db import connection
from django.utils import formats

from gaps.arithmetic import Effort, Label, Reason, effort_for, kind_of, sentence_for, trust_needed
from gaps.models import Cause
from gaps.queries import since
from gaps.queries.past import at, people_at
from gaps.queries.reckoning import (
    COUNTED,
    EVERYBODY,
    PEOPLE,
    STANDING,
    Whose,
    asked_in,
    is_met,
    news_for,
    step_that_asks,
)

# People whose gaps are looked for at once while a page of everybody's is filled.
AT_ONCE = 40


@dataclass(frozen=True)
class Wanted:
    """Which gaps. `outcome`: asked at a step from which that outcome is downstream. Overruled ones that are none stay
    out unless `overruled` asks for them."""

    whose: Whose = EVERYBODY
    kind: str = ""
    label: str = ""
    skill: UUID | None = None
    step: UUID | None = None
    outcome: UUID | None = None
    workflow: UUID | None = None
    overruled: bool = False
    # Only what may have come or changed at that moment or later.
    since: dt.datetime | None = None

    def where(self) -> str:
        said = ["TRUE" if self.overruled else "told <> 'none'"]
        if self.since:
            said.append(since.gap("labelled"))
        if self.kind:
            said.append("told = ANY (%(labels)s)")
        if self.label:
            said.append("told = %(label)s")
        if self.skill:
            said.append("skill_id = %(skill)s")
        if self.step:
            said.append(ASKED_AT)
        if self.outcome:
            said.append(ASKED_FOR)
        if self.workflow:
            said.append(asked_in("labelled"))
        return " AND ".join(said)

    def values(self) -> dict[str, Any]:
        return {
            "labels": [label.value for label in Label if kind_of(label) == self.kind],
            "label": self.label,
            "skill": self.skill and str(self.skill),
            "step": self.step and str(self.step),
            "outcome": self.outcome and str(self.outcome),
            "workflow": self.workflow and str(self.workflow),
            "since": self.since,
            **self.whose.values(),
        }


ASKED_AT = """EXISTS (
    SELECT FROM gaps_need WHERE gaps_need.job_role_id = labelled.job_role_id AND gaps_need.skill_id = labelled.skill_id
    AND gaps_need.step_id = %(step)s
)"""
ASKED_FOR = """EXISTS (
    SELECT FROM gaps_need JOIN workflows_lineofsight sight USING (step_id)
    WHERE gaps_need.job_role_id = labelled.job_role_id AND gaps_need.skill_id = labelled.skill_id
    AND sight.outcome_id = %(outcome)s
)"""


class Gap(NamedTuple):
    """One skill that one person lacks for the current role, or for the agreed target role."""

    person: UUID
    person_name: str
    skill: UUID
    skill_name: str
    statement: str
    # The role that asks: the current one, or the target where only that one does.
    job_role: UUID
    role_name: str
    target: UUID | None
    target_name: str
    required: int
    criticality: int
    is_rated: bool
    # What counts for it; None: no evidence, or none that still counts.
    level: int | None
    trust: int | None
    # What the person was last said to have, whether it still counts or not.
    evidence: UUID | None
    evidence_type: str
    observed_at: dt.datetime | None
    is_lapsed: bool
    is_outdated: bool
    is_contested: bool
    # The rules' label, and the one that counts after an overrule.
    ruled: Label
    label: Label
    carries_over: bool
    overrule: UUID | None
    overrule_reason: str
    cause: str
    # The most critical step that asks, and the nearest outcome that the skill serves there.
    step: UUID | None
    step_name: str
    workflow: UUID | None
    workflow_name: str
    outcome: UUID | None
    outcome_statement: str
    # Since when the step, as it is now, asks for it; None where it always has.
    changed_at: dt.datetime | None

    @property
    def is_open(self) -> bool:
        return True

    @property
    def kind(self) -> str:
        return kind_of(self.label)

    @property
    def cause_words(self) -> str:
        """What was named as the cause; nothing where nobody has."""
        return str(Cause.Kind(self.cause).label) if self.cause else ""

    @property
    def is_overruled(self) -> bool:
        return self.overrule is not None

    @property
    def trust_needed(self) -> int:
        return trust_needed(self.criticality)

    @property
    def lacks(self) -> str:
        """none, lapsed, outdated, level or trust: what is missing, most telling first."""
        if self.evidence is None:
            return "none"
        if self.is_outdated:
            return "outdated"
        if self.is_lapsed:
            return "lapsed"
        return "level" if (self.level or 0) < self.required else "trust"

    @property
    def effort(self) -> Effort:
        return effort_for(max(0, self.required - (self.level or 0)), unmet=1)

    @property
    def reason(self) -> str:
        """Why it has its label, in a sentence. After an overrule the words of whoever overruled."""
        return self.overrule_reason if self.is_overruled else self.ruled_because

    @property
    def ruled_because(self) -> str:
        """What the rules say, whether overruled or not."""
        role = "" if self.ruled is Label.RESKILL else self.role_name
        day = formats.date_format(self.changed_at, "j F Y") if self.changed_at else ""
        return sentence_for(self.ruled, Reason(role, self.target_name, self.step_name, self.outcome_statement, day))


RULED = Gap._fields.index("ruled")

# Every requirement of everybody's roles with what counts for it. A row of the current role goes before the target's.
JUDGED = f"""
demand AS (
    SELECT whose.person_id, whose.job_role_id, TRUE AS is_current FROM whose WHERE whose.job_role_id IS NOT NULL
    UNION ALL
    SELECT whose.person_id, whose.target_id, FALSE FROM whose WHERE whose.target_id <> whose.job_role_id
    OR whose.target_id IS NOT NULL AND whose.job_role_id IS NULL
),
judged AS (
    SELECT whose.person_id, whose.display_name, whose.job_role_id AS own_role_id, whose.target_id,
        need.job_role_id, need.skill_id, need.level AS required, need.criticality, need.is_rated, demand.is_current,
        counted.level, counted.trust, standing.evidence_id, standing.type, standing.observed_at,
        standing.evidence_id IS NOT NULL AND standing.level IS NULL AS is_lapsed,
        changed.step_id AS changed_step_id, coalesce(standing.is_contested, false) AS is_contested,
        {is_met("need", "counted.level", "counted.trust")} AS is_met,
        demand.is_current AND need.is_fresh IS TRUE
            AND (whose.position_since IS NULL OR whose.position_since <= need.asked_since) AS is_fresh,
        need.is_brought IS TRUE AND drift.job_role_id IS NOT NULL AS is_drift, need.asked_since
    FROM whose JOIN demand USING (person_id)
    JOIN asked need ON need.job_role_id = demand.job_role_id
    LEFT JOIN drift ON drift.job_role_id = need.job_role_id
    {STANDING} {COUNTED}
)
"""

# Twin of `arithmetic.label_for`. A skill that both roles ask for has two rows in `judged` and one here. They are
# counted where they are: looking them up among what either role asks for, PostgreSQL did that anew for every gap, since
# the more roles there are, the fewer rows it expects of some.
LABELLED = """
unmet AS (
    SELECT DISTINCT ON (person_id, skill_id) judged.*,
        is_current AND (changed_step_id IS NOT NULL OR is_fresh) AS is_changed
    FROM (SELECT *, count(*) OVER (PARTITION BY person_id, skill_id) > 1 AS carries_over FROM judged) judged
    WHERE NOT is_met ORDER BY person_id, skill_id, is_current DESC
),
ruled AS (
    SELECT unmet.*, CASE
        WHEN is_changed AND is_fresh AND is_drift THEN 'role_drift'
        WHEN is_changed THEN 'upskill_change'
        WHEN carries_over THEN 'carries_over'
        WHEN is_current THEN 'upskill'
        ELSE 'reskill'
    END AS ruled FROM unmet
),
labelled AS (
    SELECT ruled.*, overrule.id AS overrule_id, coalesce(overrule.reason, '') AS overrule_reason,
        coalesce(overrule.label, ruled.ruled) AS told
    FROM ruled
    LEFT JOIN gaps_overrule overrule ON overrule.person_id = ruled.person_id AND overrule.skill_id = ruled.skill_id
        AND overrule.taken_back_at IS NULL
)
"""

# Names are looked up for the page only. A gap that a change has made is at the step that was changed.
# OFFSET keeps the two looks for each gap apart from the names: PostgreSQL expects four gaps, not hundreds, and would
# read all names anew for each.
NAMED = f"""
SELECT found.person_id, found.display_name, found.skill_id, skill.name, skill.statement, found.job_role_id, role.name,
    found.target_id, coalesce(target.name, ''), found.required, found.criticality, found.is_rated,
    found.level, found.trust, found.evidence_id, coalesce(found.type, ''), found.observed_at, found.is_lapsed,
    found.changed_step_id IS NOT NULL, found.is_contested, found.ruled, found.told, found.carries_over,
    found.overrule_id, found.overrule_reason, coalesce(cause.kind, ''),
    found.step_id, coalesce(found.step_name, ''), workflow.id, coalesce(workflow.name, ''),
    outcome.id, coalesce(outcome.statement, ''),
    CASE WHEN found.changed_step_id IS NOT NULL THEN found.revised_at WHEN found.is_changed THEN found.asked_since END
FROM (
    SELECT found.*, step.id AS step_id, step.name AS step_name, step.workflow_id, step.revised_at, nearest.outcome_id
    FROM found
    {step_that_asks("found", first="(need.step_id = found.changed_step_id) IS TRUE DESC,")}
    LEFT JOIN LATERAL (
        SELECT sight.outcome_id FROM skills_context context
        JOIN workflows_lineofsight sight ON sight.step_id = context.step_id AND sight.outcome_id = context.outcome_id
        WHERE context.skill_id = found.skill_id AND context.step_id = step.id
        ORDER BY sight.distance, sight.outcome_id LIMIT 1
    ) nearest ON TRUE
    OFFSET 0
) found
JOIN skills_skill skill ON skill.id = found.skill_id
JOIN workforce_jobrole role ON role.id = found.job_role_id
LEFT JOIN workforce_jobrole target ON target.id = found.target_id
LEFT JOIN gaps_cause cause ON cause.person_id = found.person_id AND cause.skill_id = found.skill_id
    AND cause.taken_back_at IS NULL
LEFT JOIN workflows_workflow workflow ON workflow.id = found.workflow_id
LEFT JOIN workflows_outcome outcome ON outcome.id = found.outcome_id
"""
BY_WORST = "criticality DESC, display_name, person_id, skill_id"
BY_ID = "person_id, skill_id"


def gaps(wanted: Wanted, *, limit: int | None = None, as_of: dt.date | None = None) -> list[Gap]:
    """The open gaps, most critical first; with `as_of` those at the end of that past day. One query.

    For more than a few hundred people: `page_of`, or `summing`.
    """
    return select(wanted, order=BY_WORST, limit=limit, as_of=as_of)


COUNTED_UP = """
SELECT told, coalesce(cause.kind, ''), count(*) FROM labelled
LEFT JOIN gaps_cause cause ON cause.person_id = labelled.person_id AND cause.skill_id = labelled.skill_id
    AND cause.taken_back_at IS NULL
WHERE {where} GROUP BY 1, 2
"""


class Counts(NamedTuple):
    """How many gaps there are, however many are named. `not_built`: some other cause was found than a lack of skill."""

    upskill: int
    reskill: int
    not_built: int

    @property
    def all(self) -> int:
        return sum(self)


def count(wanted: Wanted, *, as_of: dt.date | None = None) -> Counts:
    """Counted without making a row of each. One query."""
    past, moments = at(as_of, wanted.whose)
    query = f"""
    WITH {past} {PEOPLE.format(where=wanted.whose.where())}, {news_for(wanted.whose)}, {JUDGED}, {LABELLED}
    {COUNTED_UP.format(where=wanted.where())}
    """
    found: dict[str, int] = {}
    with connection.cursor() as cursor:
        cursor.execute(query, {**wanted.values(), **moments})
        for label, cause, number in cursor.fetchall():
            is_built = not cause or cause in Cause.Kind.for_training()
            key = kind_of(Label(label)) if is_built else "not_built"
            found[key] = found.get(key, 0) + number
    return Counts(found.get("upskill", 0), found.get("reskill", 0), found.get("not_built", 0))


def gap_of(person: UUID, skill: UUID, *, as_of: dt.date | None = None) -> Gap | None:
    """One gap, overruled or not; None where there is none."""
    found = gaps(Wanted(Whose(people=[person]), skill=skill, overruled=True), as_of=as_of)
    return found[0] if found else None


def select(
    wanted: Wanted,
    *,
    order: str,
    limit: int | None,
    after: tuple[UUID, UUID] | None = None,
    as_of: dt.date | None = None,
) -> list[Gap]:
    with connection.cursor() as cursor:
        cursor.execute(*asked(wanted, order=order, limit=limit, after=after, as_of=as_of))
        return [read(row) for row in cursor.fetchall()]


def asked(
    wanted: Wanted,
    *,
    order: str = BY_WORST,
    limit: int | None = None,
    after: tuple[UUID, UUID] | None = None,
    as_of: dt.date | None = None,
) -> tuple[str, dict[str, Any]]:
    """The statement and its values; `read` takes a row of it."""
    beyond = "(person_id, skill_id) > (%(after_person)s::uuid, %(after_skill)s::uuid)" if after else "TRUE"
    person, skill = after or (None, None)
    past, moments = at(as_of, wanted.whose)
    query = f"""
    WITH {past} {PEOPLE.format(where=wanted.whose.where())}, {news_for(wanted.whose)}, {JUDGED}, {LABELLED},
    found AS (
        SELECT * FROM labelled WHERE {wanted.where()} AND {beyond} ORDER BY {order} LIMIT %(limit)s
    )
    {NAMED} ORDER BY {", ".join(f"found.{column}" for column in order.split(", "))}
    """
    return query, {
        **wanted.values(),
        **moments,
        "limit": limit,
        "after_person": person and str(person),
        "after_skill": skill and str(skill),
    }


def read(row: tuple[Any, ...]) -> Gap:
    return Gap._make((*row[:RULED], Label(row[RULED]), Label(row[RULED + 1]), *row[RULED + 2 :]))


# --- everybody's, page by page ----------------------------------------------------------------

NEXT_PEOPLE = """
{past} SELECT person.id FROM workforce_person person
LEFT JOIN workforce_jobtitle title ON title.id = person.job_title_id
WHERE {where} AND person.id >= %(first)s::uuid ORDER BY person.id LIMIT %(at_once)s
"""
FIRST_OF_ALL = UUID(int=0)


def page_of(
    wanted: Wanted, *, size: int, after: tuple[UUID, UUID] | None = None, as_of: dt.date | None = None
) -> list[Gap]:
    """Up to `size` gaps beyond (person, skill), in the order of their ids: page 1,000 costs what page 1 does.

    People are taken a few at a time, because 4,000,000 requirements are too many to sort for one page of gaps.
    """
    found: list[Gap] = []
    first, at_once = (after or (FIRST_OF_ALL, FIRST_OF_ALL))[0], AT_ONCE
    while len(found) < size:
        people = next_people(wanted, first=first, at_once=at_once + 1, as_of=as_of)
        some = replace(wanted, whose=Whose(people=people[:at_once]))
        found += select(some, order=BY_ID, limit=size - len(found), after=after, as_of=as_of)
        if len(people) <= at_once:
            break
        # A filter that few gaps pass must not cost a query for every few people.
        first, at_once = people[at_once], min(at_once * 2, 5_000)
    return found


def next_people(wanted: Wanted, *, first: UUID, at_once: int, as_of: dt.date | None) -> list[UUID]:
    past, values = people_at(as_of)
    query = NEXT_PEOPLE.format(past=past and f"WITH {past}", where=wanted.whose.where())
    values |= {**wanted.whose.values(), "first": str(first), "at_once": at_once}
    with connection.cursor() as cursor:
        cursor.execute(query, values)
        return [row[0] for row in cursor.fetchall()]


def by_kind(found: Iterable[Gap]) -> dict[str, list[Gap]]:
    """{"upskill": […], "reskill": […]}, in the order in which they come."""
    kinds: dict[str, list[Gap]] = {"upskill": [], "reskill": []}
    for gap in found:
        kinds.setdefault(gap.kind, []).append(gap)
    return kinds
