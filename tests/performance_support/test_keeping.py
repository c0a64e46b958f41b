"""What the clock does for freshness, what mails say, and what a link in one of them may do."""

import datetime as dt
from collections.abc import Iterator

import pytest
import time_machine
from django.conf import settings
from django.core import mail
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from base.errors import RuleBroken
from base.models import Change
from performance_support import actions, reminders, routines, tasks
from performance_support.models import FreshnessDay, Resource, Use
from performance_support.queries import desk
from tests.make import make_account, make_designer, make_key, make_person, make_resource, make_workflow
from tests.workforce.feed import deliver, row
from workflows import actions as work
from workflows.models import Step
from workflows.routines import pass_on_work as pass_on_workflows
from workforce.actions import close_account
from workforce.models import Account, Person, Role

pytestmark = pytest.mark.django_db
START = dt.datetime(2026, 3, 2, 9, tzinfo=dt.UTC)


@pytest.fixture(autouse=True)
def clock() -> Iterator[time_machine.Traveller]:
    with time_machine.travel(START, tick=False) as traveller:
        yield traveller


@pytest.fixture(autouse=True)
def queue(monkeypatch: pytest.MonkeyPatch) -> list[tuple[str, dict]]:
    """What left for the queue; the tasks of this room are carried out at once."""
    sent: list[tuple[str, dict]] = []

    def carry_out(task: str, payload: dict) -> None:
        sent.append((task, payload))
        if task.startswith("performance_support."):
            getattr(tasks, task.rpartition(".")[2])(**payload)

    monkeypatch.setattr("base.outbox.enqueue", carry_out)
    return sent


def rated(criticality: int = 7, **fields: object) -> Step:
    step = make_workflow(steps=1, **fields).steps.get()  # type: ignore[arg-type]
    return work.change_step(step, criticality=criticality, by=make_designer())


def leave(account: Account) -> None:
    account.person = make_person()
    account.save()
    account.person.status, account.person.left_at = "inactive", timezone.now()
    account.person.save()


def hour(django_capture_on_commit_callbacks) -> None:
    with django_capture_on_commit_callbacks(execute=True):
        routines.keep_fresh()
        routines.pass_on_work()


def fresh(resource: Resource) -> Resource:
    return Resource.objects.with_people().get(pk=resource.pk)


def test_what_a_leaver_owned_goes_to_the_owner_of_the_work(django_capture_on_commit_callbacks):
    keeper, owner = make_designer("Keeper"), make_designer("Gone")
    resource = make_resource("Price list", at=rated(by=keeper), owner=owner)
    leave(owner)
    hour(django_capture_on_commit_callbacks)
    assert fresh(resource).owner == keeper
    assert fresh(resource).stale_because == ["owner_left"]
    assert Change.objects.filter(subject=resource.pk, verb="hand_over").get().facts["owner"][1]["name"] == "Keeper"
    assert [message.to for message in mail.outbox] == [[f"Keeper <{keeper.email}>"]]
    assert "now yours" in mail.outbox[0].subject


def test_the_run_in_which_the_owner_left_names_the_resources_on_its_page_and_to_programs():
    deliver([row("own", display_name="Olga Gone")])
    owner = make_account(Role.DESIGNER, person=Person.objects.get(), name="Olga Gone")
    at = rated(by=make_designer("Keeper"))
    for title in ("Price list", "Delivery days"):
        make_resource(title, at=at, owner=owner)
    run = deliver([{"source_id": "Eown", "status": "terminated"}])

    for _ in range(2):
        routines.pass_on_work()

    client = Client()
    client.force_login(make_account(Role.PEOPLE_ADMIN))
    html = client.get(reverse("run_show", args=[run.pk])).content.decode()
    assert html.count("Delivery days, Price list") == 1
    assert "to <b>Keeper</b>" in html
    program = Client(headers={"Authorization": f"Bearer {make_key('hris')}"})
    found = program.get(f"/api/v1/hris/runs/{run.pk}/passed-on/").json()["results"]
    assert [(each["name"], each["owner_name"], each["work"]) for each in found] == [
        ("Olga Gone", "Keeper", ["Delivery days", "Price list"])
    ]
    changes = program.get(f"/api/v1/hris/runs/{run.pk}/changes/").json()["results"]
    assert [each["result"] for each in changes] == ["left"]


