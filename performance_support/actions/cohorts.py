"""Groups that learn together: started by anybody, joined by oneself."""

import datetime as dt
from collections.abc import Collection

from django.db import transaction
from django.utils import timezone

from base import changes, edits
from base.errors import RuleBroken
from base.outbox import send_later
from performance_support.actions.people import served_by
from performance_support.models import Cohort, Member
from performance_support.wording import must_name_nobody
from skills.models import Skill
from workflows.models import Step
from workforce.models import Account


@transaction.atomic
def add_cohort(
    *,
    name: str,
    starts_on: dt.date,
    ends_on: dt.date,
    goal: str,
    meets: str = "",
    url: str = "",
    steps: Collection[Step] = (),
    skills: Collection[Skill] = (),
    by: Account,
) -> Cohort:
    """Begin to learn together. Whoever is a person and says so is its first member."""
    must_serve_something(steps, skills)
    must_name_nobody([url])
    facts = {"name": name, "starts_on": starts_on, "ends_on": ends_on, "goal": goal, "meets": meets, "url": url}
    cohort = edits.add(Cohort(owner=by, **facts), by=by)
    cohort.steps.set(steps)
    cohort.skills.set(skills)
    if by.person_id:
        join_cohort(cohort, by=by)
    return cohort


def must_serve_something(steps: Collection[Step], skills: Collection[Skill]) -> None:
    if not steps and not skills:
        raise RuleBroken(
            "Choose at least one step or skill, so that they are found where the work is.", code="serves_nothing"
        )


@transaction.atomic
def change_cohort(
    cohort: Cohort,
    *,
    steps: Collection[Step] | None = None,
    skills: Collection[Skill] | None = None,
    seen: int | None = None,
    by: Account,
    **facts: object,
) -> Cohort:
    """Other days, another place, another goal; what is not named stays."""
    must_name_nobody([str(facts.get("url", ""))])
    cohort = edits.locked(cohort, seen=seen)
    edits.save(cohort, facts, by=by)
    had_steps, had_skills = list(cohort.steps.all()), list(cohort.skills.all())
    steps = had_steps if steps is None else steps
    skills = had_skills if skills is None else skills
    must_serve_something(steps, skills)
    before, after = served_by(had_steps, had_skills), served_by(steps, skills)
    if before != after:
        cohort.steps.set(steps)
        cohort.skills.set(skills)
        # Another version, so that a second editor is shown it instead of overwriting it.
        cohort.version += 1
        cohort.save(update_fields=["version"])
        changes.record("change", cohort, by=by, facts={"serves": (before, after)})
    return cohort


@transaction.atomic
def end_cohort(cohort: Cohort, *, by: Account) -> None:
    """They no longer learn together; who did so stays known."""
    edits.retire(edits.locked(cohort), by=by)


@transaction.atomic
def invite(cohort: Cohort, *, account: Account, by: Account) -> Member:
    """Ask somebody to learn with them, by mail as well. Whoever left is asked again."""
    cohort = must_run(cohort)
    if not account.is_active or account.kind != Account.Kind.PERSON:
        raise RuleBroken(f"{account} cannot answer. Choose somebody who works here.", code="member_not_here")
    member = Member.objects.filter(cohort=cohort, account=account).first()
    if member and member.state == Member.State.LEFT:
        member = edits.locked(member)
        values = {"state": Member.State.INVITED, "answered_at": None, "invited_by": by, "invited_at": timezone.now()}
        edits.save(member, values, by=by, scope=cohort, verb="invite")
    else:
        member = edits.add(Member(cohort=cohort, account=account, invited_by=by), by=by, scope=cohort, verb="invite")
    if account != by:
        send_later("performance_support.tasks.tell_invited", member=str(member.pk))
    return member


def must_run(cohort: Cohort) -> Cohort:
    """Locked, so that nobody enters what somebody ends."""
    cohort = edits.locked(cohort)
    if cohort.is_retired or cohort.is_over:
        raise RuleBroken(f"“{cohort}” has ended. Start another one to learn together.", code="cohort_is_over")
    return cohort


@transaction.atomic
def join_cohort(cohort: Cohort, *, by: Account) -> Member:
    """Learn with them, invited or not."""
    cohort = must_run(cohort)
    member, _ = Member.objects.select_for_update(of=("self",)).get_or_create(
        cohort=cohort, account=by, defaults={"invited_by": by}
    )
    values = {"state": Member.State.JOINED, "answered_at": timezone.now()}
    if member.state != Member.State.JOINED:
        edits.save(member, values, by=by, scope=cohort, verb="join")
    return member


@transaction.atomic
def leave_cohort(cohort: Cohort, *, by: Account) -> None:
    """Not now, or no longer."""
    member = Member.objects.select_for_update(of=("self",)).filter(cohort=cohort, account=by).first()
    if member and member.state != Member.State.LEFT:
        values = {"state": Member.State.LEFT, "answered_at": timezone.now()}
        edits.save(member, values, by=by, scope=cohort, verb="step_out")
