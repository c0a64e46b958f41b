"""What retiring work would do to skills is said beforehand, and then it is exactly what happens."""

import json
import random

import pytest
from django.urls import reverse

from skills.models import Context, Skill, SkillFlag
from skills.queries.ripple import ripple_of_retiring
from tests.make import make_context, make_designer, make_handoff, make_outcome, make_skill, make_workflow
from workflows import actions
from workflows.models import Handoff, LineOfSight, Outcome, Step

pytestmark = pytest.mark.django_db
RETIRE = {
    "step": actions.retire_step,
    "outcome": actions.retire_outcome,
    "handoff": actions.retire_handoff,
    "workflow": actions.retire_workflow,
}


def live_contexts() -> set:
    return set(Context.objects.live().exclude(skill__state=Skill.State.RETIRED).values_list("pk", "skill"))


def workflow_of(noun):
    if isinstance(noun, Step):
        return noun.workflow
    if isinstance(noun, Outcome):
        return noun.produced_by.workflow
    return noun.outcome.produced_by.workflow if isinstance(noun, Handoff) else noun


def work_with_skills(chance: random.Random):
    """Two workflows with branches, a rework loop and a handoff between them, and skills here and there."""
    by = make_designer()
    workflows = [make_workflow(steps=4, by=by), make_workflow(steps=3, by=by)]
    steps = [step for workflow in workflows for step in workflow.steps.all()]
    for step in chance.sample(steps, 3):
        make_outcome(step, by=by)
    outcomes = list(Outcome.objects.all())
    for _ in range(5):
        outcome, step = chance.choice(outcomes), chance.choice(steps)
        if outcome.produced_by != step and not Handoff.objects.filter(outcome=outcome, to_step=step).exists():
            make_handoff(outcome, step, by=by)
    pairs = list(LineOfSight.objects.select_related("step", "outcome").order_by("pk"))
    for _ in range(8):
        skill = make_skill(by=by)
        for pair in chance.sample(pairs, chance.randint(1, 3)):
            make_context(skill, pair.step, pair.outcome, by=by)
    return by


@pytest.mark.parametrize("kind", RETIRE)
@pytest.mark.parametrize("seed", range(3))
def test_the_ripple_is_what_then_happens(kind, seed):
    chance = random.Random(f"{kind}{seed}")
    by = work_with_skills(chance)
    choices = {"step": Step, "outcome": Outcome, "handoff": Handoff, "workflow": type(Step.objects.first().workflow)}
    noun = chance.choice(list(choices[kind].objects.order_by("pk")))
    before, sight = live_contexts(), set(LineOfSight.objects.values_list("step", "outcome"))

    ripple = ripple_of_retiring(noun, workflow_of(noun))
    RETIRE[kind](noun, by=by)

    lost = before - live_contexts()
    assert ripple.contexts == len(lost)
    assert {skill.pk for skill in ripple.skills} == {skill for _, skill in lost}
    flagged = SkillFlag.objects.open().filter(code__in=["path_broken", "work_retired"]).values_list("about", flat=True)
    assert {skill.pk for skill in ripple.context_free} == set(flagged)
    gone = {outcome for _, outcome in sight - set(LineOfSight.objects.values_list("step", "outcome"))} - {noun.pk}
    assert {each.outcome.pk for each in ripple.outcomes} == gone


def test_a_retired_skill_is_not_counted():
    workflow = make_workflow(steps=2)
    first, last = workflow.steps.all()
    skill = make_skill()
    make_context(skill, first, last.outcomes.get())
    by = make_designer()
    Skill.objects.filter(pk=skill.pk).update(state="retired", retired_at=skill.created_at, retired_by=by)

    assert ripple_of_retiring(Handoff.objects.get(), workflow).skills == []


# --- the dialog ---------------------------------------------------------------------------------


@pytest.fixture
def handoff(client):
    client.force_login(make_designer("Maren Holt"))
    first, last = make_workflow(steps=2).steps.all()
    make_context(make_skill("Support the sales rep by submitting the customer information"), first, last.outcomes.get())
    return Handoff.objects.get()


def dialog(client, handoff, **facts: str):
    address, headers = reverse("handoff_retire", args=[handoff.pk]), {"HX-Request": "true", "HX-Target": "dialog"}
    return client.post(address, facts, headers=headers) if facts else client.get(address, headers=headers)


def test_the_dialog_says_what_it_touches_before_it_asks(client, handoff):
    html = dialog(client, handoff).content.decode()

    assert "<b>1 skill</b> loses 1 line of sight." in html
    assert "<b>1</b> of them is context-free then" in html
    assert "Support the sales rep" in html


def test_agreeing_retires_it_and_offers_the_way_back(client, handoff):
    shown = ripple_of_retiring(handoff, workflow_of(handoff)).size

    response = dialog(client, handoff, shown=shown, seen="1")

    assert response.status_code == 204
    undo = json.loads(response.headers["HX-Trigger"])["messages"]["value"][0]["undo"]
    client.post(undo, headers={"HX-Request": "true"})
    handoff.refresh_from_db()
    assert not handoff.is_retired


def test_when_the_work_changed_meanwhile_it_asks_again(client, handoff):
    shown = ripple_of_retiring(handoff, workflow_of(handoff)).size
    make_context(make_skill("Spare the customer a call"), handoff.outcome.produced_by, handoff.to_step.outcomes.get())

    response = dialog(client, handoff, shown=shown, seen="1")

    assert response.status_code == 409
    assert "Somebody changed the work meanwhile." in response.content.decode()
    handoff.refresh_from_db()
    assert not handoff.is_retired


@pytest.mark.parametrize("count", [1, 3])
def test_the_dialog_costs_the_same_for_one_skill_and_for_three(client, handoff, django_assert_num_queries, count):
    for _ in range(count - 1):
        make_context(make_skill(), handoff.outcome.produced_by, handoff.to_step.outcomes.get())

    with django_assert_num_queries(7):  # session, account, handoff, what is lost, contexts, skills, outcomes
        dialog(client, handoff)