def test_what_leavers_owned_is_stale_when_the_run_that_lets_them_leave_is_applied():
    deliver([row("own"), row("other")])
    gone, here = (
        make_account(Role.DESIGNER, person=Person.objects.get(source_id=f"E{name}")) for name in ("own", "other")
    )
    left, kept = make_resource(at=rated(), owner=gone), make_resource(at=rated(), owner=here)
    deliver([{"source_id": "Eown", "status": "terminated"}])
    assert (fresh(left).stale_because, fresh(kept).stale_because) == (["owner_left"], [])
    assert [flag.code for flag in left.flags.open()] == ["owner_left"]


def test_so_is_what_somebody_owned_whose_account_is_closed():
    owner, admin = make_designer(), make_account(Role.ADMINISTRATOR)
    resource = make_resource(at=rated(), owner=owner)
    close_account(owner, reason="Lent to others.", by=admin)
    assert fresh(resource).stale_because == ["owner_left"]


def test_what_waits_for_a_new_owner_of_its_workflow_goes_with_it(django_capture_on_commit_callbacks):
    """Otherwise an administrator would get what the manager gets minutes later."""
    make_account(Role.ADMINISTRATOR)
    boss = make_person()
    heir = make_account(Role.DESIGNER, person=boss, name="Heir")
    owner = make_designer("Gone")
    resource = make_resource(at=rated(by=owner), owner=owner)
    leave(owner)
    Person.objects.filter(pk=owner.person_id).update(manager=boss)
    hour(django_capture_on_commit_callbacks)
    assert fresh(resource).owner == owner
    pass_on_workflows()
    hour(django_capture_on_commit_callbacks)
    assert fresh(resource).owner == heir


def test_where_whoever_looked_has_left_the_owner_is_asked(django_capture_on_commit_callbacks):
    owner, verifier = make_designer("Keeper"), make_designer("Gone")
    resource = make_resource("Price list", at=rated(by=owner), owner=owner, verifier=verifier)
    leave(verifier)
    for _ in range(2):
        hour(django_capture_on_commit_callbacks)
    assert (fresh(resource).asked, fresh(resource).state) == (owner, "verified")
    noted = Change.objects.get(subject=resource.pk, verb="hand_over").facts
    assert (noted["verifier"][0]["name"], noted["verifier"][1]) == ("Gone", None)
    assert [message.to for message in mail.outbox] == [[f"Keeper <{owner.email}>"]]
    assert "1 resource is now yours to look at" in mail.outbox[0].subject
    assert "asked from now on" in mail.outbox[0].body


def test_whoever_had_a_sign_in_but_no_person_left_by_no_run(django_capture_on_commit_callbacks):
    owner = make_designer()
    resource = make_resource("Price list", at=rated(by=make_designer("Keeper")), owner=owner)
    Account.objects.filter(pk=owner.pk).update(is_active=False)
    hour(django_capture_on_commit_callbacks)
    assert str(fresh(resource).owner) == "Keeper"
    assert not Change.objects.filter(verb="pass_on").exists()


def test_without_a_workflow_it_goes_to_an_administrator(django_capture_on_commit_callbacks):
    admin, owner = make_account(Role.ADMINISTRATOR), make_designer()
    resource = make_resource(owner=owner)
    leave(owner)
    hour(django_capture_on_commit_callbacks)
    assert fresh(resource).owner == admin


def test_after_14_days_the_workflow_owner_hears_of_it_once(clock, django_capture_on_commit_callbacks):
    keeper = make_designer("Keeper")
    make_resource(at=rated(by=keeper), owner=make_designer("Sleeper"))
    for day, mails in ((30, 0), (43, 0), (44, 1), (45, 1)):
        clock.move_to(START + dt.timedelta(days=day))
        hour(django_capture_on_commit_callbacks)
        assert len(mail.outbox) == mails, day
    assert mail.outbox[0].to == [f"Keeper <{keeper.email}>"]
    assert "14 days" in mail.outbox[0].body


