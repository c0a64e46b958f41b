"""What happened to a person, in words."""

from dataclasses import dataclass
from typing import Any

from base import trail
from base.models import Change
from base.trail import Fact
from workforce.models import Person, Run
from workforce.queries.origins import LABELS

DEEDS = {
    "add": "added them",
    "change": "changed",
    "leave": "noted that they left",
    "restore": "took them back",
    "correct": "put right here",
    "keep": "kept the correction against the source",
    "overrule": "let the source overrule the correction",
    "pass_on": "passed on what they owned",
}


@dataclass(frozen=True)
class Entry:
    change: Change
    deed: str
    facts: list[Fact]
    run: Run | None


def entry(change: Change, run: Run | None) -> Entry:
    return Entry(change, DEEDS.get(change.verb, trail.did(change.verb)), trail.facts(change, FACTS, said), run)


FACTS = {**LABELS, "manager": "Manager", "work": "Work", "owner": "Owner"}


def said(field: str, value: Any) -> str:
    if value is None or value in ("", []):
        return "nothing"
    if isinstance(value, dict):
        return str(value.get("name", ""))
    if isinstance(value, list):
        return ", ".join(map(str, value))
    return Person.Status(value).label if field == "status" and value in Person.Status.values else str(value)
