"""What colleagues have learnt at a step: left, found helpful, made a resource by whoever answers for the work."""

import pytest
from django.test import Client
from django.urls import reverse

from performance_support import actions
from performance_support.models import HelpWord, Resource, Tip
from performance_support.queries import vocabulary
from performance_support.queries.asking import Colleagues
from tests.make import make_account, make_resource, make_workflow
from workflows.models import Step
from workforce.models import Account

pytestmark = pytest.mark.django_db


@pytest.fixture
def step() -> Step:
    return make_workflow("Customer onboarding", steps=1).steps.get()


@pytest.fixture
def tom() -> Account:
    return make_account(name="Tom Becker")


@pytest.fixture
def tip(step, tom) -> Tip:
    return actions.leave_tip(step, text="Ask for the register number first.", by=tom)


def signed_in(account: Account) -> Client:
    client = Client()
    client.force_login(account)
    return client


def at_step(step: Step, by: Account) -> str:
    return signed_in(by).get(reverse("step_support", args=[step.pk])).content.decode()


def asked(by: Account, route: str, noun: Step | Tip, **typed: str) -> int:
    return signed_in(by).post(reverse(route, args=[noun.pk]), typed).status_code


def test_a_tip_is_found_at_its_step_under_the_name_of_whoever_left_it(step, tom):
    asked(tom, "tip_leave", step, text="Ask for the register number first.")
    page = at_step(step, make_account())
    assert "Ask for the register number first." in page
    assert "Tom Becker, " in page


@pytest.mark.parametrize(
    "text", ["   ", "See https://ann:secret@wiki.example.com/ or <https://ann:secret@wiki.example.com/>"]
)
def test_what_is_no_tip_says_why_and_is_not_kept(step, tom, text):
    answer = signed_in(tom).post(reverse("tip_leave", args=[step.pk]), {"text": text}, follow=True)
    assert "Nothing was kept." in answer.content.decode()
    assert not Tip.objects.exists()


def test_what_helped_most_comes_first_and_nobody_helps_themselves(step, tip, tom):
    better = actions.leave_tip(step, text="The list is sorted by customer.", by=make_account())
    lena = make_account()
    asked(lena, "tip_vote", better)
    asked(tom, "tip_vote", tip)
    assert [(each.text, each.voices, each.is_mine) for each in Colleagues(step, by=lena).tips] == [
        (better.text, 1, True),
        (tip.text, 0, False),
    ]
    asked(lena, "tip_vote", better)
    assert better.votes.count() == 0


def test_whoever_answers_for_the_workflow_makes_it_a_draft_there(step, tip, tom):
    owner = step.workflow.owner
    assert "Make it a resource" not in at_step(step, tom)
    assert asked(tom, "tip_promote", tip) == 403
    assert "Make it a resource" in at_step(step, owner)
    assert asked(owner, "tip_promote", tip) == 302

    made = Resource.objects.get()
    assert (made.text, made.state, made.owner, made.placements.get().step) == (tip.text, "draft", owner, step)
    assert list(Tip.objects.at(step)) == []
    assert asked(owner, "tip_promote", tip) == 409
    assert Resource.objects.count() == 1


def test_a_tip_is_taken_away_by_whoever_left_it_or_keeps_the_step(step, tip, tom):
    assert asked(make_account(), "tip_remove", tip) == 403
    assert asked(tom, "tip_remove", tip) == 302
    assert asked(tom, "tip_vote", tip) == 404
    assert tip.text not in at_step(step, tom)


@pytest.mark.parametrize(("words", "finds"), [("register", True), ("regsiter number", True), ("elephants", False)])
def test_a_tip_is_found_from_the_first_page_with_typing_errors(step, tip, words, finds):
    make_resource("Something else")
    page = signed_in(make_account()).get(reverse("support_home"), {"q": words})
    assert page.context["found_tips"] == ([tip] if finds else [])
    assert (f"{reverse('step_support', args=[step.pk])}#tips" in page.content.decode()) is finds


def test_what_was_taken_away_or_made_a_resource_is_no_tip_that_is_found(step, tip, tom):
    other = actions.leave_tip(step, text="The register is open on Mondays.", by=tom)
    actions.promote_tip(other, by=tom)
    actions.remove_tip(tip, by=tom)
    assert signed_in(tom).get(reverse("support_home"), {"q": "register"}).context["found_tips"] == []
    vocabulary.WORDS.rebuild()
    assert vocabulary.WORDS.recomputed() == dict(HelpWord.objects.values_list("word", "uses"))