def test_stale_and_unseen_for_half_a_year_it_goes_with_a_weeks_notice(clock, django_capture_on_commit_callbacks):
    resource = make_resource(at=rated())
    Resource.objects.update(escalated_at=START)
    clock.move_to(START + dt.timedelta(days=30))
    hour(django_capture_on_commit_callbacks)
    for day, state, told in (
        (202, "stale", False),
        (203, "stale", True),
        (209, "stale", True),
        (210, "archived", True),
    ):
        clock.move_to(START + dt.timedelta(days=day))
        hour(django_capture_on_commit_callbacks)
        assert fresh(resource).state == state, day
        assert any("archive" in message.subject for message in mail.outbox) is told, day


def test_opening_it_after_the_notice_keeps_it(clock, django_capture_on_commit_callbacks):
    resource = make_resource(at=rated())
    for day in (30, 203):
        clock.move_to(START + dt.timedelta(days=day))
        hour(django_capture_on_commit_callbacks)
    assert fresh(resource).archive_on
    actions.note_use(resource, by=make_account())
    clock.move_to(START + dt.timedelta(days=211))
    hour(django_capture_on_commit_callbacks)
    assert (fresh(resource).state, fresh(resource).archive_on) == ("stale", None)


def test_the_weekly_mail_is_grouped_by_who_is_asked(clock, django_capture_on_commit_callbacks):
    owner, verifier = make_designer(), make_designer()
    make_resource("One", at=rated(), owner=owner)
    make_resource("Two", at=rated(), owner=owner)
    make_resource("Three", at=rated(), owner=owner, verifier=verifier)
    make_resource("Later", at=rated(1), owner=owner)
    clock.move_to(START + dt.timedelta(days=20))
    for _ in range(2):
        with django_capture_on_commit_callbacks(execute=True):
            routines.send_reminders()
    by_reader = {message.to[0]: message.body for message in mail.outbox}
    assert len(mail.outbox) == 2
    assert all(word in by_reader[f"{owner.full_name} <{owner.email}>"] for word in ("One", "Two"))
    assert "Three" in by_reader[f"{verifier.full_name} <{verifier.email}>"]
    assert "Later" not in "".join(by_reader.values())
    assert mail.outbox[0].alternatives[0][1] == "text/html"  # type: ignore[attr-defined]


def test_a_mail_says_the_same_in_text_and_in_html_and_runs_nothing(clock, django_capture_on_commit_callbacks):
    owner = make_designer()
    resource = make_resource("<script>alert(1)</script> & more", at=rated(), owner=owner)
    clock.move_to(START + dt.timedelta(days=31))
    hour(django_capture_on_commit_callbacks)
    with django_capture_on_commit_callbacks(execute=True):
        routines.send_reminders()
    (message,) = mail.outbox
    ((html, _),) = message.alternatives  # type: ignore[attr-defined]
    address = f"{settings.SITE_URL}{link(owner, fresh(resource))}"
    for words in (address, "its review is due", "three weeks", reverse("settings_home")):
        assert (words in message.body, words in html) == (True, True), words
    assert "<script>alert(1)</script> & more" in message.body
    assert "<script" not in html
    assert "&lt;script&gt;alert(1)&lt;/script&gt; &amp; more" in html


# --- the link in a mail -----------------------------------------------------------------------


def link(account: Account, resource: Resource) -> str:
    return reverse("resource_still_correct", args=[reminders.token_for(account, resource)])


def signed_in(account: Account) -> Client:
    client = Client()
    client.force_login(account)
    return client


@pytest.fixture
def waiting(clock) -> Resource:
    resource = make_resource(at=rated(), owner=make_designer())
    clock.move_to(START + dt.timedelta(days=31))
    routines.keep_fresh()
    return fresh(resource)


