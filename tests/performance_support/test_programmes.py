"""A programme is an event; the ten facts of what surrounds it are watched before it and after."""

import datetime as dt
from typing import Any

import pytest
import time_machine
from django.core import mail
from django.db import IntegrityError, transaction
from django.test import Client
from django.urls import reverse

from base.errors import RuleBroken
from base.rules import Rules
from gaps.actions import agree_goal, propose_goal, record_evidence
from gaps.models import RequirementPeriod
from performance_support import actions, routines, tasks
from performance_support.models import (
    Arrangement,
    Fact,
    Participant,
    Programme,
    ProgrammeFlag,
    Talk,
    TalkRequest,
)
from performance_support.queries import environment, programmes
from tests.make import (
    make_account,
    make_designer,
    make_evidence,
    make_job_role,
    make_person,
    make_resource,
    make_skill,
    make_workflow,
)
from workforce.models import Account, Person, Role, Team

pytestmark = pytest.mark.django_db
STARTS, ENDS = dt.date(2026, 4, 6), dt.date(2026, 4, 10)


@pytest.fixture(autouse=True)
def clock():
    with time_machine.travel("2026-03-30 10:00+00:00", tick=False) as traveller:
        yield traveller


@pytest.fixture(autouse=True)
def queue(monkeypatch: pytest.MonkeyPatch, django_capture_on_commit_callbacks):
    def carry_out(task: str, payload: dict) -> None:
        if task.startswith("performance_support."):
            getattr(tasks, task.rpartition(".")[2])(**payload)

    monkeypatch.setattr("base.outbox.enqueue", carry_out)
    return django_capture_on_commit_callbacks


class World:
    """A manager, Tom who does other work and shall learn the step, and the step."""

    def __init__(self) -> None:
        self.designer = make_designer("Maren Holt")
        self.step = make_workflow("Customer onboarding", steps=1, by=self.designer).steps.get()
        self.skill = make_skill("Support the customer by preparing the account", at=self.step, published=True)
        self.team = Team.objects.create(name="Sales")
        boss = make_person(display_name="Ines Vogt")
        self.manager = make_account(name="Ines Vogt", person=boss)
        self.tom = self.report("Tom Becker", boss)

    def report(self, name: str, boss: Person) -> Account:
        person = make_person(role=make_job_role(), display_name=name, manager=boss, team=self.team)
        return make_account(name=name, person=person)

    def plan(self, *people: Account, **fields: Any) -> Programme:
        chosen = [account.person for account in people or (self.tom,)]
        said = {"name": "Prepare accounts", "starts_on": STARTS, "ends_on": ENDS, "steps": [self.step]}
        return actions.add_programme(people=chosen, by=self.manager, **{**said, **fields})

    def establish(self, fact: str, programme: Programme) -> None:
        """Make one fact true, and nothing else."""
        getattr(self, f"make_{fact}")(programme)

    def make_champion(self, programme: Programme) -> None:
        lena = make_account(name="Lena Fischer")
        actions.answer_champion(actions.ask_champion(self.step, account=lena, by=self.designer), accepts=True, by=lena)

    def make_peers(self, programme: Programme) -> None:
        days = {"starts_on": STARTS, "ends_on": STARTS + dt.timedelta(days=200)}
        actions.add_cohort(name="Spring", goal="Alone", meets="Here", skills=[self.skill], by=self.tom, **days)

    def make_reach(self, programme: Programme) -> None:
        make_resource(at=self.step, by=self.designer)

    def make_modality(self, programme: Programme) -> None:
        for kind in ("job_aid", "guidance"):
            make_resource(at=self.step, kind=kind, by=self.designer)

    def make_time(self, programme: Programme) -> None:
        actions.grant_time(self.manager.person, minutes=60, since=STARTS, by=self.manager)

    def make_talk(self, programme: Programme) -> None:
        actions.note_talks(programme, people=[self.tom.person], moment="before", by=self.manager)

    def say(self, programme: Programme, fact: str) -> None:
        said = {"team": self.team, "workflow": self.step.workflow, "fact": fact, "words": "Ask Lena"}
        actions.arrange(programme, by=self.manager, **said)

    def make_chance(self, programme: Programme) -> None:
        self.say(programme, "chance")

    def make_practice(self, programme: Programme) -> None:
        self.say(programme, "practice")

    def make_feedback(self, programme: Programme) -> None:
        self.say(programme, "feedback")

    def make_goal(self, programme: Programme) -> None:
        actions.set_goal(programme.participants.get(person=self.tom.person), goal="Do it alone", by=self.tom)


