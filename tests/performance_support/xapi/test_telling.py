"""What people open and how they vote is put on its way to the LRS, by an id and not by name."""

import datetime as dt

import pytest
import time_machine
from django.db import IntegrityError, transaction
from django.test import Client
from django.urls import reverse

from performance_support import actions
from performance_support.models import Lrs, Statement, Use, Vote
from performance_support.models.lrs import Told
from performance_support.xapi import sound
from performance_support.xapi.sealing import seal, unseal
from performance_support.xapi.statements import Event, statement_of, trial
from tests.make import make_account, make_person, make_resource, make_workflow
from workforce.models import Account

pytestmark = pytest.mark.django_db
NOW = dt.datetime(2026, 3, 2, 9, 30, tzinfo=dt.UTC)


@pytest.fixture(autouse=True)
def frozen():
    with time_machine.travel(NOW, tick=False):
        yield


@pytest.fixture
def step():
    return make_workflow("Order to cash", steps=1).steps.get()


@pytest.fixture
def tom() -> Account:
    return make_account(name="Tom Becker", email="tom@example.com", person=make_person(display_name="Tom Becker"))


def connected(**facts: object) -> Lrs:
    known = {"url": "https://lrs.example.com/xapi", "key": "k", "sealed": seal("s"), "wanted_at": NOW}
    return Lrs.objects.create(**{**known, **facts})


def kinds() -> list[str]:
    return sorted(Statement.objects.values_list("kind", flat=True))


# --- when -------------------------------------------------------------------------------------


def test_nothing_is_written_where_no_lrs_is_connected(step, tom):
    actions.note_visit(step, quick=None, by=tom)
    actions.vote(make_resource(at=step), worked=True, by=tom)

    assert not Statement.objects.exists()


def test_nothing_is_written_while_it_is_switched_off(step, tom):
    connected(wanted_at=None)
    actions.note_visit(step, quick=None, by=tom)

    assert not Statement.objects.exists()


@pytest.mark.parametrize(("kind", "told"), [("step", ["step"]), ("resource", ["resource"] * 2), ("vote", ["vote"])])
def test_an_lrs_hears_only_of_what_was_chosen(step, tom, kind, told):
    connected(kinds=[kind])
    resource = make_resource(at=step)
    actions.note_visit(step, quick=resource, by=tom)
    actions.note_use(make_resource(at=step), step=step, by=tom)
    actions.vote(resource, worked=True, step=step, by=tom)

    assert kinds() == told


def test_opening_a_step_tells_of_it_and_of_its_quick_steps_and_counts_as_before(step, tom):
    connected()
    quick = make_resource(at=step, kind="quick_steps", text="", steps=[{"text": "Open it", "detail": ""}])
    client = Client()
    client.force_login(tom)
    client.get(reverse("step_support", args=[step.pk]))

    assert kinds() == ["resource", "step"]
    assert [(use.resource, use.views) for use in Use.objects.select_related("resource")] == [(quick, 1)]
    assert {each.about for each in Statement.objects.all()} == {tom}


def test_a_statement_is_gone_with_the_transaction_of_its_vote(step, tom):
    connected()
    resource = make_resource(at=step)
    with transaction.atomic():
        actions.vote(resource, worked=True, by=tom)
        transaction.set_rollback(True)

    assert (Vote.objects.count(), Statement.objects.count()) == (0, 0)


def test_the_same_event_is_told_once_and_a_changed_mind_again(step, tom):
    connected()
    resource = make_resource(at=step)
    for _ in range(2):
        actions.vote(resource, worked=True, by=tom)
    assert kinds() == ["vote"]

    with time_machine.travel(NOW + dt.timedelta(minutes=1), tick=False):
        actions.vote(resource, worked=False, by=tom)
    assert kinds() == ["vote", "vote"]


def test_what_is_not_sound_is_kept_with_its_reason_and_blocks_nobody(step, tom, settings):
    connected()
    settings.SITE_URL = "no address at all"
    actions.note_visit(step, quick=None, by=tom)

    refused = Statement.objects.get()
    assert (refused.state, "actor.account.homePage is no address" in refused.reason) == ("refused", True)


# --- what -------------------------------------------------------------------------------------


def every_kind(step, tom) -> dict[str, dict]:
    resource = make_resource("Check the order", at=step, kind="course", url="https://example.com/", language="de")
    vote = actions.vote(resource, worked=False, wrong="out_of_date", comment="Ask Ada!", step=step, by=tom)
    return {
        "step": statement_of(Event(Told.STEP, tom, NOW, step=step), with_name=False),
        "resource": statement_of(Event(Told.RESOURCE, tom, NOW, resource=resource), with_name=False),
        "resource at a step": statement_of(Event(Told.RESOURCE, tom, NOW, step, resource), with_name=True),
        "vote": statement_of(Event(Told.VOTE, tom, NOW, step, resource, vote), with_name=False),
        "test": trial(NOW),
    }


def test_every_kind_of_statement_is_sound(step, tom):
    assert {kind: sound.faults(said) for kind, said in every_kind(step, tom).items() if sound.faults(said)} == {}


