"""How what happened to a skill is said to people: plain words from the trail, no database."""

from typing import Any

from base import trail
from base.marks import LEVELS
from base.models import Change

DID = {
    ("skill", "add"): "drafted it",
    ("skill", "change"): "reworded it",
    ("skill", "publish"): "published it",
    ("skill", "withdraw"): "withdrew it to draft",
    ("skill", "retire"): "retired it",
    ("skill", "restore"): "restored it as a draft",
    ("skill", "merge"): "merged it into another",
    ("skill", "absorb"): "merged another into it",
    ("skill", "tell_apart"): "said how it differs from another",
    ("skill", "import"): "imported it",
    ("skill", "pass_on"): "passed it on, as its owner left",
    ("context", "place"): "placed it at a step",
    ("context", "remove"): "took it away from a step",
    ("context", "change"): "changed a context",
    ("context", "move"): "moved a context",
}
LABELS = {
    "name": "Name",
    "statement": "Statement",
    "behaviour": "Behaviour",
    "description": "Description",
    "owner": "Owner",
    "also_called": "Also called",
    "step": "Step",
    "outcome": "Outcome",
    "required_level": "Level",
    "contribution": "Contribution",
    "condition": "Given",
    "degree": "To what degree",
    "reason": "Reason",
    "from": "From",
}


def deed(change: Change) -> str:
    """“published it”, to stand after who did."""
    return DID.get((change.noun, change.verb), f"did “{change.verb}”")


def facts(change: Change) -> list[trail.Fact]:
    return trail.facts(change, LABELS, said)


def said(field: str, value: Any) -> str:
    if value is None or value in ("", []):
        return ""
    if isinstance(value, dict):
        return str(value.get("name", ""))
    if isinstance(value, list):
        return ", ".join(map(str, value))
    return f"{value}, {LEVELS.get(value, '')}" if field == "required_level" else str(value)
