"""What the rules find wrong with resources: each rule, and its flags in the one queue."""

import datetime as dt
from collections.abc import Iterator

import pytest
import time_machine
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from base import flags, watch
from performance_support import actions, reminders, settling
from performance_support.models import Link, Resource, ResourceFlag
from performance_support.rules import RESOURCE_RULES
from skills import digests, queue
from tests.make import make_account, make_designer, make_key, make_person, make_resource, make_workflow
from workflows import actions as work
from workflows.models import Step
from workforce.models import Account

pytestmark = pytest.mark.django_db
START = dt.datetime(2026, 3, 2, 9, tzinfo=dt.UTC)


@pytest.fixture(autouse=True)
def clock() -> Iterator[time_machine.Traveller]:
    with time_machine.travel(START, tick=False) as traveller:
        yield traveller


def a_step() -> Step:
    return make_workflow(steps=1).steps.get()


def night() -> None:
    settling.settle_everything()
    watch.run_through(watch.ask().pk)


def revise(resource: Resource) -> None:
    work.change_step(resource.placements.get().step, name="Do it anew", by=make_designer())


def break_link(resource: Resource) -> None:
    Link.objects.filter(resources=resource).update(state="broken", failures=3, failing_since=START)


def vote_down(resource: Resource) -> None:
    for _ in range(2):
        actions.vote(resource, worked=False, by=make_account())


def let_owner_leave(resource: Resource) -> None:
    resource.owner.person = make_person(status="inactive", left_at=timezone.now())
    resource.owner.save()


def verify(resource: Resource) -> None:
    actions.verify(resource, by=make_designer())


def take_away(resource: Resource) -> None:
    actions.take_away(resource.placements.get(), by=make_designer())


@pytest.mark.parametrize(
    ("code", "days", "happens"),
    [
        ("step_changed", 1, revise),
        ("link_broken", 1, break_link),
        ("voted_down", 1, vote_down),
        ("owner_left", 1, let_owner_leave),
        ("review_due", 180, None),
        ("unplaced", 1, take_away),
        ("unused", 91, verify),
    ],
)
def test_each_rule_flags_what_breaks_it_and_nothing_else(clock, code, days, happens):
    step = a_step()
    make_resource(at=step, by=make_designer())
    resource = make_resource(at=a_step(), url="https://example.com/x", owner=make_designer())
    # The database dates what begins by its own clock, which nobody freezes.
    Resource.objects.update(created_at=START)
    actions.note_use(Resource.objects.exclude(pk=resource.pk).get(), by=make_account())
    night()
    assert not ResourceFlag.objects.open().exists()
    clock.move_to(START + dt.timedelta(days=days))
    for other in Resource.objects.exclude(pk=resource.pk):
        actions.note_use(other, by=make_account())
        actions.verify(other, by=make_designer())
    if code == "review_due":
        actions.note_use(resource, by=make_account())
    if happens:
        happens(resource)
    night()
    assert [(flag.code, flag.about_id) for flag in ResourceFlag.objects.open()] == [(code, resource.pk)]


def test_these_are_the_rules_of_the_design():
    assert {rule.code for rule in RESOURCE_RULES} == {
        *("review_due", "step_changed", "link_broken", "owner_left", "voted_down", "unplaced", "unused")
    }


# --- in the one queue -------------------------------------------------------------------------


@pytest.fixture
def flagged() -> ResourceFlag:
    resource = make_resource("Price list", at=a_step(), owner=make_designer("Olga"), verifier=make_designer("Vera"))
    revise(resource)
    return ResourceFlag.objects.open().get()


def signed_in(account: Account) -> Client:
    client = Client()
    client.force_login(account)
    return client


def test_whoever_looks_whether_it_is_correct_finds_it_in_the_queue(flagged):
    client = signed_in(flagged.about.verifier)
    html = client.get(reverse("flag_list"), {"whose": "mine", "reason": "step_changed"}).content.decode()
    assert f'href="{flagged.about.get_absolute_url()}">Price list</a>' in html
    mine = queue.queue(queue.Narrowing(whose=str(flagged.about.verifier_id)))
    theirs = queue.queue(queue.Narrowing(whose=str(flagged.about.owner_id)))
    assert (mine.awake["warns"], theirs.awake["warns"]) == (1, 0)
    assert "Price list" in client.get(reverse("flag_show", args=[flagged.pk])).content.decode()


