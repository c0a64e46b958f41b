"""How changes of the work are said to people: plain words from the trail, no database."""

import datetime as dt
from collections.abc import Callable
from decimal import Decimal, InvalidOperation
from typing import Any

from django.utils.dateparse import parse_date
from django.utils.formats import date_format

from base import trail
from base.marks import CRITICALITY
from base.models import Change
from workflows.models import Outcome

NOTHING = "nothing"
DIFFICULTY = {1: "easy", 2: "takes practice", 3: "hard"}
# The O*NET scale of frequency.
FREQUENCY = {
    1: "yearly or less",
    2: "more than yearly",
    3: "more than monthly",
    4: "more than weekly",
    5: "daily",
    6: "several times a day",
    7: "hourly or more",
}
DIRECTION = {"down": "less is better", "up": "more is better"}
LABELS = {
    "name": "name",
    "area": "area",
    "purpose": "purpose",
    "owner": "owner",
    "performed_by": "job role",
    "position": "position",
    "criticality": "criticality",
    "difficulty": "difficulty",
    "frequency": "frequency",
    "statement": "statement",
    "beneficiary_role": "job role that benefits",
    "beneficiary": "outside party that benefits",
    "measure": "measure",
    "unit": "unit",
    "direction": "direction",
    "baseline": "baseline",
    "target": "target",
    "current": "current",
    "due": "due",
    "accepted_when": "accepted when",
    "share_complete_and_accurate": "share complete and accurate",
}


def said(field: str, value: Any) -> str:
    """A value as the trail keeps it (`base.changes.plain`), in words."""
    if value is None or value == "":
        return NOTHING
    if isinstance(value, dict):
        return str(value.get("name", ""))
    return HOW_SAID.get(field, str)(value)


def figure(value: Any) -> str:
    """9.000 is 9, and 2.450 is 2.45."""
    try:
        return f"{Decimal(str(value)).normalize():f}"
    except InvalidOperation:
        return str(value)


def day(value: dt.date | str) -> str:
    when = parse_date(value) if isinstance(value, str) else value
    return date_format(when, "j M Y") if when else str(value)


def facts(change: Change) -> list[trail.Fact]:
    return trail.facts(change, LABELS, said)


def deed(change: Change) -> str:
    """“revised the step”, to stand between who and what."""
    return f"{trail.did(change.verb)} the {change.noun}"


def on(scale: dict[int, str]) -> Callable[[Any], str]:
    """“4, the customer notices; a small loss”."""
    return lambda value: f"{value}, {scale.get(int(value), '')}"


HOW_SAID: dict[str, Callable[[Any], str]] = {
    "criticality": on(CRITICALITY),
    "difficulty": on(DIFFICULTY),
    "frequency": on(FREQUENCY),
    "baseline": figure,
    "target": figure,
    "current": figure,
    "due": day,
    "share_complete_and_accurate": lambda value: f"{value} %",
    "direction": lambda value: DIRECTION.get(value, str(value)),
}


def figures(outcome: Outcome) -> str:
    """“working days from request to first order: 9 days now, target 5 by 31 Mar 2027”; empty without a measure."""
    if not outcome.measure:
        return ""
    unit = f" {outcome.unit}" if outcome.unit else ""
    now = outcome.current if outcome.current is not None else outcome.baseline
    parts = [f"{figure(now)}{unit} now"] if now is not None else []
    if outcome.target is not None:
        parts.append(f"target {figure(outcome.target)}{'' if parts else unit}")
    due = f" by {day(outcome.due)}" if outcome.due else ""
    return f"{outcome.measure}: {', '.join(parts)}{due}" if parts else f"{outcome.measure}{due}"
