"""What happened to a resource, said to people; no database."""

from dataclasses import dataclass
from typing import Any

from base import trail
from base.models import Change
from base.trail import Fact
from performance_support.models.resource import STALE_BECAUSE

DID = {
    ("resource", "add"): "began it",
    ("resource", "change"): "edited it",
    ("resource", "verify"): "said that it is still correct",
    ("resource", "turn_stale"): "found it stale",
    ("resource", "hand_over"): "handed it over",
    ("resource", "archive"): "put it in the archive",
    ("resource", "erase_file"): "erased a file for good",
    ("resource", "restore"): "took it back as a draft",
    ("placement", "place"): "placed it",
    ("placement", "remove"): "took it away",
    ("placement", "change"): "changed when it helps",
    ("planrule", "add"): "added it",
    ("planrule", "change"): "changed it",
    ("planrule", "undo"): "took the last change back",
    ("planrule", "retire"): "took it out",
    ("planrule", "restore"): "took it back in",
}
LABELS = {
    "title": "Title",
    "kind": "Kind",
    "summary": "Summary",
    "text": "Text",
    "steps": "Steps",
    "url": "Address",
    "file_name": "File",
    "file_alt": "The picture shows",
    "reason": "Why",
    "language": "Language",
    "audience": "Only for",
    "owner": "Owner",
    "verifier": "Who looks",
    "moments": "Moments",
    "stale_because": "Because",
    "position": "Place",
    "criticality_from": "Criticality from",
    "criticality_to": "Criticality to",
    "difficulty_from": "Difficulty from",
    "difficulty_to": "Difficulty to",
    "frequency_from": "Frequency from",
    "frequency_to": "Frequency to",
    "training": "Training",
    "practice": "Practice",
    "support": "Support",
}


@dataclass(frozen=True)
class Entry:
    change: Change
    deed: str
    facts: list[Fact]


def entry(change: Change) -> Entry:
    deed = DID.get((change.noun, change.verb), trail.did(change.verb))
    return Entry(change, deed, trail.facts(change, LABELS, said))


def said(field: str, value: Any) -> str:
    if value is None or value in ("", []):
        return ""
    if field == "steps":
        return f"{len(value)} step{'' if len(value) == 1 else 's'}"
    if field == "stale_because":
        return "; ".join(STALE_BECAUSE[code] for code in value)
    if isinstance(value, list):
        return ", ".join(map(str, value))
    words = str(value["name"]) if isinstance(value, dict) else str(value)
    return words if len(words) <= 160 else f"{words[:160]}…"