@pytest.fixture
def world() -> World:
    return World()


def held(programme: Programme) -> set[str]:
    return {fact.fact for fact in environment.facts([programme.pk]) if fact.holds}


def flags(programme: Programme) -> list[str]:
    return [flag.code for flag in programme.flags.open()]


def watch() -> None:
    Rules.watched["programme"].check_all()


def signed_in(account: Account) -> Client:
    client = Client()
    client.force_login(account)
    return client


def shown(account: Account, programme: Programme) -> str:
    return signed_in(account).get(programme.get_absolute_url()).content.decode()


# --- the ten facts ----------------------------------------------------------------------------


def test_where_nothing_was_done_no_fact_holds(world):
    programme = world.plan()

    facts = environment.facts([programme.pk])

    assert [fact.fact for fact in facts] == Fact.values
    assert held(programme) == set()
    assert {(fact.team, fact.workflow, fact.people) for fact in facts} == {(world.team.pk, world.step.workflow_id, 1)}


@pytest.mark.parametrize("fact", Fact.values)
def test_each_fact_turns_true_alone(world, fact):
    programme = world.plan()

    world.establish(fact, programme)

    assert held(programme) == ({fact, "reach"} if fact == "modality" else {fact})


def test_whoever_performs_the_step_will_have_the_chance(world):
    programme = world.plan()
    person = world.tom.person
    person.job_title.job_role = world.step.performed_by
    person.job_title.save()

    assert held(programme) == {"chance"}


def test_work_that_was_accepted_since_it_began_is_feedback_until_it_is_withdrawn(world, clock):
    programme = world.plan()
    make_evidence(world.tom.person, world.skill, type="accepted", step=world.step)
    assert held(programme) == set()

    clock.move_to("2026-04-20 10:00+00:00")
    make_evidence(world.tom.person, world.skill, type="accepted", step=world.step)

    assert held(programme) == {"feedback"}


def test_a_target_role_that_somebody_proposed_themselves_is_a_goal_of_theirs(world):
    programme = world.plan()
    propose_goal(world.tom.person, job_role=make_job_role(), by=world.manager)
    assert held(programme) == set()

    propose_goal(world.tom.person, job_role=make_job_role(), by=world.tom)

    assert held(programme) == {"goal"}


def test_who_takes_part_is_no_champion_for_the_others(world):
    programme = world.plan()
    asked = actions.ask_champion(world.step, account=world.tom, by=world.designer)
    actions.answer_champion(asked, accepts=True, by=world.tom)

    assert held(programme) == set()


def test_one_without_time_keeps_the_fact_from_holding(world):
    programme = world.plan(world.tom, world.report("Uwe Falk", make_person()))
    world.make_time(programme)

    [time] = [fact for fact in environment.facts([programme.pk]) if fact.fact == "time"]

    assert (time.holds, time.lacking, time.people) == (False, 1, 2)


def test_time_must_be_granted_on_the_first_day_not_today(world):
    programme = world.plan()
    today = dt.date(2026, 3, 30)
    actions.grant_time(world.manager.person, minutes=60, since=today, until=today, by=world.manager)

    assert held(programme) == set()


def test_after_the_end_the_second_talk_is_asked_for(world, clock):
    programme = world.plan()
    world.make_talk(programme)
    with pytest.raises(RuleBroken, match="It has not ended yet"):
        actions.note_talks(programme, people=[world.tom.person], moment="after", by=world.manager)
    clock.move_to("2026-04-11 10:00+00:00")
    assert held(programme) == set()

    assert actions.note_talks(programme, people=[world.tom.person], moment="after", by=world.manager) == 1

    assert held(programme) == {"talk"}


def test_a_skill_of_it_counts_at_every_step_that_needs_it(world):
    programme = world.plan(steps=[], skills=[world.skill])
    world.make_reach(programme)

    assert held(programme) == {"reach"}


def test_teams_and_workflows_are_told_apart(world):
    other = make_workflow("Order to cash", steps=1, by=world.designer).steps.get()
    uwe = world.report("Uwe Falk", world.manager.person)
    Person.objects.filter(pk=uwe.person_id).update(team=None)
    programme = world.plan(world.tom, uwe, steps=[world.step, other])
    world.make_practice(programme)

    held_at = [(fact.team_name, fact.workflow_name) for fact in environment.facts([programme.pk]) if fact.holds]

    assert held_at == [("Sales", "Customer onboarding")]
    assert len(environment.facts([programme.pk])) == 40


