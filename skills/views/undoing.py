"""What somebody did last in the queue, kept in the session so that it can be taken back."""

import datetime as dt
from collections.abc import Callable, Sequence
from typing import Any
from uuid import UUID

from base.errors import RuleBroken
from skills import access, actions
from skills.models import Context, Skill
from workflows.models import Outcome, Step
from workforce.models import Account
from workforce.requests import SignedIn

KEY = "undo"


def offered(request: SignedIn) -> dict[str, Any] | None:
    """{"words": what was done, "how": which of UNDO, …} or None."""
    undo: dict[str, Any] | None = request.session.get(KEY)
    if undo and not undo["how"]:
        del request.session[KEY]
    return undo


def offer(request: SignedIn, words: str, how: str = "", **facts: Any) -> None:
    request.session[KEY] = {"words": words, "how": how, **facts}


def undo(request: SignedIn, *, by: Account) -> None:
    """Take back what is offered. Raises RuleBroken where the work has moved on."""
    done = request.session.pop(KEY, None)
    if not done or done["how"] not in UNDO:
        raise RuleBroken("There is nothing to undo any more.", code="nothing_to_undo")
    UNDO[done["how"]](done, by)
    offer(request, f"Undone: {done['words']}")


# --- do, and offer to undo --------------------------------------------------------------------


def place(
    request: SignedIn,
    skills: Sequence[Skill],
    *,
    step: Step,
    outcome: Outcome,
    required_level: int,
    together: bool = False,
    kept: Skill | None = None,
    by: Account,
) -> None:
    """Each by itself, or all `together` as one whose wording is `kept`."""
    terms: dict[str, Any] = {"step": step, "outcome": outcome, "required_level": required_level, "by": by}
    where = f"placed at “{step}”, so that {lower_first(str(outcome))}."
    if not (together and kept):
        contexts = actions.place_all(skills, **terms)
        offer(request, f"{count(skills, 'skill is', 'skills are')} {where}", "place", contexts=ids(contexts))
        return
    others = [skill for skill in skills if skill.pk != kept.pk]
    moved = Context.objects.live().of(others).values_list("pk", "skill")
    came = {str(context): str(skill) for context, skill in moved}
    contexts = actions.place_as_one(skills, kept=kept, **terms)
    facts = {"contexts": ids(contexts), "kept": str(kept.pk), "merged": ids(others), "came": came}
    offer(request, f"{len(skills)} skills are one now, {where}", "as_one", **facts)


def ids(things: Sequence[Any]) -> list[str]:
    return [str(thing.pk) for thing in things]


def lower_first(words: str) -> str:
    return words[:1].lower() + words[1:]


def assign(request: SignedIn, flags: Sequence[Any], *, to: Account | None, by: Account) -> None:
    before = {str(flag.pk): str(flag.assigned_to_id or "") for flag in flags}
    actions.assign_flags(flags, to=to, by=by)
    words = f"assigned to {to}" if to else "given back to whoever owns it"
    offer(request, f"{count(flags, 'flag is', 'flags are')} {words}.", "assign", before=before)


def snooze(request: SignedIn, flags: Sequence[Any], *, until: dt.date, reason: str, by: Account) -> None:
    actions.snooze_flags(flags, until=until, reason=reason, by=by)
    words = f"{count(flags, 'flag is', 'flags are')} snoozed until {until:%-d %B %Y}."
    offer(request, words, "snooze", flags=ids(flags))


def wake(request: SignedIn, flags: Sequence[Any], *, by: Account) -> None:
    before = [[str(flag.pk), str(flag.snoozed_until), flag.snooze_reason] for flag in flags if flag.snoozed_until]
    actions.wake_flags(flags, by=by)
    offer(request, f"{count(flags, 'flag is', 'flags are')} awake again.", "wake", before=before)


def retire(request: SignedIn, skills: Sequence[Skill], *, by: Account) -> None:
    actions.retire_all(skills, by=by)
    words = f"{count(skills, 'skill is', 'skills are')} retired."
    offer(request, words, "retire", skills=ids(skills))


def count(things: Sequence[Any], one: str, many: str) -> str:
    return f"{len(things)} {one if len(things) == 1 else many}"


# --- take back --------------------------------------------------------------------------------


def unplace(done: dict[str, Any], by: Account) -> None:
    actions.unplace(Context.objects.in_bulk(done["contexts"]).values(), by=by)


def take_apart(done: dict[str, Any], by: Account) -> None:
    merged = Skill.objects.in_bulk(done["merged"])
    moved = list(Context.objects.in_bulk(done["came"]).values())
    for context in moved:
        context.skill_id = UUID(done["came"][str(context.pk)])
    actions.take_apart(list(merged.values()), out_of=Skill.objects.get(pk=done["kept"]), moved=moved, by=by)
    unplace(done, by)


def unassign(done: dict[str, Any], by: Account) -> None:
    accounts = {
        str(pk): account for pk, account in Account.objects.in_bulk(set(done["before"].values()) - {""}).items()
    }
    for pk, before in done["before"].items():
        actions.assign_flags(still_open(by, [pk]), to=accounts.get(before), by=by)


def unsnooze(done: dict[str, Any], by: Account) -> None:
    actions.wake_flags(still_open(by, done["flags"]), by=by)


def snooze_again(done: dict[str, Any], by: Account) -> None:
    for pk, until, reason in done["before"]:
        actions.snooze_flags(still_open(by, [pk]), until=dt.date.fromisoformat(until), reason=reason, by=by)


def restore(done: dict[str, Any], by: Account) -> None:
    actions.restore_all(Skill.objects.in_bulk(done["skills"]).values(), by=by)


def still_open(by: Account, pks: Sequence[str]) -> list[Any]:
    return [flag for flag, _ in access.flags_for(by, [UUID(pk) for pk in pks])]


UNDO: dict[str, Callable[[dict[str, Any], Account], None]] = {
    "place": unplace,
    "as_one": take_apart,
    "assign": unassign,
    "snooze": unsnooze,
    "wake": snooze_again,
    "retire": restore,
}
