"""One skill's page: its line of sight, its rules, its history, and the way back."""

import pytest
from django.urls import reverse

from base.models import Change
from skills import actions
from skills.models import Skill
from tests.make import make_account, make_context, make_designer, make_outcome, make_skill, make_step, make_workflow
from workflows import actions as work

pytestmark = pytest.mark.django_db


@pytest.fixture
def designer(client):
    designer = make_designer()
    client.force_login(designer)
    return designer


def shown(client, skill: Skill) -> str:
    return client.get(reverse("skill_show", args=[skill.pk])).content.decode()


def undo(client, skill: Skill) -> None:
    newest = Change.objects.filter(scope=skill.pk).latest("id")
    client.post(reverse("skill_undo", args=[skill.pk, newest.pk]))
    skill.refresh_from_db()


def test_the_line_of_sight_goes_on_to_the_final_outcome_and_its_measure(client, designer):
    first, _, last = make_workflow(steps=3, by=designer).steps.order_by("position")
    work.change_outcome(last.outcomes.get(), measure="days to first order", target=5, by=designer)
    skill = make_skill(at=first, by=designer)

    html = shown(client, skill)

    assert html.count('class="step"') == 3
    assert str(last.outcomes.get()) in html
    assert "days to first order, target 5" in html


def test_a_context_that_is_not_live_is_drawn_as_gone(client, designer):
    first, last = make_workflow(steps=2, by=designer).steps.order_by("position")
    skill = make_skill(by=designer)
    make_context(skill, first, last.outcomes.get())
    work.retire_handoff(first.outcomes.get().handoffs.get(), by=designer)

    html = shown(client, skill)

    assert "no longer downstream" in html
    assert "Blocks: path broken" in html


def test_publishing_is_refused_with_the_sentence_that_stands_beside_the_button(client, designer):
    skill = make_skill("Complete the form", by=designer)
    why = actions.CannotPublish(client.get(skill.get_absolute_url()).context["at"].blocking).message

    html = client.post(reverse("skill_publish", args=[skill.pk]), follow=True).content.decode()

    # As the refusal, beside the button, and beside the rule.
    assert html.count(why) == 3


@pytest.mark.parametrize(
    ("verb", "before", "after"),
    [
        ("publish", "draft", "published"),
        ("withdraw", "published", "draft"),
        ("retire", "published", "retired"),
        ("restore", "retired", "draft"),
    ],
)
def test_each_act_can_be_taken_back(client, designer, verb, before, after):
    skill = make_skill(at=make_workflow(steps=1).steps.get(), published=before == "published", by=designer)
    if before == "retired":
        actions.retire_skill(skill, by=designer)

    client.post(reverse(f"skill_{verb}", args=[skill.pk]))
    skill.refresh_from_db()
    assert skill.state == after
    undo(client, skill)

    assert skill.state == before


def test_a_rewording_can_be_taken_back(client, designer):
    skill = make_skill("Read the accounts", by=designer)
    actions.change_skill(skill, statement="Read two years of accounts", by=designer)

    undo(client, skill)

    assert skill.statement == "Read the accounts"


def test_a_context_that_was_taken_away_comes_back_as_it_was(client, designer):
    skill = make_skill(by=designer)
    step = make_workflow(steps=1).steps.get()
    context = make_context(skill, step, required_level=2, degree="no field left empty", by=designer)
    client.post(reverse("context_remove", args=[context.pk]))

    undo(client, skill)

    back = skill.contexts.get()
    assert (back.step, back.required_level, back.degree) == (step, 2, "no field left empty")


def test_a_placing_can_be_taken_back(client, designer):
    skill = make_skill(at=make_workflow(steps=1).steps.get(), by=designer)

    undo(client, skill)

    assert not skill.contexts.exists()


def test_only_the_newest_change_can_be_taken_back(client, designer):
    skill = make_skill("Read", by=designer)
    actions.change_skill(skill, statement="Read once", by=designer)
    older = Change.objects.filter(scope=skill.pk).latest("id")
    actions.change_skill(skill, statement="Read twice", by=designer)

    html = client.post(reverse("skill_undo", args=[skill.pk, older.pk]), follow=True).content.decode()

    skill.refresh_from_db()
    assert skill.statement == "Read twice"
    assert "Something else changed since." in html


def test_a_change_of_another_skill_is_not_found_here(client, designer):
    skill, other = make_skill(by=designer), make_skill(by=designer)
    change = Change.objects.filter(scope=other.pk).latest("id")

    assert client.post(reverse("skill_undo", args=[skill.pk, change.pk])).status_code == 404


def test_former_names_and_what_the_list_said_are_kept(client, designer):
    skill = make_skill("Read", also_called=["Reading 101"], details={"Keywords": ["a", "b"]}, by=designer)

    html = shown(client, skill)

    assert "Reading 101" in html
    assert "a; b" in html


def test_an_employee_sees_the_way_and_no_rules(client):
    skill = make_skill(at=make_workflow(steps=1).steps.get(), published=True)
    client.force_login(make_account())

    html = shown(client, skill)

    assert 'class="sight"' in html
    assert "Rules" not in html.partition('<footer class="foot">')[0]
    assert "Retire" not in html


@pytest.mark.parametrize("count", [1, 3])
def test_the_page_costs_the_same_for_one_and_for_three_of_everything(
    client, designer, count, django_assert_num_queries
):
    skill = make_skill("Read the accounts", by=designer)
    for n in range(count):
        step = make_step(by=designer)
        make_outcome(step, by=designer)
        make_context(skill, step, by=designer)
        make_skill(f"Read the account {n}", by=designer)

    with django_assert_num_queries(16):
        shown(client, skill)
