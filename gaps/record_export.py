"""A person's record as files: a table of all evidence, and the whole of it as JSON to take along."""

import datetime as dt
from collections.abc import Iterator
from typing import Any

from gaps.models import Goal, GoalDate
from gaps.queries.gaps import Gap
from gaps.queries.looking import who_looked
from gaps.queries.record import Record, percent
from gaps.queries.said import EvidenceRow, SkillSaid

HEAD = [
    "Skill",
    "Needed level",
    "Criticality",
    "Level that counts",
    "Evidence level",
    "Type",
    "Trust %",
    "Seen on",
    "Counts until",
    "Who",
    "Source",
    "Step",
    "Note",
    "Recorded on",
    "What became of it",
]


def rows(record: Record) -> Iterator[list[str]]:
    """One line for each piece of evidence; a skill that is asked for and has none has a line of its own."""
    yield HEAD
    for each, need in record.by_need:
        begin = [each.statement, text(need and need.required), text(need and need.criticality), text(each.level)]
        yield from ([*begin, *cells(row)] for row in each.rows)
    for need in record.unsaid:
        yield [need.statement, text(need.required), text(need.criticality), "", *[""] * (len(HEAD) - 4)]


def text(value: object) -> str:
    return "" if value is None else str(value)


def cells(row: EvidenceRow) -> list[str]:
    said = row.evidence
    return [
        str(said.level),
        said.get_type_display(),
        str(row.trust),
        day(said.observed_at),
        text(said.valid_until),
        text(said.observer),
        said.source,
        f"{said.step}, {said.step.workflow}" if said.step else "",
        said.note,
        day(said.recorded_at),
        fate(row),
    ]


def fate(row: EvidenceRow) -> str:
    said = [row.why]
    if row.is_outdated:
        said.append("Its step has changed since: it no longer counts there.")
    if row.is_withdrawn:
        said.append(f"Because: {row.evidence.withdrawal.reason}")
    if row.open_contest:
        said.append(f"Contested: {row.open_contest.reason}")
    return " ".join(said)


def day(moment: dt.datetime) -> str:
    return moment.date().isoformat()


# --- everything, for whoever it is about ------------------------------------------------------


def whole(record: Record) -> dict[str, Any]:
    """Everything this room knows about somebody, with who looked."""
    return {
        "person": str(record.person),
        "as_of": record.today,
        "job_role": record.position.name,
        "target_role": record.position.target_name,
        "met": record.now.met,
        "of": record.now.of,
        "readiness_percent": percent(record.now.share),
        "gate_is_open": record.now.is_ready,
        "skills": [skill(each) for each in record.skills],
        "asked_without_evidence": [each.statement for each in record.unsaid],
        "gaps": [gap(each) for each in record.gaps],
        "goals": [goal(each) for each in Goal.objects.of(record.person).with_dates()],
        "who_looked": [
            {"who": look.seen_by.name, "what": look.page, "on": look.seen_on} for look in who_looked(record.person)
        ],
    }


def skill(each: SkillSaid) -> dict[str, Any]:
    return {"skill": each.statement, "level": each.level, "evidence": [piece(row) for row in each.rows]}


def piece(row: EvidenceRow) -> dict[str, Any]:
    said = row.evidence
    return {
        "id": said.pk,
        "level": said.level,
        "type": said.type,
        "trust_percent": row.trust,
        "observed_at": said.observed_at,
        "valid_until": said.valid_until,
        "observer": text(said.observer),
        "source": said.source,
        "reference": said.reference,
        "step": text(said.step),
        "note": said.note,
        "recorded_at": said.recorded_at,
        "recorded_by": said.recorded_by.name,
        "withdrawn": said.withdrawal.reason if row.is_withdrawn else None,
        "contests": [{"reason": each.reason, "at": each.contested_at} for each in row.contests],
        "what_became_of_it": row.why,
    }


def gap(each: Gap) -> dict[str, Any]:
    return {
        "skill": each.statement,
        "label": each.label.words,
        "required": each.required,
        "criticality": each.criticality,
        "level": each.level,
        "reason": each.reason,
        "cause": each.cause,
    }


def goal(each: Goal) -> dict[str, Any]:
    return {
        "job_role": each.job_role.name,
        "state": each.state,
        "due_on": each.due_on,
        "note": each.note,
        "proposed_by": each.proposed_by.name,
        "ending": each.ending,
        "other_days": [other_day(date) for date in each.dates.all()],
    }


def other_day(date: GoalDate) -> dict[str, Any]:
    return {
        "due_on": date.due_on,
        "instead_of": date.before,
        "note": date.note,
        "state": date.state,
        "proposed_by": date.proposed_by.name,
        "answered_by": date.answered_by.name if date.answered_by else None,
        "reason": date.reason,
    }