def test_one_statement_for_all_programmes(world, django_assert_num_queries):
    planned = [world.plan(name=f"Programme {n}").pk for n in range(3)]

    with django_assert_num_queries(1):
        assert len(environment.facts(planned)) == 30


# --- flagged before and after -----------------------------------------------------------------


@pytest.mark.parametrize(
    ("day", "codes"),
    [
        ("2026-03-08", []),
        ("2026-03-09", ["environment_before"]),
        ("2026-04-10", ["environment_before"]),
        ("2026-04-11", []),
        ("2026-05-09", []),
        ("2026-05-10", ["environment_after_30"]),
        ("2026-06-08", ["environment_after_30"]),
        ("2026-06-09", ["environment_after_60"]),
        ("2026-07-09", ["environment_after_90"]),
        ("2026-08-07", ["environment_after_90"]),
        ("2026-08-08", []),
    ],
)
def test_what_is_missing_is_flagged_in_the_weeks_before_and_30_60_and_90_days_after(world, clock, day, codes):
    programme = world.plan()

    clock.move_to(f"{day} 10:00+00:00")
    watch()

    assert flags(programme) == codes


def test_a_programme_with_everything_around_it_is_never_flagged(world, clock):
    programme = world.plan()
    for fact in Fact.values:
        world.establish(fact, programme)
    assert held(programme) == {*Fact.values}
    watch()
    assert flags(programme) == []

    clock.move_to("2026-05-20 10:00+00:00")
    watch()
    assert flags(programme) == ["environment_after_30"]
    actions.note_talks(programme, people=[world.tom.person], moment="after", by=world.manager)

    assert flags(programme) == []


def test_the_watch_agrees_with_the_facts(world):
    """The rule's statement and the page's are one, asked in two ways."""
    whole, lacking = world.plan(name="Whole"), world.plan(name="Lacking")
    for fact in Fact.values:
        world.establish(fact, whole)
    for fact in ("talk", "chance", "practice", "feedback"):
        world.establish(fact, lacking)

    found = Programme.objects.filter(pk__in=environment.without_something())

    assert [each.name for each in found] == ["Lacking"]
    assert {*Fact.values} - held(lacking) == {"goal"}


def test_what_is_archived_is_watched_no_longer(world):
    programme = world.plan()
    assert flags(programme) == ["environment_before"]

    actions.archive_programme(programme, by=world.manager)

    assert flags(programme) == []
    assert environment.facts([programme.pk]) == []
    actions.restore_programme(programme, by=world.manager)
    assert flags(programme) == ["environment_before"]


# --- mails ------------------------------------------------------------------------------------


def test_managers_are_asked_to_talk_once_before_and_once_after(world, clock, queue):
    world.plan(world.tom, world.report("Uwe Falk", world.manager.person))
    days = ["2026-03-22", "2026-03-23", "2026-03-24", "2026-04-10", "2026-04-11", "2026-04-12"]
    sent = []
    for day in days:
        clock.move_to(f"{day} 10:00+00:00")
        with queue(execute=True):
            routines.ask_for_talks()
        sent.append(len(mail.outbox))

    assert sent == [0, 1, 1, 1, 2, 2]
    assert mail.outbox[0].subject == "Sightline: talk about “Prepare accounts” before it begins"
    assert mail.outbox[0].to == [world.manager.mailbox]
    assert "Tom Becker" not in mail.outbox[0].body


def test_nobody_is_asked_for_a_talk_that_took_place(world, queue):
    programme = world.plan()
    world.make_talk(programme)

    with queue(execute=True):
        routines.ask_for_talks()

    assert mail.outbox == []


def test_a_mail_delivered_twice_is_sent_once(world, queue):
    request = TalkRequest.objects.create(programme=world.plan(), account=world.manager, moment="before")

    tasks.ask_for_talk(request.pk)
    tasks.ask_for_talk(request.pk)

    assert len(mail.outbox) == 1


# --- upskill or reskill, before and now -------------------------------------------------------


