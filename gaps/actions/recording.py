"""Say what somebody can do, on whose word."""

import datetime as dt
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from django.db import transaction
from django.utils import timezone

from base import changes
from base.errors import RuleBroken
from base.models import Change
from gaps.models import Evidence, Standing, Type
from gaps.queries import recording, standing
from gaps.queries.recording import Verdict
from skills.models import Skill
from workflows.models import Step
from workforce.models import Account, Person

# A request, or a piece of a list: what one transaction takes without making others wait.
MOST_AT_ONCE = 1_000
SENTENCES = {
    "not_yet": "This moment has not come yet. Give the moment it was seen.",
    "not_a_receiver": "Only somebody whose work begins with the result of that step can say that it was accepted. "
    "Record it as a peer's view instead.",
    "not_own_view": "An own view is by the person themselves. Record it as a peer's or a manager's view.",
    "observer_level": "Who vouches for somebody's work stands at level 3 or higher in the skill. "
    "Record it as a manager's or a peer's view instead.",
    "observer_missing": "Say who saw it.",
    "own_view": "That would be an own view. Record it as one, or say who else saw it.",
    "reference_twice": "This reference stands in this request twice. Give each statement its own.",
    "reference_used": "This source gave the same reference to another statement. Evidence is never rewritten: "
    "send it with a new reference, and withdraw the other.",
    "skill_retired": "This skill is retired. Restore it, or record the skill that took its place.",
    "step_missing": "Say at which step it was seen.",
}
# The field that a refusal is about.
ABOUT = {
    "not_yet": "observed_at",
    "not_a_receiver": "observer",
    "not_own_view": "observer",
    "observer_level": "observer",
    "observer_missing": "observer",
    "own_view": "observer",
    "reference_twice": "reference",
    "reference_used": "reference",
    "skill_retired": "skill",
    "step_missing": "step",
}


@dataclass(frozen=True)
class Statement:
    """One piece of evidence before it is recorded. Ids are of what exists; `source` is never empty."""

    person_id: UUID
    skill_id: UUID
    level: int
    type: str
    observed_at: dt.datetime
    source: str
    valid_until: dt.date | None = None
    observer_id: UUID | None = None
    step_id: UUID | None = None
    reference: str = ""
    note: str = ""
    # None: now. Only a company that is loaded with its past was written down before.
    recorded_at: dt.datetime | None = None


@transaction.atomic
def record_evidence(
    person: Person,
    skill: Skill,
    *,
    level: int,
    type: str,
    observed_at: dt.datetime | None = None,
    valid_until: dt.date | None = None,
    observer: Person | None = None,
    step: Step | None = None,
    source: str = "",
    reference: str = "",
    note: str = "",
    by: Account,
) -> Evidence:
    """Record what somebody can do. Whoever acts is the source, and the observer, unless others are named."""
    observer = observer or usual_observer(type, person, by=by)
    statement = Statement(
        person_id=person.pk,
        skill_id=skill.pk,
        level=level,
        type=type,
        observed_at=observed_at or timezone.now(),
        source=source or by.name,
        valid_until=valid_until,
        observer_id=observer.pk if observer else None,
        step_id=step.pk if step else None,
        reference=reference,
        note=note,
    )
    verdict = write([statement], by=by)[0]
    if verdict.is_refused or verdict.evidence is None:
        raise RuleBroken(SENTENCES[verdict.code], code=verdict.code)
    evidence = Evidence.objects.select_related("skill").get(pk=verdict.evidence)
    if verdict.is_written:
        changes.record("record", evidence, by=by, scope=person)
    return evidence


@transaction.atomic
def record_many(statements: Sequence[Statement], *, by: Account) -> list[Verdict]:
    """Record up to a thousand at once: one verdict for each. What is refused does not hold up the others."""
    if len(statements) > MOST_AT_ONCE:
        raise RuleBroken(f"Send at most {MOST_AT_ONCE:,} statements at a time.", code="too_many")
    verdicts = write(statements, by=by)
    note_in_the_trail([s for s, verdict in zip(statements, verdicts, strict=True) if verdict.is_written], by=by)
    return verdicts


@transaction.atomic
def still_doing_it(standings: Iterable[Standing], *, batch: UUID | None = None, by: Account) -> list[Verdict]:
    """A manager confirms that people still work at the levels they stand at, or stood at until that ran out.

    It is the manager's view, no more: what was observed keeps its trust until it runs out, and this holds afterwards.
    `batch` names what was said at once, for `take_back_entry`.
    """
    last = Evidence.objects.in_bulk([one.evidence_id for one in standings])
    statements = [
        Statement(
            person_id=said.person_id,
            skill_id=said.skill_id,
            level=said.level,
            type=Type.MANAGER,
            observed_at=timezone.now(),
            source=by.name,
            observer_id=by.person_id,
            step_id=said.step_id,
            reference=reference_in(batch, place),
            note="Still doing it.",
        )
        for place, said in enumerate(last.values())
    ]
    return record_many(statements, by=by)


def reference_in(batch: UUID | None, place: int) -> str:
    """By which what was entered at once is found again."""
    return f"{batch}:{place}" if batch else ""


def usual_observer(type: str, person: Person, *, by: Account) -> Person | None:
    """An own view is one's own; what others say is said by whoever acts, if that is a person."""
    if type == Type.OWN:
        return person
    return by.person if type in Type.by_somebody_else() else None


def write(statements: Sequence[Statement], *, by: Account) -> list[Verdict]:
    verdicts = recording.record([vars(statement) for statement in statements], by=by.pk)
    told = zip(statements, verdicts, strict=True)
    standing.recompute(standing.pairs((said.person_id, said.skill_id) for said, verdict in told if verdict.is_written))
    return verdicts


def note_in_the_trail(written: Sequence[Statement], *, by: Account) -> None:
    """One entry for all: each statement says itself who recorded it and when, and cannot be changed."""
    if not written:
        return
    people = {said.person_id for said in written}
    facts: dict[str, Any] = {"people": [None, len(people)], "sources": [None, sorted({s.source for s in written})]}
    Change.objects.create(
        by=by.pk,
        by_name=by.name,
        verb="record",
        noun="evidence",
        subject=by.pk,
        name=f"{len(written):,} statements about {len(people):,} people",
        scope=people.pop() if len(people) == 1 else by.pk,
        facts=facts,
    )
