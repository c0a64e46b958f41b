"""The page that a worker opens while working, and the way to it."""

import re
from html import unescape

import pytest
from django.core import mail
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from gaps.queries import standing
from performance_support import actions, tasks
from performance_support.models import Moment, Resource, Use, Vote
from performance_support.queries import asking, coach
from skills.queries import vocabulary
from tests.make import (
    make_account,
    make_designer,
    make_evidence,
    make_handoff,
    make_outcome,
    make_person,
    make_resource,
    make_skill,
    make_step,
    make_workflow,
)
from workflows.models import Step

pytestmark = pytest.mark.django_db
LINES = [
    {"text": "Open it", "detail": "In the order system."},
    {"text": "Save it", "detail": "", "rule": "Only saved orders are picked."},
]


@pytest.fixture(autouse=True)
def queue(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """The tasks of this room are carried out at once."""
    sent: list[str] = []

    def carry_out(task: str, payload: dict) -> None:
        sent.append(task)
        if task.startswith("performance_support."):
            getattr(tasks, task.rpartition(".")[2])(**payload)

    monkeypatch.setattr("base.outbox.enqueue", carry_out)
    return sent


@pytest.fixture
def step() -> Step:
    return make_workflow("Customer onboarding", steps=3).steps.get(position=1)


@pytest.fixture
def worker(step):
    return make_account(name="Tom Becker", person=make_person(role=step.performed_by, display_name="Tom Becker"))


@pytest.fixture
def client(worker):
    client = Client()
    client.force_login(worker)
    return client


def quick_steps(step: Step, **fields: object) -> Resource:
    return make_resource("Prepare it", at=step, kind="quick_steps", text="", steps=LINES, **fields)


def shown(client: Client, step: Step) -> str:
    answer = client.get(reverse("step_support", args=[step.pk]))
    assert answer.status_code == 200
    return answer.content.decode()


# --- the way there ----------------------------------------------------------------------------


def test_my_steps_are_one_click_away(client, step):
    html = client.get(reverse("support_home")).content.decode()
    for own in step.workflow.steps.all():
        assert reverse("step_support", args=[own.pk]) in html


def test_home_leads_to_the_step_in_one_click(client, step):
    assert reverse("step_support", args=[step.pk]) in client.get(reverse("home")).content.decode()


@pytest.mark.parametrize("words", ["Prepare", "prepair", "prapare acount"])
def test_steps_and_support_are_found_with_typing_errors(client, step, words):
    make_step(step.workflow, name="Prepare the account", position=9)
    make_resource("Prepare an account, field by field", at=step)
    vocabulary.rebuild()
    found = client.get(reverse("support_home"), {"q": words}).context
    assert [each.name for each in found["found_steps"]] == ["Prepare the account"]
    assert [each.title for each in found["found_resources"]] == ["Prepare an account, field by field"]


def test_who_has_no_job_role_is_told_why(step):
    client = Client()
    client.force_login(make_account())
    assert "You have no job role yet" in client.get(reverse("support_home")).content.decode()
    chosen = client.get(reverse("support_home"), {"workflow": step.workflow_id}).content.decode()
    assert reverse("step_support", args=[step.pk]) in chosen


# --- the step ---------------------------------------------------------------------------------


def test_quick_steps_come_with_their_detail_and_the_rule_behind(client, step):
    quick_steps(step)
    html = shown(client, step)
    assert html.index("Open it") < html.index("In the order system.") < html.index("Save it")
    assert "Only saved orders are picked." in html


def test_it_says_who_waits_for_what(client, step):
    sales = make_workflow(steps=1).steps.get()
    outcome = step.outcomes.get()
    make_handoff(outcome, sales, accepted_when="Name and number; who may sign", share_complete_and_accurate=78)
    for n in range(4):
        make_person(role=sales.performed_by, display_name=f"Seller {n}")
    html = shown(client, step)
    assert "Seller 0, Seller 1, Seller 2 and 1 more" in html
    assert "<li>Name and number</li><li>who may sign</li>" in html
    assert "78 % arrive complete and accurate" in html


def test_the_line_goes_on_to_the_final_outcome(step, worker):
    seen = coach.coached(step, by=worker, role=step.performed_by)
    assert seen.lit == {each.pk for each in step.workflow.steps.all()}
    assert seen.end == step.workflow.steps.get(position=3).outcomes.get()


def test_help_for_other_job_roles_is_left_out(client, step):
    other = make_workflow(steps=1).steps.get().performed_by
    make_resource("For sellers only", at=step, audience=[other])
    assert "For sellers only" not in shown(client, step)


def test_stale_support_stays_with_a_badge_and_says_why(client, step):
    resource = quick_steps(step)
    for _ in range(2):
        actions.vote(resource, worked=False, by=make_account())
    html = shown(client, step)
    assert "Stale since" in html
    assert "people say that it did not work" in html


def test_an_empty_step_teaches(client, step):
    assert "Nobody has written quick steps for this yet." in shown(client, step)


def test_peers_at_level_3_are_named_and_nobody_else(step, worker):
    skill = make_skill("Support the clerk by checking it", at=step, published=True)
    people = {name: make_person(role=step.performed_by, display_name=name) for name in ("Able", "Learner", "Boaster")}
    for name, level, kind in (("Able", 4, "manager"), ("Learner", 2, "manager"), ("Boaster", 4, "own")):
        make_evidence(people[name], skill, level, type=kind)
    standing.recompute_everything()
    assert [peer.name for peer in asking.peers_at(step, without=None)] == ["Able"]
    assert asking.peers_at(step, without=people["Able"].pk) == []
    # Nobody is named twice.
    able = make_account(person=people["Able"])
    champion = actions.ask_champion(step, account=able, by=make_designer())
    assert len(asking.peers_at(step, without=None)) == 1
    actions.answer_champion(champion, accepts=True, by=able)
    assert asking.peers_at(step, without=None) == []


def channels(client: Client, step: Step) -> dict[str, str]:
    """What stands to ask with: whom, and where it leads."""
    [asking] = re.findall(r'<section class="ask".*?</section>', shown(client, step), re.DOTALL)
    links = re.findall(r'<a class="btn[^"]*" href="([^"]+)"[^>]*>(.*?)</a>', asking, re.DOTALL)
    return {" ".join(re.sub(r"<[^>]+>", "", words).split()): unescape(address) for address, words in links}


def test_asking_opens_the_channel_of_whoever_is_asked(client, step):
    designer, ada = make_designer(), make_account(name="Ada Okafor", email="ada+sales@example.com")
    Step.objects.filter(pk=step.pk).update(name="Check & sign")
    champion = actions.ask_champion(step, account=ada, by=designer)
    actions.answer_champion(champion, accepts=True, available_when="mornings", by=ada)
    actions.add_community(name="Analysts", url="https://chat.example.com/analysts", steps=[step], by=designer)
    actions.add_community(name="Room 3", meets="Thursdays", steps=[step], by=designer)
    days = {"starts_on": timezone.localdate(), "ends_on": timezone.localdate()}
    cohort = actions.add_cohort(name="Spring", goal="Alone", meets="Fridays", steps=[step], by=ada, **days)
    skill = make_skill("Support the clerk by checking it", at=step, published=True)
    peer = make_person(role=step.performed_by, display_name="Able", work_email="able@example.com")
    make_evidence(peer, skill, 4, type="manager")
    standing.recompute_everything()

    assert channels(client, step) == {
        "Ask Ada Okafor": "mailto:ada%2Bsales@example.com?subject=Check%20%26%20sign",
        "Open Analysts": "https://chat.example.com/analysts",
        "Look at Spring": cohort.get_absolute_url(),
        "Ask Able": "mailto:able@example.com?subject=Check%20%26%20sign",
    }


def test_where_nobody_is_named_the_owner_of_the_workflow_is_asked(client, step):
    owner = step.workflow.owner
    [(words, address)] = channels(client, step).items()
    assert words == f"Ask {owner.name}"
    assert address.startswith(f"mailto:{owner.email}?subject=")


def test_opening_the_page_counts_its_quick_steps_and_a_reference_when_it_is_opened(client, step):
    quick_steps(step)
    link = make_resource("The register", at=step, kind="link", text="", url="https://register.example.com/")
    shown(client, step)
    answer = client.get(f"{reverse('resource_open', args=[link.pk])}?step={step.pk}")
    assert answer["Location"] == link.url
    assert {(use.resource.title, use.step, use.views) for use in Use.objects.select_related("resource")} == {
        ("Prepare it", step, 1),
        ("The register", step, 1),
    }


def test_the_number_of_queries_stays_the_same(client, step):
    def queries() -> int:
        with CaptureQueriesContext(connection) as captured:
            shown(client, step)
        return len(captured)

    quick_steps(step)
    make_resource(at=step)
    queries()
    one = queries()
    for n in range(3):
        make_resource(at=step)
        make_outcome(step)
        actions.leave_tip(step, text=f"Tip {n}", by=make_account())
        actions.add_community(name=f"Circle {n}", meets="daily", steps=[step], by=make_account())
        champion = actions.ask_champion(step, account=make_account(), by=make_designer())
        actions.answer_champion(champion, accepts=True, by=champion.account)
    assert queries() == one
    assert one <= 32


# --- did this work? ---------------------------------------------------------------------------


def test_what_did_not_work_reaches_the_owner_and_the_change_reaches_who_said_so(
    client, step, worker, django_capture_on_commit_callbacks
):
    owner = make_designer("Lena Fischer")
    resource = quick_steps(step, by=owner)
    said = {"worked": "no", "wrong": "incomplete", "comment": "Where is the tax number?", "step": step.pk}
    with django_capture_on_commit_callbacks(execute=True):
        client.post(reverse("resource_vote", args=[resource.pk]), said)
    assert Vote.objects.get().wrong == "incomplete"
    [letter] = mail.outbox
    assert letter.to == [f"Lena Fischer <{owner.email}>"]
    assert "A step is missing" in letter.body
    assert "Where is the tax number?" in letter.body

    with django_capture_on_commit_callbacks(execute=True):
        actions.change_resource(resource, steps=[*LINES, {"text": "Add the tax number"}], by=owner)
    assert mail.outbox[1].to == [f"Tom Becker <{worker.email}>"]
    assert "It has changed since, in version 2" in mail.outbox[1].body
    assert resource.get_absolute_url() in mail.outbox[1].alternatives[0][0]


def test_nobody_is_told_of_what_worked_or_of_a_change_they_did_not_ask_for(
    client, step, django_capture_on_commit_callbacks
):
    resource = quick_steps(step)
    with django_capture_on_commit_callbacks(execute=True):
        client.post(reverse("resource_vote", args=[resource.pk]), {"worked": "yes", "step": step.pk})
        actions.change_resource(resource, steps=LINES[:1], by=make_designer())
    assert mail.outbox == []


def test_my_own_answer_is_shown_until_the_next_version(client, step):
    resource = quick_steps(step)
    client.post(reverse("resource_vote", args=[resource.pk]), {"worked": "yes", "step": step.pk})
    assert "You said that it worked" in shown(client, step)
    actions.change_resource(resource, steps=LINES[:1], by=make_designer())
    assert "Nobody has said so yet" in shown(client, step)


def test_what_people_write_comes_out_as_text(client, step):
    make_resource("Quick", at=step, kind="quick_steps", steps=[{"text": "<script>alert(1)</script>"}])
    actions.leave_tip(step, text="<img src=x onerror=alert(1)>", by=make_account())
    html = shown(client, step)
    assert "<script>alert" not in html
    assert "<img src=x" not in html


def test_moments_are_told_apart(client, step):
    resource = make_resource("A film", kind="video", url="https://films.example.com/1", text="")
    actions.place_resource(resource, at=step, moments=[Moment.FIRST, Moment.SOLVING], by=make_designer())
    assert 'data-moments="first solving"' in shown(client, step)
    assert timezone.now() > resource.verified_at