def test_for_whom_it_is_a_reskill_and_why_is_shown(world):
    goal = propose_goal(world.tom.person, job_role=world.step.performed_by, by=world.tom)
    agree_goal(goal, by=world.manager)
    uwe = world.report("Uwe Falk", world.manager.person)
    uwe.person.job_title.job_role = world.step.performed_by
    uwe.person.job_title.save()
    programme = world.plan(world.tom, uwe)

    grown = programmes.growth(programme, [world.tom.person_id, uwe.person_id])

    assert {str(each.participant.person): each.kind for each in grown.learners} == {
        "Tom Becker": "reskill",
        "Uwe Falk": "upskill",
    }
    assert "reskill" in shown(world.manager, programme)
    assert all(each.reason for each in grown.learners)


def test_evidence_and_cover_before_and_now(world, clock):
    uwe = world.report("Uwe Falk", world.manager.person)
    uwe.person.job_title.job_role = world.step.performed_by
    uwe.person.job_title.save()
    programme = world.plan(uwe)
    # PostgreSQL's own clock stands beside the frozen one.
    RequirementPeriod.objects.update(since="2026-01-01T00:00Z")
    clock.move_to("2026-04-20 10:00+00:00")
    record_evidence(uwe.person, world.skill, level=3, type="exercise", by=make_account(Role.PEOPLE_ADMIN))

    grown = programmes.growth(programme, [uwe.person_id])

    assert grown.since == dt.date(2026, 4, 5)
    assert [(change.before, change.now) for change in grown.changes] == [(1, 0), (0, 1), (0, 1)]
    assert [(pair.before.people, pair.now.people) for pair in grown.cover] == [(0, 1)]


# --- pages ------------------------------------------------------------------------------------


def test_a_manager_plans_sees_what_is_missing_grants_time_and_the_fact_turns(world):
    client = signed_in(world.manager)
    sent = {"name": "A", "starts_on": "2026-04-06", "ends_on": "2026-04-10", "people": [world.tom.person_id]}
    client.post(reverse("programme_add"), {**sent, "steps": [world.step.pk]})
    programme = Programme.objects.get()
    assert "0 of 10 facts hold" in shown(world.manager, programme)
    assert "1 of 1 have no time granted." in shown(world.manager, programme)

    answer = client.post(f"{reverse('time_grant')}?programme={programme.pk}", {"minutes": 60, "since": "2026-04-01"})

    assert answer["Location"] == programme.get_absolute_url()
    assert "1 of 10 facts hold" in shown(world.manager, programme)


@pytest.mark.parametrize("lacking", ["people", "steps"])
def test_a_programme_has_people_and_work(world, lacking):
    sent = {"name": "A", "starts_on": "2026-04-06", "ends_on": "2026-04-10"}
    sent |= {"people": [world.tom.person_id], "steps": [world.step.pk]}
    del sent[lacking]

    answer = signed_in(world.manager).post(reverse("programme_add"), sent)

    assert answer.status_code == {"people": 422, "steps": 409}[lacking]
    assert not Programme.objects.exists()


def test_a_manager_sees_the_own_people_only(world):
    stranger = world.report("Zora Quill", make_person())
    programme = world.plan(world.tom, stranger)

    html = shown(world.manager, programme)

    assert "Zora Quill" not in html
    assert "1 more take part" in html


def test_a_manager_sends_nobody_who_is_not_theirs(world):
    sent = {"name": "A", "starts_on": "2026-04-06", "ends_on": "2026-04-10", "steps": [world.step.pk]}

    answer = signed_in(world.manager).post(reverse("programme_add"), {**sent, "people": [make_person().pk]})

    assert answer.status_code == 422


def test_changing_it_keeps_those_whom_the_editor_does_not_see(world):
    stranger = world.report("Zora Quill", make_person())
    programme = world.plan(world.tom, stranger)
    uwe = world.report("Uwe Falk", world.manager.person)
    sent = {"name": "B", "starts_on": "2026-04-06", "ends_on": "2026-04-10", "steps": [world.step.pk]}

    signed_in(world.manager).post(
        reverse("programme_change", args=[programme.pk]), {**sent, "people": [uwe.person_id], "seen": 1}
    )

    names = programme.participants.values_list("person__display_name", flat=True)
    assert sorted(names) == ["Uwe Falk", "Zora Quill"]


def test_who_takes_part_sets_the_own_goal_and_sees_nobody_else(world):
    programme = world.plan(world.tom, world.report("Uwe Falk", world.manager.person))

    signed_in(world.tom).post(reverse("programme_goal", args=[programme.pk]), {"goal": "Do it alone"})

    html = shown(world.tom, programme)
    assert "Do it alone" in html
    assert "Uwe Falk" not in html
    with pytest.raises(RuleBroken, match="Only the one who takes part"):
        actions.set_goal(programme.participants.first(), goal="You shall", by=world.designer)


