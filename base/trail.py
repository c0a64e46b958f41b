"""The trail in words, as people read it: “revised the step “Load prices””."""

import datetime as dt
from typing import Any

from base.models import Change

NOUNS = {
    "skillflag": "the flag",
    "stepflag": "the flag",
    "outcomeflag": "the flag",
    "jobrole": "the job role",
    "jobtitle": "the job title",
    "apikey": "the key",
    "skill": "",
    "context": "",
    "difference": "",
}
DEEDS = {
    "absorb": "let another skill go on as",
    "add": "added",
    "apply": "applied",
    "assign": "assigned",
    "change": "changed",
    "map": "mapped",
    "merge": "merged",
    "move": "moved",
    "open": "opened the way in for",
    "place": "placed",
    "publish": "published",
    "remove": "took away",
    "restore": "restored",
    "retire": "retired",
    "revise": "revised",
    "revoke": "revoked",
    "snooze": "snoozed",
    "take_apart": "took apart",
    "tell_apart": "told apart",
    "unassign": "gave back",
    "wake": "woke",
    "withdraw": "withdrew",
}


def in_words(change: Change) -> str:
    """What was done, to what: the sentence after the person's name."""
    noun = NOUNS.get(change.noun, f"the {change.noun}")
    deed = DEEDS.get(change.verb, change.verb.replace("_", " "))
    words = " ".join(word for word in (deed, noun, f"“{change.name}”") if word)
    return f"{words}{aside(change.facts)}"


def aside(facts: dict[str, list[Any]]) -> str:
    """What a reader wants to know beyond the deed: to whom, until when and why."""
    to, until, reason = (after(facts, field) for field in ("assigned_to", "snoozed_until", "snooze_reason"))
    if to:
        return f" to {to['name']}"
    if until:
        return f" until {dt.date.fromisoformat(until):%-d %B %Y}: {reason}"
    return ""


def after(facts: dict[str, list[Any]], field: str) -> Any:
    return facts[field][1] if field in facts else None


def in_sum(verb: str, noun: str, count: int) -> str:
    """The same deed many times: “placed 6 skills”."""
    thing = {"context": "skill", "skillflag": "flag", "stepflag": "flag", "outcomeflag": "flag"}.get(noun, noun)
    spoken = {"jobrole": "job role", "jobtitle": "job title", "apikey": "key"}.get(thing, thing)
    return f"{DEEDS.get(verb, verb.replace('_', ' '))} {count} {spoken}s"
