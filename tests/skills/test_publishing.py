import pytest

from base.errors import RuleBroken
from skills import actions
from tests.make import make_designer, make_outcome, make_skill, make_workflow
from workflows import actions as work

pytestmark = pytest.mark.django_db


def test_a_task_on_its_own_cannot_be_published():
    skill = make_skill("Complete and submit the customer information")

    with pytest.raises(actions.CannotPublish, match="no step needs it and nobody is waiting") as refusal:
        actions.publish(skill, by=make_designer())

    assert refusal.value.code == "no_context"
    assert refusal.value.broken[0].remedy.startswith("Place it at the step")


def test_a_skill_in_sight_of_its_outcome_is_published():
    step = make_workflow(steps=2).steps.get(position=1)
    skill = make_skill("Support the sales rep by completing and submitting the customer information", at=step)

    assert actions.publish(skill, by=make_designer()).is_published


def test_a_broken_path_blocks_publishing_and_says_so():
    workflow = make_workflow(steps=2)
    first, last = workflow.steps.all()
    skill = make_skill(at=None)
    actions.place(skill, step=first, outcome=last.outcomes.get(), by=make_designer())

    work.retire_handoff(first.outcomes.get().handoffs.get(), by=make_designer())

    assert [flag.code for flag in skill.flags.open() if flag.code == "path_broken"] == ["path_broken"]
    with pytest.raises(actions.CannotPublish) as refusal:
        actions.publish(skill, by=make_designer())
    assert refusal.value.code == "path_broken"


def test_an_outcome_upstream_is_refused_with_what_to_do():
    first, last = make_workflow(steps=2).steps.all()

    with pytest.raises(RuleBroken, match="is not downstream of") as refusal:
        actions.place(make_skill(), step=last, outcome=first.outcomes.get(), by=make_designer())

    assert refusal.value.code == "not_downstream"


def test_the_last_context_of_a_published_skill_stays():
    step = make_workflow(steps=1).steps.get()
    skill = make_skill(at=step, published=True)

    with pytest.raises(RuleBroken, match="Withdraw it first"):
        actions.remove_context(skill.contexts.get(), by=make_designer())


def test_an_unmeasured_outcome_warns_and_does_not_stop():
    step = make_workflow(steps=1).steps.get()
    vague = make_outcome(step, measured=False)
    skill = make_skill("Do what the outcome needs")
    actions.place(skill, step=step, outcome=vague, by=make_designer())

    assert actions.publish(skill, by=make_designer()).is_published
    assert "outcome_unmeasured" in [flag.code for flag in skill.flags.open()]