def test_looking_changes_nothing_and_answering_verifies(waiting):
    client, address = signed_in(waiting.owner), link(waiting.owner, waiting)
    assert client.get(address).status_code == 200
    assert client.head(address).status_code == 200
    assert fresh(waiting).state == "stale"
    assert client.post(address).status_code == 302
    assert fresh(waiting).state == "verified"
    assert waiting.verifications.first().way == "mail"


def test_a_link_answers_once(waiting):
    client, address = signed_in(waiting.owner), link(waiting.owner, waiting)
    client.post(address)
    again = client.post(address)
    assert again.status_code == 409
    assert waiting.verifications.count() == 2


def test_a_link_is_somebodys_own(waiting):
    answer = signed_in(make_designer()).post(link(waiting.owner, waiting))
    assert answer.status_code == 409
    assert "somebody else" in answer.content.decode()
    assert fresh(waiting).state == "stale"
    assert Client().get(link(waiting.owner, waiting)).status_code == 302


def test_a_link_wears_out_and_cannot_be_made_up(clock, waiting):
    token = reminders.token_for(waiting.owner, waiting)
    with pytest.raises(RuleBroken, match="not whole"):
        reminders.read_token(token[:-2], waiting.owner)
    clock.shift(dt.timedelta(days=22))
    with pytest.raises(RuleBroken, match="three weeks"):
        reminders.read_token(token, waiting.owner)


# --- the desk ---------------------------------------------------------------------------------


def test_hot_but_stale_comes_first(clock):
    cold, hot, critical = make_resource(at=rated(7)), make_resource(at=rated(7)), make_resource(at=rated(7))
    Use.objects.create(resource=hot, day=START.date(), views=50)
    Use.objects.create(resource=critical, day=START.date(), views=2)
    clock.move_to(START + dt.timedelta(days=33))
    routines.keep_fresh()
    rows, onward = desk.page_of(desk.Asked())
    assert [row.resource.pk for row in rows] == [hot.pk, critical.pk, cold.pk]
    assert rows[0].priority == 50 * (3 + 1) * 7
    assert onward is None


def test_the_score_is_weighted_by_use(clock):
    stale, read = make_resource(at=rated(7)), make_resource(at=rated(1))
    Use.objects.create(resource=stale, day=START.date(), views=10)
    Use.objects.create(resource=read, day=START.date(), views=30)
    clock.move_to(START + dt.timedelta(days=31))
    routines.keep_fresh()
    score = desk.score()
    assert (score.percent, score.plain_percent) == (75, 50)
    assert FreshnessDay.objects.get().percent == 75


def test_the_desk_verifies_what_is_ticked_as_it_was_seen(waiting):
    client = signed_in(waiting.owner)
    page = client.get(reverse("freshness_desk"))
    assert f"{waiting.pk}:{waiting.version}" in page.content.decode()
    client.post(reverse("freshness_verify"), {"resource": f"{waiting.pk}:{waiting.version - 1}"})
    assert fresh(waiting).state == "stale"
    client.post(reverse("freshness_verify"), {"resource": f"{waiting.pk}:{waiting.version}"})
    assert fresh(waiting).state == "verified"


def test_a_colleague_sees_what_they_keep_and_verifies_nothing_else(waiting):
    client = signed_in(make_account())
    assert str(waiting) not in client.get(reverse("freshness_desk")).content.decode()
    assert client.post(reverse("freshness_verify"), {"resource": f"{waiting.pk}:{waiting.version}"}).status_code == 403


def test_the_desk_asks_as_often_for_three_as_for_one(clock, django_assert_max_num_queries):
    make_resource(at=rated())
    clock.move_to(START + dt.timedelta(days=31))
    routines.keep_fresh()
    client = signed_in(make_designer())
    client.get(reverse("freshness_desk"))
    with django_assert_max_num_queries(30) as one:
        client.get(reverse("freshness_desk"))
    clock.move_to(START)
    for _ in range(2):
        make_resource(at=rated())
    clock.move_to(START + dt.timedelta(days=31))
    routines.keep_fresh()
    with django_assert_max_num_queries(len(one)):
        client.get(reverse("freshness_desk"))
