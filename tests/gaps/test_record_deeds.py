"""What people do on a record: record, confirm, contest, answer, withdraw, and agree on a goal."""

import datetime as dt
from collections.abc import Callable
from typing import Any

import pytest
from django.core import mail
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from base import outbox
from gaps import actions, tasks
from gaps.models import Contest, Evidence, Goal, Standing, Type
from tests.gaps.test_record_pages import Company, as_, read
from tests.make import make_account, make_job_role, make_outcome, make_person, make_skill, make_step
from workforce.models import Role

pytestmark = pytest.mark.django_db

TASKS: dict[str, Callable[..., Any]] = {
    "gaps.tasks.tell_about_goal": tasks.tell_about_goal,
    "gaps.tasks.tell_about_contest": tasks.tell_about_contest,
}


@pytest.fixture
def company() -> Company:
    return Company()


@pytest.fixture
def post(monkeypatch: pytest.MonkeyPatch, django_capture_on_commit_callbacks: Any) -> Any:
    """Sends what waits, twice, as a queue may."""

    def twice(task: str, payload: dict[str, Any]) -> None:
        TASKS[task](**payload)
        TASKS[task](**payload)

    monkeypatch.setattr(outbox, "enqueue", twice)
    return lambda: django_capture_on_commit_callbacks(execute=True)


def send(client: Client, route: str, *args: Any, **facts: Any) -> Any:
    return client.post(reverse(route, args=args), facts)


def view(company: Company, **facts: Any) -> dict[str, Any]:
    today = timezone.localdate().isoformat()
    return {"skill": company.skill.pk, "level": "3", "type": "own", "observed_on": today, "note": "", **facts}


def test_an_employee_adds_an_own_view(company: Company) -> None:
    response = send(as_(company.toms), "evidence_record", company.tom.pk, **view(company))

    assert response.status_code == 302
    assert Evidence.objects.get().type == Type.OWN
    assert Standing.objects.get().level == 3


def test_nobody_gives_oneself_another_view_than_ones_own(company: Company) -> None:
    response = send(as_(company.toms), "evidence_record", company.tom.pk, **view(company, type="observed"))

    assert response.status_code == 422
    assert not Evidence.objects.exists()


def test_a_manager_records_a_view(company: Company) -> None:
    send(as_(company.bosses), "evidence_record", company.tom.pk, **view(company, type="manager", level="2"))

    said = Evidence.objects.get()
    assert (said.type, said.level, said.observer) == ("manager", 2, company.boss)


def test_a_credential_counts_until_it_expires(company: Company) -> None:
    end = timezone.localdate() + dt.timedelta(days=700)
    facts = view(company, type="credential", source="Academy", valid_until=end.isoformat())

    send(as_(company.bosses), "evidence_record", company.tom.pk, **facts)

    said = Evidence.objects.get()
    assert (said.valid_until, said.source) == (end, "Academy")


@pytest.mark.parametrize(
    ("facts", "sentence"),
    [
        ({"type": "observed"}, "Say at which step it was seen."),
        ({"type": "credential"}, "Say who issued it"),
        ({"type": "manager", "observed_on": "2999-01-01"}, "That day has not come yet."),
    ],
)
def test_what_is_missing_stands_at_its_field(company: Company, facts: dict[str, str], sentence: str) -> None:
    response = send(as_(company.bosses), "evidence_record", company.tom.pk, **view(company, **facts))

    assert response.status_code == 422
    assert sentence in response.content.decode()


def test_who_saw_the_work_stands_at_level_3_at_least(company: Company) -> None:
    facts = view(company, type="observed", step=company.step.pk)

    response = send(as_(company.bosses), "evidence_record", company.tom.pk, **facts)

    assert response.status_code == 409
    assert "stands at level 3 or higher" in response.content.decode()


def test_a_colleague_gives_a_peers_view_and_sees_no_record(company: Company) -> None:
    client = as_(make_account(person=make_person()))

    response = send(client, "evidence_record", company.tom.pk, **view(company, type="peer"))

    assert response.url == reverse("person_show", args=[company.tom.pk])
    assert Evidence.objects.get().type == Type.PEER
    assert client.get(reverse("person_gaps", args=[company.tom.pk])).status_code == 403


def test_a_colleague_gives_no_managers_view(company: Company) -> None:
    client = as_(make_account(person=make_person()))

    assert send(client, "evidence_record", company.tom.pk, **view(company, type="manager")).status_code == 422


def test_whoever_is_gone_is_unknown_to_colleagues() -> None:
    gone = make_person(status="inactive", left_at=timezone.now())
    client = as_(make_account(person=make_person()))

    assert client.get(reverse("evidence_record", args=[gone.pk])).status_code == 404


def test_still_doing_it_is_one_click(company: Company) -> None:
    company.say(3, Type.EXERCISE)

    send(as_(company.bosses), "evidence_still", company.tom.pk, company.skill.pk)

    newest = Evidence.objects.newest_first().first()
    assert newest
    assert (newest.type, newest.level, newest.note) == ("manager", 3, "Still doing it.")


