"""What is said about the people of the sample company, and what they did with it; demo/README.md documents the files.

Days are moved with the story: evidence runs out, so its past has to lie as far behind as it did on the day it was told.
"""

import datetime as dt
from decimal import Decimal
from itertools import groupby
from typing import Any

from django.db import transaction
from django.utils import timezone

from gaps import actions
from gaps.actions import Statement
from gaps.arithmetic import Label
from gaps.models import Evidence, RequirementPeriod
from gaps.queries import snapshot
from skills.management.sample_company import STORY_DAY, Company, Row
from workflows import actions as work

RECORDS = "people-admin@demo.example"
NOON = dt.time(12, tzinfo=dt.UTC)
# Less than `reckoning.BEGINNING`: what the work asks now is how it began, not a change.
WEEKS_BEFORE = dt.timedelta(weeks=4)


class Refused(Exception):  # noqa: N818 - the sentence matters, not the suffix
    """A line of the sample company that the product's own rules do not take."""


@transaction.atomic
def load(company: Company) -> int:
    """Returns how many pieces of evidence were recorded."""
    count = load_evidence(company)
    for deed in company.toml("growth.toml")["deeds"]:
        relive(company, deed)
    live_through_the_last_weeks(company)
    return count


def live_through_the_last_weeks(company: Company) -> None:
    """Keep what the figures were at the end of each day, as the clock would have done."""
    began = timezone.now() - WEEKS_BEFORE
    RequirementPeriod.objects.filter(until=None).update(since=began)
    for days in range(WEEKS_BEFORE.days - 1, 0, -1):
        snapshot.take(company.today - dt.timedelta(days=days))


def load_evidence(company: Company) -> int:
    """In the order of the file, as many at once as the same account recorded: who vouches must stand there already."""
    rows = list(company.rows("evidence.csv"))
    for (by, _), group in groupby(rows, key=lambda row: (row["by"] or RECORDS, row["step"] != "")):
        record(company, list(group), by=by)
    return len(rows)


def record(company: Company, rows: list[Row], *, by: str) -> None:
    account = company.accounts[by]
    for start in range(0, len(rows), 1000):
        piece = rows[start : start + 1000]
        verdicts = actions.record_many([statement(company, row, by=by) for row in piece], by=account)
        for row, verdict in zip(piece, verdicts, strict=True):
            if not verdict.is_written:
                raise Refused(f"evidence.csv: {verdict.code}: {row}")


def statement(company: Company, row: Row, *, by: str) -> Statement:
    account = company.accounts[by]
    observer = company.people[row["observer"]].pk if row["observer"] else None
    if row["by"] and account.person_id:
        observer = account.person_id
    observed_at = dt.datetime.combine(moved(company, row["day"]), NOON)
    return Statement(
        person_id=company.people[row["person"]].pk,
        skill_id=company.skills[row["skill"]].pk,
        level=int(row["level"]),
        type=row["type"],
        observed_at=observed_at,
        recorded_at=min(observed_at, timezone.now()),
        source=row["source"] or account.name,
        valid_until=moved(company, row["valid_until"]) if row["valid_until"] else None,
        observer_id=observer,
        step_id=company.steps[row["step"]].pk if row["step"] else None,
        note=row["note"],
    )


def moved(company: Company, day: str) -> dt.date:
    return dt.date.fromisoformat(day) + (company.today - STORY_DAY)


def relive(company: Company, deed: dict[str, Any]) -> None:
    by = company.accounts[deed["by"]]
    match deed:
        case {"revise_step": key, "name": name, "criticality": criticality}:
            work.change_step(company.steps[key], name=name, criticality=criticality, by=by)
        case {"contest": told, "reason": reason}:
            actions.contest(evidence_told(company, told), reason=reason, by=by)
        case {"propose_goal": told, "note": note}:
            person, job_role = company.people[told["person"]], company.roles[told["job_role"]]
            day = company.day(told["due_on"])
            goal = actions.propose_goal(person, job_role=job_role, due_on=day, note=note, by=by)
            if "agreed_by" in deed:
                actions.agree_goal(goal, by=company.accounts[deed["agreed_by"]])
        case {"name_cause": told, "note": note}:
            person, skill = company.people[told["person"]], company.skills[told["skill"]]
            actions.name_cause(person, skill, kind=told["kind"], note=note, by=by)
        case {"overrule_gap": told, "reason": reason}:
            person, skill = company.people[told["person"]], company.skills[told["skill"]]
            actions.overrule_gap(person, skill, label=Label(told["label"]), reason=reason, by=by)
        case {"measure": key, "values": values}:
            for told in values:
                on = moved(company, told["day"].isoformat())
                work.record_measurement(
                    company.outcomes[key], value=Decimal(told["value"]), measured_on=on, note=told["note"], by=by
                )
        case {"set_cover_target": key, "people": people, "reason": reason}:
            actions.set_cover_target(company.steps[key], people=people, reason=reason, by=by)
        case _:
            raise ValueError(f"growth.toml: nothing is known about {deed}")


def evidence_told(company: Company, told: Row) -> Evidence:
    person, skill = company.people[told["person"]], company.skills[told["skill"]]
    return Evidence.objects.standing().get(person=person, skill=skill, type=told["type"])
