"""Where a person wants to go: proposed by either, agreed by both."""

import datetime as dt
from typing import Any

from django.db import transaction
from django.utils import timezone

from base import changes, edits
from base.errors import RuleBroken
from base.outbox import send_later
from gaps.models import Goal, GoalDate
from workforce.models import Account, JobRole, Person

State = Goal.State


@transaction.atomic
def propose_goal(
    person: Person, *, job_role: JobRole, due_on: dt.date | None = None, note: str = "", by: Account
) -> Goal:
    """Propose a target role; the proposal carries the signature of whoever makes it."""
    if Goal.objects.open().of(person).filter(job_role=job_role).exists():
        raise RuleBroken(f"{job_role} is a goal already. Agree to it, or drop it first.", code="goal_exists")
    must_lie_ahead(due_on)
    goal = Goal(person=person, job_role=job_role, due_on=due_on, note=note, proposed_by=by, **signature(person, by=by))
    return told(edits.add(goal, by=by, scope=person, verb="propose"), "propose", by=by)


@transaction.atomic
def agree_goal(goal: Goal, *, seen: int | None = None, by: Account) -> Goal:
    """Give the second signature: from now on what only the target role asks for is a matter of reskilling."""
    goal = open_goal(goal, seen=seen)
    other = Goal.objects.agreed().filter(person=goal.person).exclude(pk=goal.pk).first()
    if other:
        raise RuleBroken(f"{other} is agreed already. Drop it before you agree to another.", code="another_goal")
    signed = signature(goal.person, by=by)
    if all(getattr(goal, field) for field in signed):
        raise RuleBroken("You have agreed already. It waits for the other side.", code="agreed_already")
    both = {"person_agreed_at", "manager_agreed_at"} <= {*signed, *signatures_of(goal)}
    edits.save(goal, {**signed, **({"state": State.AGREED} if both else {})}, by=by, verb="agree", scope=goal.person)
    return told(goal, "agree", by=by)


@transaction.atomic
def decline_goal(goal: Goal, *, reason: str, seen: int | None = None, by: Account) -> Goal:
    """Say no to what was proposed, and why."""
    goal = open_goal(goal, seen=seen)
    if goal.state == State.AGREED:
        raise RuleBroken("Both have agreed to it. Drop it instead.", code="goal_agreed")
    return ended(goal, State.DECLINED, reason, verb="decline", by=by)


@transaction.atomic
def drop_goal(goal: Goal, *, reason: str = "", seen: int | None = None, by: Account) -> Goal:
    """Give up a goal; either may."""
    return ended(open_goal(goal, seen=seen), State.DROPPED, reason, verb="drop", by=by)


def open_goal(goal: Goal, *, seen: int | None) -> Goal:
    goal = edits.locked(goal, seen=seen)
    if not goal.is_open:
        raise RuleBroken(f"It was {goal.get_state_display().lower()} meanwhile. Propose it anew.", code="goal_ended")
    return goal


def must_lie_ahead(due_on: dt.date | None) -> None:
    if due_on and due_on <= timezone.localdate():
        raise RuleBroken("Choose a day after today.", code="goal_is_due_before_it_begins")


def signature(person: Person, *, by: Account) -> dict[str, Any]:
    """Of the person themselves, or of whoever speaks for the manager's side."""
    if by.person_id == person.pk:
        return {"person_agreed_at": timezone.now()}
    return {"manager_agreed_at": timezone.now(), "manager_agreed_by": by}


def signatures_of(goal: Goal) -> set[str]:
    return {field for field in ("person_agreed_at", "manager_agreed_at") if getattr(goal, field)}


def ended(goal: Goal, state: Goal.State, reason: str, *, verb: str, by: Account) -> Goal:
    facts = changes.assign(goal, {"state": state, "ended_at": timezone.now(), "ended_by": by, "ending": reason.strip()})
    goal.version += 1
    goal.save(update_fields=[*facts, "version"])
    changes.record(verb, goal, by=by, scope=goal.person, facts=facts)
    for date in goal.dates.waiting():
        edits.save(date, answered(GoalDate.State.WITHDRAWN, by=by), by=by, verb="withdraw", scope=goal.person)
    return told(goal, verb, by=by)


def answered(state: GoalDate.State, *, by: Account, reason: str = "") -> dict[str, Any]:
    return {"state": state, "answered_at": timezone.now(), "answered_by": by, "reason": reason.strip()}


def told(goal: Goal, deed: str, *, by: Account) -> Goal:
    """The other side hears of it by mail."""
    send_later("gaps.tasks.tell_about_goal", goal=str(goal.pk), deed=deed, by=str(by.pk))
    return goal
