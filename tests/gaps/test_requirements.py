"""Requirements follow the work: derived equals recomputed, whatever was edited."""

import random
from typing import Any

import pytest
from django.db import transaction

from base.errors import RuleBroken
from gaps.arithmetic import UNRATED
from gaps.models import Need, Requirement
from gaps.queries import requirements
from skills import actions as skill_actions
from skills.models import Context, Skill
from tests.make import make_context, make_designer, make_job_role, make_outcome, make_skill, make_step, make_workflow
from workflows import actions as work
from workflows.models import Handoff, Outcome, Step, Workflow

pytestmark = pytest.mark.django_db


def required() -> set[tuple[str, str, int, int]]:
    return {(r.job_role.name, r.skill.name, r.level, r.criticality) for r in Requirement.objects.with_names()}


def test_a_published_skill_is_required_by_the_role_that_performs_its_step():
    step = make_step(performed_by=make_job_role("Clerk"), criticality=5)
    make_outcome(step)
    skill = make_skill("Check the register entry", at=step)

    assert required() == set()
    skill_actions.publish(skill, by=make_designer())
    assert required() == {("Clerk", "Check the register entry", 3, 5)}
    skill_actions.withdraw(skill, by=make_designer())
    assert required() == set()


def test_the_highest_level_and_the_highest_criticality_count():
    role = make_job_role("Clerk")
    one, other = (make_step(performed_by=role, criticality=rated) for rated in (2, 6))
    skill = make_skill("Check the register entry")
    for step, level in ((one, 4), (other, 2)):
        make_outcome(step)
        make_context(skill, step, required_level=level)
    skill_actions.publish(skill, by=make_designer())

    found = Requirement.objects.get()
    assert (found.level, found.criticality, found.steps, found.is_rated) == (4, 6, 2, True)
    assert [need.step for need in Need.objects.behind(found)] == [other, one]
    assert {context.step for context in found.contexts()} == {one, other}


def test_a_step_that_nobody_rated_counts_as_the_next_one_and_says_so():
    step = make_step(performed_by=make_job_role("Clerk"))
    make_outcome(step)
    make_skill(at=step, published=True)

    found = Requirement.objects.get()
    assert (found.criticality, found.is_rated) == (UNRATED, False)


def test_a_step_given_to_another_role_takes_its_requirements_along():
    step = make_step(performed_by=make_job_role("Clerk"), criticality=5)
    make_outcome(step)
    make_skill("Check the register entry", at=step, published=True)

    work.change_step(step, performed_by=make_job_role("Analyst"), by=make_designer())
    assert required() == {("Analyst", "Check the register entry", 3, 5)}
    work.change_step(step, performed_by=None, by=make_designer())
    assert required() == set()
    assert Need.objects.get().job_role is None


def test_a_broken_path_asks_for_nothing():
    first, last = make_workflow(steps=2).steps.all()
    skill = make_skill()
    make_context(skill, first, last.outcomes.get())
    skill_actions.publish(skill, by=make_designer())
    assert Requirement.objects.count() == 1

    work.retire_handoff(Handoff.objects.get(), by=make_designer())
    assert Requirement.objects.count() == 0


def test_a_need_is_as_old_as_its_step_is_what_it_is():
    step = make_step(performed_by=make_job_role(), criticality=5)
    make_outcome(step)
    make_skill(at=step, published=True)
    before = Need.objects.get().asked_since

    work.change_step(step, criticality=6, by=make_designer())
    assert Need.objects.get().asked_since == before
    work.change_step(step, name="Do something else", by=make_designer())
    assert Need.objects.get().asked_since > before


def test_an_edit_that_changes_nothing_writes_nothing():
    step = make_step(performed_by=make_job_role(), criticality=5)
    make_outcome(step)
    make_skill(at=step, published=True)
    before = Requirement.objects.get().changed_at

    requirements.rebuild()
    assert Requirement.objects.get().changed_at == before


def test_an_edit_beside_another_leaves_its_share_for_after_the_commit(monkeypatch):
    left = []
    monkeypatch.setattr("gaps.followups.requirements.rebuild_if_alone", lambda scope: False)
    monkeypatch.setattr("gaps.followups.send_later", lambda task, **facts: left.append((task, facts)))

    step = make_step(performed_by=make_job_role(), criticality=5)

    assert ("gaps.tasks.rebuild_requirements", {"workflows": [str(step.workflow_id)], "skills": []}) in left


def edits(chance: random.Random, roles: list) -> list:
    """What people may do to the work; each picks at random among what is there."""
    by = make_designer()

    def some(model: Any) -> Any:
        return chance.choice(list(model.objects.all()))

    def place() -> None:
        sight = chance.choice(list(some(Step).line_of_sight.all()))
        skill_actions.place(
            some(Skill), step=sight.step, outcome=sight.outcome, required_level=chance.randint(1, 4), by=by
        )

    return [
        place,
        lambda: skill_actions.publish(some(Skill), by=by),
        lambda: skill_actions.withdraw(some(Skill), by=by),
        lambda: skill_actions.retire_skill(some(Skill), by=by),
        lambda: skill_actions.merge(some(Skill), into=some(Skill), by=by),
        lambda: skill_actions.change_context(some(Context), required_level=chance.randint(1, 4), by=by),
        lambda: skill_actions.remove_context(some(Context), by=by),
        lambda: work.change_step(some(Step), performed_by=chance.choice([*roles, None]), by=by),
        lambda: work.change_step(some(Step), criticality=chance.choice([*range(1, 8), None]), by=by),
        lambda: work.retire_step(some(Step), by=by),
        lambda: work.restore_step(some(Step), by=by),
        lambda: work.retire_handoff(some(Handoff), by=by),
        lambda: work.restore_handoff(some(Handoff), by=by),
        lambda: work.add_handoff(some(Outcome), to_step=some(Step), by=by),
        lambda: work.retire_outcome(some(Outcome), by=by),
        lambda: work.restore_outcome(some(Outcome), by=by),
        lambda: work.retire_workflow(some(Workflow), by=by),
        lambda: work.restore_workflow(some(Workflow), by=by),
    ]


@pytest.mark.parametrize("seed", range(6))
def test_after_any_edits_derived_equals_recomputed(seed):
    chance = random.Random(seed)
    roles = [make_job_role() for _ in range(3)]
    for _ in range(2):
        for step in make_workflow(steps=3).steps.all():
            work.change_step(step, performed_by=chance.choice(roles), by=make_designer())
            make_skill(at=step, published=True)
    done = 0
    for _ in range(40):
        try:
            with transaction.atomic():
                chance.choice(edits(chance, roles))()
                done += 1
        except (RuleBroken, IndexError):
            continue  # Not every edit makes sense every time.
    needs = Need.objects.values_list(
        "step", "skill", "job_role", "level", "criticality", "is_rated", "contexts", "asked_since"
    )
    kept = Requirement.objects.values_list(
        "job_role", "skill", "level", "criticality", "is_rated", "steps", "asked_since"
    )
    assert done > 10
    assert set(needs) == set(requirements.recomputed_needs())
    assert set(kept) == set(requirements.recomputed())
