"""The trail in words, as people read it: “revised the step “Load prices””."""

import datetime as dt
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any, Protocol

from base.models import Change

# What is not called as its table is.
NOUNS = {
    "skillflag": "flag",
    "stepflag": "flag",
    "outcomeflag": "flag",
    "programmeflag": "flag",
    "resourceflag": "flag",
    "jobrole": "job role",
    "jobtitle": "job title",
    "apikey": "key",
    "contestanswer": "answer",
    "covertarget": "cover target",
    "overrule": "label",
    "planoverrule": "decision",
    "planrule": "rule",
    "timegrant": "time to learn:",
    "trust": "trust in:",
}
# Named by their own words alone.
UNSAID = {"skill", "context", "difference"}
DEEDS = {
    "absorb": "let another skill go on as",
    "accept": "agreed to be asked as",
    "add": "added",
    "agree": "agreed to",
    "allow": "allowed more leavers of",
    "answer": "answered",
    "apply": "applied",
    "approve": "approved",
    "archive": "archived",
    "ask": "asked for",
    "arrange": "arranged something for",
    "assign": "assigned",
    "brake": "stopped the leavers of",
    "change": "changed",
    "change_roles": "changed the roles of",
    "close": "closed",
    "contest": "contested",
    "correct": "put right",
    "create": "created",
    "decline": "declined",
    "drop": "dropped",
    "erase": "erased",
    "erase_file": "erased a file of",
    "expire": "let lapse",
    "fail": "gave up",
    "end": "ended",
    "finish": "finished",
    "forget": "forgot",
    "forget_sign_on": "forgot the sign-on of",
    "grant": "granted",
    "hand_over": "handed over",
    "hold": "held",
    "import": "imported",
    "invite": "invited",
    "join": "joined as",
    "keep": "kept what was put right about",
    "leave": "noted the leaving of",
    "link": "joined",
    "map": "mapped",
    "merge": "merged",
    "move": "moved",
    "name": "named",
    "open": "opened the way in for",
    "overrule": "overruled what was put right about",
    "pass_on": "passed on",
    "place": "placed",
    "promote": "made a resource of",
    "propose": "proposed",
    "publish": "published",
    "record": "recorded",
    "reject": "rejected",
    "relabel": "gave another label:",
    "remove": "took away",
    "replay": "sent again what was for",
    "reopen": "opened again",
    "reset_factor": "reset the second factor of",
    "restore": "restored",
    "retire": "retired",
    "revise": "revised",
    "revoke": "revoked",
    "rotate": "changed the secret of",
    "set": "set",
    "snooze": "snoozed",
    "stop": "stopped",
    "switch_off": "switched off",
    "switch_on": "switched on",
    "step_out": "left as",
    "take_back": "took back",
    "talk": "talked about",
    "take_back_leavers": "took back whom it let leave:",
    "take_over": "answers from now on for",
    "take_apart": "took apart",
    "tell_apart": "told apart",
    "test": "tried out",
    "turn_stale": "found stale",
    "unassign": "gave back",
    "tell": "told of",
    "undo": "took back",
    "undo_import": "took back the import of",
    "verify": "found still correct",
    "wake": "woke",
    "withdraw": "withdrew",
}


@dataclass(frozen=True)
class Fact:
    """One fact before and after, in words."""

    label: str
    before: str
    after: str


class HasFacts(Protocol):
    """{field: [before, after]}"""

    facts: Any


def facts(change: HasFacts, labels: Mapping[str, str], said: Callable[[str, Any], str]) -> list[Fact]:
    """What changed, without what only the machinery counts: a field without a label is not told."""
    return [
        Fact(labels[field], said(field, before), said(field, after))
        for field, (before, after) in change.facts.items()
        if field in labels
    ]


def did(verb: str) -> str:
    return DEEDS.get(verb, verb.replace("_", " "))


def noun_of(change: Change) -> str:
    return NOUNS.get(change.noun, change.noun)


def in_words(change: Change) -> str:
    """What was done, to what: the sentence after the person's name."""
    noun = "" if change.noun in UNSAID else f"the {noun_of(change)} "
    return f"{did(change.verb)} {noun}“{change.name}”{aside(change.facts)}"


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
    things = "skill" if noun == "context" else NOUNS.get(noun, noun)
    return f"{did(verb)} {count} {things}s"
