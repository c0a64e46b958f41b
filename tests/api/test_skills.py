import uuid

import pytest

from skills.models import Skill
from tests.api.client import Program
from tests.make import make_context, make_key, make_outcome, make_skill, make_step, make_workflow

pytestmark = pytest.mark.django_db


@pytest.fixture
def program():
    return Program(make_key("design"))


def test_a_skill_is_placed_and_published(program):
    first, last = make_workflow(steps=2).steps.all()
    statement = "Support the sales rep by completing and submitting the customer information"
    skill = program.ask("POST", "skills/", {"name": "Customer information", "statement": statement}).body

    refused = program.ask("POST", f"skills/{skill['id']}/publish/")
    context = program.ask(
        "POST",
        f"skills/{skill['id']}/contexts/",
        {"step": str(first.pk), "outcome": str(last.outcomes.get().pk), "required_level": 3},
    )
    published = program.ask("POST", f"skills/{skill['id']}/publish/")

    assert refused.status_code == 409
    assert [error["code"] for error in refused.body["errors"]] == ["no_context"]
    assert context.status_code == 201
    assert (published.status_code, published.body["state"]) == (200, "published")
    assert [c["id"] for c in published.body["contexts"]] == [context.body["id"]]


def test_the_line_of_sight_reaches_the_final_outcome_and_its_measure(program):
    first, _, last = make_workflow(steps=3).steps.all()
    skill = make_skill(at=first)

    [sight] = program.ask("GET", f"skills/{skill.pk}/line-of-sight/").body

    assert [leg["step_name"] for leg in sight["legs"]] == ["Do step 1", "Do step 2", "Do step 3"]
    assert sight["is_live"] is True
    assert sight["final_outcome"] == str(last.outcomes.get().pk)
    assert sight["measure"]["measure"] == "days"


def test_an_outcome_that_is_not_downstream_is_refused(program):
    first, last = make_workflow(steps=2).steps.all()
    skill = make_skill()

    answer = program.ask(
        "POST", f"skills/{skill.pk}/contexts/", {"step": str(last.pk), "outcome": str(first.outcomes.get().pk)}
    )

    assert (answer.status_code, answer.body["errors"][0]["code"]) == (409, "not_downstream")
    assert not skill.contexts.exists()


def test_the_flags_of_a_skill_say_which_rules_fail(program):
    skill = make_skill("Python")

    assert program.ask("GET", f"skills/{skill.pk}/").body["flags"] == ["no_context", "says_little"]


def test_skills_are_found_by_flag_step_and_workflow(program):
    step = make_workflow(steps=1).steps.get()
    placed, loose = make_skill(at=step), make_skill()

    def ids(query: str) -> list:
        return [skill["id"] for skill in program.ask("GET", f"skills/?{query}").body["results"]]

    assert ids("flag=no_context") == [str(loose.pk)]
    assert ids(f"step={step.pk}") == [str(placed.pk)]
    assert ids(f"workflow={step.workflow_id}") == [str(placed.pk)]


def test_a_context_of_another_skill_is_not_found_under_this_one(program):
    step = make_workflow(steps=1).steps.get()
    other = make_skill(at=step).contexts.get()

    assert program.ask("GET", f"skills/{make_skill().pk}/contexts/{other.pk}/").status_code == 404


def test_an_unknown_skill_is_not_found(program):
    assert program.ask("GET", f"skills/{uuid.uuid4()}/").status_code == 404


def test_the_last_context_of_a_published_skill_stays(program):
    skill = make_skill(at=make_workflow(steps=1).steps.get(), published=True)

    answer = program.ask("DELETE", f"skills/{skill.pk}/contexts/{skill.contexts.get().pk}/")

    assert (answer.status_code, answer.body["errors"][0]["code"]) == (409, "last_context")


def test_a_context_is_removed(program):
    skill = make_skill(at=make_workflow(steps=1).steps.get())

    assert program.ask("DELETE", f"skills/{skill.pk}/contexts/{skill.contexts.get().pk}/").status_code == 204
    assert not skill.contexts.exists()


@pytest.mark.parametrize("count", [1, 3])
def test_the_list_costs_the_same_for_one_and_for_three(program, count, django_assert_num_queries):
    step = make_workflow(steps=1).steps.get()
    another = make_outcome(step)
    for _ in range(count):
        skill = make_skill()
        make_context(skill, step, step.outcomes.exclude(pk=another.pk).get())
        make_context(skill, step, another)
    program.ask("GET", "skills/")

    with django_assert_num_queries(4):  # the key with its account, skills, contexts, flags
        assert len(program.ask("GET", "skills/").body["results"]) == count


@pytest.mark.parametrize("count", [1, 3])
def test_the_line_of_sight_costs_the_same_for_one_and_for_three(program, count, django_assert_num_queries):
    step = make_step()
    skill = make_skill()
    for _ in range(count):
        make_context(skill, step, make_outcome(step))
    program.ask("GET", "skills/")

    with django_assert_num_queries(7):  # key, skill, contexts, ends, ways, their steps, their outcomes
        assert len(program.ask("GET", f"skills/{skill.pk}/line-of-sight/").body) == count


def test_a_name_is_enough_to_be_called_by():
    skill = Program(make_key("design")).ask("POST", "skills/", {"statement": "Check the register entry"}).body

    assert Skill.objects.get(pk=skill["id"]).name == "Check the register entry"