def test_it_is_assigned_set_aside_woken_and_taken_back(flagged):
    designer = make_designer("Dana")
    client = signed_in(designer)
    client.post(reverse("flag_assign"), {"flag": str(flagged.pk), "answer": "1", "to": str(designer.pk)})
    flagged.refresh_from_db()
    assert flagged.assigned_to == designer
    assert "Price list" in client.get(reverse("home")).content.decode()
    until = (START + dt.timedelta(days=9)).date()
    snooze = {"flag": str(flagged.pk), "answer": "1", "until": until.isoformat(), "reason": "A new price list comes"}
    client.post(reverse("flag_snooze"), snooze)
    flagged.refresh_from_db()
    assert flagged.snoozed_until == until
    client.post(reverse("flag_wake"), {"flag": str(flagged.pk)})
    client.post(reverse("flag_undo"))
    flagged.refresh_from_db()
    assert flagged.snooze_reason == "A new price list comes"


def test_home_counts_it(flagged):
    html = signed_in(flagged.about.verifier).get(reverse("home")).content.decode()
    assert "Step changed: 1 resource</a>" in html


def test_the_weekly_mail_leads_each_to_where_they_may_work():
    resource = make_resource("Price list", at=a_step(), owner=(employee := make_account(name="Emil")))
    take_away(resource)
    [reason] = digests.reasons_for(employee)
    assert (reason.rule.code, reason.count, reason.examples) == ("unplaced", 1, ["Price list"])
    assert reason.address.endswith("/support/freshness/?whose=mine&because=unplaced")
    desk = signed_in(employee).get(reason.address).content.decode()
    assert f'href="{resource.get_absolute_url()}">Price list</a>' in desk
    assert "It serves nothing" in desk
    Resource.objects.update(owner=(designer := make_designer()))
    [reason] = digests.reasons_for(designer)
    assert reason.address.endswith("/skills/flags/?whose=mine&reason=unplaced")
    assert signed_in(designer).get(reason.address).status_code == 200


def test_the_desk_shows_what_is_wrong_beyond_staleness_to_whoever_keeps_it_alone():
    mine = make_resource("Price list", owner=(employee := make_account(name="Emil")))
    make_resource("Somebody else's")
    make_resource("A draft", owner=employee, verified=False)
    night()
    asked = {"whose": "mine", "because": "unplaced"}
    rows = signed_in(employee).get(reverse("freshness_desk"), asked).context["rows"]
    assert {row.resource.title for row in rows} == {"Price list", "A draft"}
    answer = signed_in(employee).get(reverse("freshness_export", args=["csv"]), asked)
    assert b"".join(answer).decode().count("it serves nothing") == 2
    html = signed_in(employee).get(reverse("freshness_desk"), asked).content.decode()
    # A draft is offered on its own page, by whoever has read it there.
    assert html.count('name="resource"') == 1
    assert str(mine.pk) in html


def test_what_the_mail_about_freshness_asks_the_other_mail_does_not_repeat(flagged):
    verifier = flagged.about.verifier
    assert reminders.waiting_for(verifier) == [flagged.about]
    assert digests.reasons_for(verifier) == []
    assert verifier not in digests.owners()


def test_whoever_was_given_it_to_mend_hears_of_it_in_the_weekly_mail(flagged):
    dana = make_designer("Dana")
    flags.assign(flagged, to=dana, by=dana)
    assert [reason.rule.code for reason in digests.reasons_for(dana)] == ["step_changed"]
    assert dana in digests.owners()


def test_programs_find_it(flagged):
    answer = Client(headers={"Authorization": f"Bearer {make_key('design')}"}).get("/api/v1/flags/?about=resource")
    assert [(flag["about"], flag["code"]) for flag in answer.json()["results"]] == [("resource", "step_changed")]


@pytest.mark.parametrize("count", [1, 3])
def test_its_rows_cost_the_same_for_one_and_for_three(count, django_assert_num_queries):
    for _ in range(count):
        revise(make_resource(at=a_step()))
    rule = queue.rule_called("step_changed")
    with django_assert_num_queries(1):
        page = queue.rows(rule, queue.Narrowing())
        assert [row.owner for row in page.rows] == [row.flag.about.owner for row in page.rows]
    assert len(page.rows) == count