def test_there_is_nothing_to_confirm_without_evidence(company: Company) -> None:
    response = as_(company.bosses).post(reverse("evidence_still", args=[company.tom.pk, company.skill.pk]), follow=True)

    assert "Nothing says a level that could be confirmed." in response.content.decode()


def test_a_contest_is_shown_at_once_and_counts_until_it_is_answered(company: Company) -> None:
    said = company.say(1)

    send(as_(company.toms), "evidence_contest", said.pk, reason="That was in my first weeks")

    html = read(company.toms, "my_page")
    assert "Tom Becker contests" in html
    assert "That was in my first weeks" in html
    assert Standing.objects.get().level == 1


def test_a_contest_needs_its_reason(company: Company) -> None:
    assert send(as_(company.toms), "evidence_contest", company.say(1).pk, reason=" ").status_code == 422


def test_nobody_lets_an_own_statement_stand(company: Company) -> None:
    contest = actions.contest(company.say(1), reason="No", by=company.toms)

    response = send(as_(company.bosses), "contest_answer", contest.pk, verdict="stands", reason="It is so")

    assert response.status_code == 409
    assert "somebody else decides" in response.content.decode()


def test_a_people_admin_does_not_answer_the_own_contest(company: Company) -> None:
    company.toms.roles = [Role.PEOPLE_ADMIN]
    company.toms.save()
    contest = actions.contest(company.say(1), reason="No", by=company.toms)

    response = send(as_(company.toms), "contest_answer", contest.pk, verdict="withdrawn", reason="I say so")

    assert response.status_code == 403


def test_a_contest_that_is_granted_withdraws_the_evidence(company: Company) -> None:
    contest = actions.contest(company.say(1), reason="No", by=company.toms)

    send(as_(company.bosses), "contest_answer", contest.pk, verdict="withdrawn", reason="You are right")

    assert not Standing.objects.exists()
    assert "The evidence is withdrawn".lower() in read(company.toms, "my_page").lower()


def test_a_person_withdraws_the_own_view_and_not_the_managers(company: Company) -> None:
    own, managers = company.say(3, Type.OWN), company.say(2)
    client = as_(company.toms)

    assert send(client, "evidence_withdraw", own.pk, reason="Too bold").status_code == 302
    assert send(client, "evidence_withdraw", managers.pk, reason="I dislike it").status_code == 403
    assert Standing.objects.get().level == 2


def test_a_goal_is_proposed_and_agreed_and_its_skills_become_reskill(company: Company) -> None:
    planner = make_job_role("Planner")
    step = make_step(company.workflow, name="Plan the week", performed_by=planner, criticality=5)
    make_outcome(step)
    make_skill("Let the floor begin by planning the week", at=step, published=True)
    due = timezone.localdate() + dt.timedelta(days=90)

    send(as_(company.toms), "goal_propose", company.tom.pk, job_role=planner.pk, due_on=due.isoformat(), note="")
    assert "it waits for your manager" in read(company.toms, "my_page")
    send(as_(company.bosses), "goal_agree", Goal.objects.get().pk)

    html = read(company.toms, "my_page")
    assert "only by the agreed target role, Planner" in html
    assert "1 upskill, 1 reskill" in html


def test_a_goal_is_declined_with_a_reason_that_stays(company: Company) -> None:
    goal = actions.propose_goal(company.tom, job_role=make_job_role("Planner"), by=company.bosses)

    send(as_(company.toms), "goal_decline", goal.pk, reason="I like it here")

    assert "I like it here" in read(company.bosses, "person_gaps", company.tom.pk)


def test_a_goal_is_given_up_without_a_reason(company: Company) -> None:
    goal = actions.propose_goal(company.tom, job_role=make_job_role("Planner"), by=company.toms)

    send(as_(company.toms), "goal_drop", goal.pk, reason="")

    goal.refresh_from_db()
    assert goal.state == Goal.State.DROPPED


def test_the_other_side_hears_of_a_goal_once(company: Company, post: Any) -> None:
    with post():
        goal = actions.propose_goal(company.tom, job_role=make_job_role("Planner"), by=company.toms)
    with post():
        actions.agree_goal(goal, by=company.bosses)

    assert [(letter.to, letter.subject) for letter in mail.outbox] == [
        ([company.bosses.email], "Sightline: Tom Becker proposes Planner as a target role"),
        ([company.toms.email], "Sightline: Ines Vogt agrees to Planner as a target role"),
    ]
    assert reverse("person_gaps", args=[company.tom.pk]) in mail.outbox[0].body
    assert reverse("my_page") in mail.outbox[1].body


def test_both_sides_hear_of_a_contest_and_its_answer(company: Company, post: Any) -> None:
    with post():
        contest = actions.contest(company.say(1), reason="Long ago", by=company.toms)
    with post():
        actions.answer_contest(Contest.objects.get(), verdict="withdrawn", reason="True", by=company.bosses)

    assert [letter.to for letter in mail.outbox] == [[company.bosses.email], [company.toms.email]]
    assert "“Long ago”" in mail.outbox[0].body
    assert "“True”" in mail.outbox[1].body
    assert contest.pk
