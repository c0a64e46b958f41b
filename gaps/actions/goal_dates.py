"""Another day for a goal: proposed by either, and good once the other side agrees. Until then the old day stands."""

import datetime as dt

from django.db import transaction
from django.utils import timezone

from base import edits
from base.errors import RuleBroken
from base.outbox import send_later
from gaps.actions.goals import answered, must_lie_ahead, open_goal, signature, told
from gaps.models import Goal, GoalDate
from workforce.models import Account

State = GoalDate.State
# Whoever answered by mistake sees it at once; later, the other side already goes by it.
UNDO_FOR = dt.timedelta(minutes=10)


@transaction.atomic
def propose_date(goal: Goal, *, due_on: dt.date | None, note: str = "", seen: int | None = None, by: Account) -> Goal:
    """Propose another day. What was only proposed is proposed anew; what both agreed to keeps its day meanwhile."""
    goal = open_goal(goal, seen=seen)
    must_lie_ahead(due_on)
    if due_on == goal.due_on:
        raise RuleBroken("That is the day it has already. Choose another one.", code="same_day")
    if goal.state == Goal.State.PROPOSED:
        return proposed_anew(goal, due_on, note, by=by)
    if other := goal.dates.waiting().first():
        raise RuleBroken(
            f"{other.proposed_by.name} proposed {other.words} already. Answer or withdraw that first.",
            code="date_waits",
        )
    date = GoalDate(
        goal=goal, due_on=due_on, before=goal.due_on, note=note.strip(), proposed_at=timezone.now(), proposed_by=by
    )
    tell(edits.add(date, by=by, scope=goal.person, verb="propose"), "propose", by=by)
    return goal


def proposed_anew(goal: Goal, due_on: dt.date | None, note: str, *, by: Account) -> Goal:
    """Nobody has agreed yet, so it carries the signature of whoever names this day, and no other."""
    unsigned = {"person_agreed_at": None, "manager_agreed_at": None, "manager_agreed_by": None}
    values = {**unsigned, **signature(goal.person, by=by), "due_on": due_on, "proposed_by": by}
    if note.strip():
        values["note"] = note.strip()
    edits.save(goal, {**values, "proposed_at": timezone.now()}, by=by, verb="propose", scope=goal.person)
    return told(goal, "redate", by=by)


@transaction.atomic
def agree_date(date: GoalDate, *, seen: int | None = None, by: Account) -> GoalDate:
    """From now on this day holds."""
    date = waiting(date, seen=seen)
    must_be_of_the_other_side(date, by=by)
    must_lie_ahead(date.due_on)
    edits.save(date.goal, {"due_on": date.due_on}, by=by, scope=date.goal.person)
    return ended(date, State.AGREED, "agree", by=by)


@transaction.atomic
def decline_date(date: GoalDate, *, reason: str, seen: int | None = None, by: Account) -> GoalDate:
    """The old day stays, and why."""
    date = waiting(date, seen=seen)
    must_be_of_the_other_side(date, by=by)
    if not reason.strip():
        raise RuleBroken("Say why. The other side reads it.", code="no_reason")
    return ended(date, State.DECLINED, "decline", by=by, reason=reason)


@transaction.atomic
def withdraw_date(date: GoalDate, *, seen: int | None = None, by: Account) -> GoalDate:
    """Take back what one's own side proposed."""
    date = waiting(date, seen=seen)
    if date.is_by_person != speaks_for_person(date, by):
        raise RuleBroken("The other side proposed it. Agree to it, or decline it.", code="not_own_date")
    return ended(date, State.WITHDRAWN, "withdraw", by=by)


@transaction.atomic
def reopen_date(date: GoalDate, *, by: Account) -> GoalDate:
    """Undo one's own answer, or withdrawal, shortly after: the day before holds, and the proposal waits again."""
    goal = open_goal(date.goal, seen=None)
    date = edits.locked(date)
    if date.answered_by_id != by.pk or not date.answered_at or date.answered_at < timezone.now() - UNDO_FOR:
        raise RuleBroken("It is too late to undo this. Propose another day instead.", code="too_late")
    newer = goal.dates.filter(proposed_at__gt=date.proposed_at).exists()
    if newer or goal.state != Goal.State.AGREED:
        raise RuleBroken("It has changed since. Propose another day instead.", code="date_moved_on")
    edits.save(goal, {"due_on": date.before}, by=by, scope=goal.person)
    cleared = {"state": State.WAITING, "answered_at": None, "answered_by": None, "reason": ""}
    edits.save(date, cleared, by=by, verb="reopen", scope=goal.person)
    return tell(date, "reopen", by=by)


def waiting(date: GoalDate, *, seen: int | None) -> GoalDate:
    """Locked, its goal first: whoever drops the goal meanwhile waits, or was first."""
    goal = open_goal(date.goal, seen=None)
    date = edits.locked(date, seen=seen)
    if not date.is_waiting:
        raise RuleBroken(
            f"It was {date.get_state_display().lower()} meanwhile. Propose another day instead.", code="date_answered"
        )
    date.goal = goal
    return date


def must_be_of_the_other_side(date: GoalDate, *, by: Account) -> None:
    if date.is_by_person == speaks_for_person(date, by):
        raise RuleBroken("Your side proposed it. It waits for the other one.", code="own_date")


def speaks_for_person(date: GoalDate, by: Account) -> bool:
    return by.person_id == date.goal.person_id


def ended(date: GoalDate, state: State, verb: str, *, by: Account, reason: str = "") -> GoalDate:
    edits.save(date, answered(state, by=by, reason=reason), by=by, verb=verb, scope=date.goal.person)
    return tell(date, verb, by=by)


def tell(date: GoalDate, deed: str, *, by: Account) -> GoalDate:
    send_later("gaps.tasks.tell_about_date", date=str(date.pk), version=date.version, deed=deed, by=str(by.pk))
    return date