def test_talks_are_noted_for_the_own_people_only(world):
    programme = world.plan(world.tom, world.report("Zora Quill", make_person()))

    signed_in(world.manager).post(reverse("programme_talk", args=[programme.pk]), {"moment": "before"})

    assert [talk.participant.person for talk in Talk.objects.all()] == [world.tom.person]


def test_what_is_arranged_is_said_with_name_and_day(world):
    programme = world.plan()
    where = f"?fact=practice&workflow={world.step.workflow_id}&team={world.team.pk}"
    address = reverse("programme_arrange", args=[programme.pk]) + where

    signed_in(world.manager).post(address, {"words": "Test system on Mondays"})

    assert Arrangement.objects.get().noted_by == world.manager
    html = shown(world.manager, programme)
    assert "Test system on Mondays" in html
    assert "Ines Vogt says so, 30 Mar 2026" in html


def test_facts_are_exported(world):
    programme = world.plan()

    answer = signed_in(world.manager).get(reverse("programme_export", args=[programme.pk, "csv"]))

    lines = b"".join(answer.streaming_content).decode("utf-8-sig").splitlines()
    assert len(lines) == 11
    assert lines[5] == "Sales,Customer onboarding,Protected time,no,1,1,,,"


@pytest.mark.parametrize("count", [1, 3])
def test_the_list_costs_the_same_for_one_and_for_three(world, count, django_assert_num_queries):
    for n in range(count):
        world.plan(name=f"Programme {n}")
    client = signed_in(make_account(Role.PEOPLE_ADMIN))

    with django_assert_num_queries(8):
        html = client.get(reverse("programme_list")).content.decode()

    assert html.count("0 of 10 facts hold") == count


@pytest.mark.parametrize("count", [1, 3])
def test_the_page_costs_the_same_for_one_and_for_three_people(world, count, django_assert_num_queries):
    programme = world.plan(*[world.report(f"Person {n}", world.manager.person) for n in range(count)])
    client = signed_in(make_account(Role.PEOPLE_ADMIN))

    with django_assert_num_queries(22):
        html = client.get(programme.get_absolute_url()).content.decode()

    assert html.count("not set yet") == count


# --- what PostgreSQL keeps --------------------------------------------------------------------


@pytest.mark.parametrize(
    ("kind", "fields", "kept_by"),
    [
        (Programme, {"name": " "}, "programme_name_says_something"),
        (Programme, {"ends_on": dt.date(2026, 4, 5)}, "programme_begins_before_it_ends"),
        (Participant, {}, "participant_is_once_per_programme"),
        (Participant, {"goal": "x"}, "participant_set_the_goal_at_a_moment"),
        (Talk, {}, "talk_is_once_before_and_once_after"),
        (Arrangement, {"words": " "}, "arrangement_words_says_something"),
        (Arrangement, {"fact": "time"}, "arrangement_is_about_what_must_be_said"),
        (Arrangement, {}, "arrangement_is_once_per_team_workflow_and_fact"),
        (TalkRequest, {}, "talkrequest_is_once_before_and_once_after"),
        (ProgrammeFlag, {}, "programmeflag_is_open_once_per_subject_and_code"),
    ],
)
def test_postgresql_keeps_programmes_true(world, kind, fields, kept_by):
    programme = world.plan()
    participant = programme.participants.get()
    usual: dict[Any, dict[str, Any]] = {
        Programme: {"name": "A", "starts_on": STARTS, "ends_on": ENDS, "owner": world.manager},
        Participant: {"programme": programme, "person": world.tom.person},
        Talk: {"participant": participant, "moment": "before", "noted_by": world.manager},
        Arrangement: {
            "programme": programme,
            "workflow": world.step.workflow,
            "fact": "practice",
            "words": "Here",
            "noted_by": world.manager,
        },
        TalkRequest: {"programme": programme, "account": world.manager, "moment": "after"},
        ProgrammeFlag: {"about": programme, "code": "environment_before"},
    }
    twice = [kind(**{**usual[kind], **fields}) for _ in range(2)]

    with pytest.raises(IntegrityError, match=kept_by), transaction.atomic():
        kind.objects.bulk_create(twice)