def test_an_opened_resource_says_who_what_and_where(step, tom):
    said = every_kind(step, tom)["resource at a step"]

    assert said["verb"]["id"] == "http://adlnet.gov/expapi/verbs/experienced"
    assert said["timestamp"] == "2026-03-02T09:30:00.000Z"
    assert said["object"]["definition"] == {
        "name": {"de": "Check the order"},
        "type": "http://adlnet.gov/expapi/activities/course",
    }
    around = [each["id"] for each in said["context"]["contextActivities"]["grouping"]]
    assert around == [
        f"http://127.0.0.1:8000/support/steps/{step.pk}/",
        f"http://127.0.0.1:8000{step.workflow.get_absolute_url()}",
    ]
    assert (said["context"]["platform"], said["context"]["revision"]) == ("Sightline", "1")


def test_a_vote_answers_a_question_and_says_nothing_about_the_person_s_ability(step, tom):
    said = every_kind(step, tom)["vote"]

    assert said["verb"]["id"] == "http://adlnet.gov/expapi/verbs/answered"
    assert said["object"]["id"].endswith("#did-this-work")
    assert said["object"]["definition"]["interactionType"] == "true-false"
    wrong = {"http://127.0.0.1:8000/xapi/wrong": "out_of_date"}
    assert said["result"] == {"response": "false", "extensions": wrong}
    assert said["context"]["contextActivities"]["parent"][0]["id"] == said["object"]["id"].partition("#")[0]


def test_nobody_is_named_unless_an_administrator_chose_so(step, tom):
    lrs = connected()
    actions.note_visit(step, quick=None, by=tom)
    unnamed = Statement.objects.get().body
    Statement.objects.all().delete()
    Lrs.objects.filter(pk=lrs.pk).update(with_names=True)
    actions.note_visit(step, quick=None, by=tom)

    who = {"homePage": "http://127.0.0.1:8000", "name": str(tom.person_id)}
    assert unnamed["actor"] == {"objectType": "Agent", "account": who}
    assert Statement.objects.get().body["actor"] == {"objectType": "Agent", "account": who, "name": "Tom Becker"}


def test_neither_comments_nor_mail_addresses_leave(step, tom):
    said = str(every_kind(step, tom))

    assert "Ask Ada!" not in said
    assert "tom@example.com" not in said


def test_the_same_event_has_the_same_id_and_another_one_another(step, tom):
    events = [Event(Told.STEP, tom, NOW, step=step), Event(Told.STEP, tom, NOW, step=step)]
    later = Event(Told.STEP, tom, NOW + dt.timedelta(microseconds=1), step=step)
    somebody = Event(Told.STEP, make_account(), NOW, step=step)

    assert events[0].id == events[1].id
    assert len({events[0].id, later.id, somebody.id}) == 3


# --- its secret -------------------------------------------------------------------------------


def test_the_secret_is_sealed_and_another_key_does_not_open_it(settings):
    sealed = seal("open sesame")
    assert "sesame" not in sealed
    assert unseal(sealed) == "open sesame"

    settings.SECRET_KEY_FALLBACKS, settings.SECRET_KEY = [settings.SECRET_KEY], "another" * 8
    assert unseal(sealed) == "open sesame"
    settings.SECRET_KEY_FALLBACKS = []
    assert unseal(sealed) is None


# --- what must never be false -----------------------------------------------------------------


@pytest.mark.parametrize(
    ("facts", "name"),
    [
        ({"kinds": ["danced"]}, "lrs_hears_of_something_known"),
        ({"kinds": []}, "lrs_hears_of_something_known"),
        ({"url": " "}, "lrs_url_says_something"),
        ({"key": ""}, "lrs_key_says_something"),
        ({"sealed": ""}, "lrs_sealed_says_something"),
        ({"is_only": False}, "lrs_is_the_only_one"),
        ({"attempts": 1}, "lrs_fails_since_a_moment"),
        ({"told_at": NOW}, "lrs_fails_since_a_moment"),
    ],
)
def test_an_lrs_makes_sense(facts, name):
    connected()
    with pytest.raises(IntegrityError, match=name), transaction.atomic():
        Lrs.objects.update(**facts)


def test_there_is_one_lrs_and_no_second():
    connected()
    with pytest.raises(IntegrityError, match="is_only"), transaction.atomic():
        connected()


@pytest.mark.parametrize(
    ("facts", "name"),
    [
        ({"settled_at": NOW}, "statement_that_waits_is_not_settled"),
        ({"state": "refused", "reason": "No"}, "statement_that_waits_is_not_settled"),
        ({"state": "sent", "settled_at": NOW}, "statement_that_was_sent_names_nobody"),
        ({"state": "sent", "settled_at": NOW, "body": {}}, "statement_that_was_sent_names_nobody"),
        ({"body": {}}, "statement_that_was_sent_names_nobody|statement_body_bears_its_id"),
        ({"body": {"id": "somebody else's"}}, "statement_body_bears_its_id"),
        ({"state": "given_up", "settled_at": NOW}, "statement_not_sent_says_why"),
    ],
)
def test_a_statement_makes_sense(step, tom, facts, name):
    connected()
    actions.note_visit(step, quick=None, by=tom)
    with pytest.raises(IntegrityError, match=name), transaction.atomic():
        Statement.objects.update(**facts)
