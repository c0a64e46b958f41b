"""A program that holds a copy of gaps and asks what changed since: its copy is what it would read anew."""

import datetime as dt
import random
from collections.abc import Callable

import pytest
from django.utils import timezone

from gaps.actions import record_evidence, withdraw_evidence
from gaps.arithmetic import Label
from gaps.models import Evidence, Goal, Overrule, Requirement, RequirementPeriod, Standing, Type
from gaps.queries import standing
from gaps.queries.gaps import Gap, Wanted, gaps
from gaps.queries.reckoning import Whose
from skills.models import Skill
from tests.api.client import Program
from tests.api.test_figures import LATELY, age, pages
from tests.gaps.worlds import World, make_world
from tests.make import make_account, make_designer, make_job_role, make_key, make_person
from workforce.actions import map_job_titles
from workforce.models import Person, Role, Team

pytestmark = pytest.mark.django_db
Copy = dict[tuple[str, str], dict]


@pytest.fixture
def world() -> World:
    return make_world(1, people=12)


@pytest.fixture
def program() -> Program:
    return Program(make_key("read", by=make_account(Role.ADMINISTRATOR)))


def copied(program: Program, **asked: object) -> Copy:
    found = {(one["person"], one["skill"]): one for one in pages(program, "gaps/", **asked)}
    assert all(one["is_open"] for one in found.values())
    return found


def follow(copy: Copy, program: Program, moment: dt.datetime = LATELY, **asked: object) -> Copy:
    """The copy with what changed since put in and taken out, page by page, as the documentation says."""
    copy = dict(copy)
    for one in pages(program, "gaps/", updated_since=moment.isoformat().replace("+", "%2B"), **asked):
        if one["is_open"]:
            copy[one["person"], one["skill"]] = one
        elif one["skill"] is None:
            copy = {key: kept for key, kept in copy.items() if key[0] != one["person"]}
        else:
            copy.pop((one["person"], one["skill"]), None)
    return copy


def person_of(gap: Gap) -> Person:
    return Person.objects.get(pk=gap.person)


def evidence_closes(gap: Gap) -> None:
    record_evidence(person_of(gap), Skill.objects.get(pk=gap.skill), level=4, type=Type.EXERCISE,
                    observed_at=timezone.now(), by=make_account(Role.PEOPLE_ADMIN, person=make_person()))  # fmt: skip


def overruled_as_none(gap: Gap) -> None:
    Overrule.objects.create(person_id=gap.person, skill_id=gap.skill, label="none", reason="I know",
                            overruled_by=make_designer())  # fmt: skip


def no_longer_required(gap: Gap) -> None:
    Requirement.objects.filter(job_role=gap.job_role, skill=gap.skill).delete()


def required_of_everybody_else_too(gap: Gap) -> None:
    for role in Requirement.objects.exclude(job_role=gap.job_role).values_list("job_role", flat=True).distinct():
        Requirement.objects.update_or_create(
            job_role_id=role, skill_id=gap.skill,
            defaults={"level": 4, "criticality": 7, "steps": 1, "is_rated": True, "asked_since": timezone.now(),
                      "changed_at": timezone.now()},
        )  # fmt: skip


def person_left(gap: Gap) -> None:
    Person.objects.filter(pk=gap.person).update(status="inactive", left_at=timezone.now(), changed_at=timezone.now())


def person_changed_roles(gap: Gap) -> None:
    elsewhere = make_person(role=make_job_role())
    Person.objects.filter(pk=gap.person).update(job_title=elsewhere.job_title, changed_at=timezone.now())


def title_means_another_role(gap: Gap) -> None:
    map_job_titles({person_of(gap).job_title_id: make_job_role()}, by=make_designer())


def goal_was_agreed(gap: Gap) -> None:
    other = Requirement.objects.exclude(job_role=gap.job_role).first()
    Goal.objects.filter(person=gap.person).update(state="dropped", ended_at=timezone.now(), ended_by=make_designer())
    Goal.objects.create(person_id=gap.person, job_role=other.job_role, state="agreed", proposed_by=make_designer(),
                        person_agreed_at=timezone.now(), manager_agreed_at=timezone.now(),
                        manager_agreed_by=make_designer())  # fmt: skip


def goals_ended(gap: Gap) -> None:
    Goal.objects.filter(state="agreed").update(state="dropped", ended_at=timezone.now(), ended_by=make_designer())


CLOSING = [
    evidence_closes, overruled_as_none, no_longer_required, person_left, person_changed_roles, title_means_another_role,
]  # fmt: skip
OPENING = [required_of_everybody_else_too, goal_was_agreed, goals_ended]


@pytest.mark.parametrize("event", [*CLOSING, *OPENING], ids=lambda event: event.__name__)
@pytest.mark.parametrize("size", [3, 1000])
def test_a_copy_follows_each_event(world, program, event: Callable[[Gap], None], size):
    age()
    before = copied(program)
    gap = next(gap for gap in gaps(Wanted()) if gap.level is None and person_of(gap).job_title)
    event(gap)

    after = copied(program)

    assert follow(before, program, page_size=size) == after
    assert before != after
    if event in CLOSING:
        assert (str(gap.person), str(gap.skill)) in before.keys() - after.keys()


@pytest.mark.parametrize("seed", range(6))
def test_a_copy_follows_whatever_happens(seed, program):
    world, chance = make_world(seed, people=10), random.Random(seed)
    age()
    role = str(world.roles[0].pk)
    team = str(Team.objects.get(name="North").pk)
    questions: list[dict[str, object]] = [{}, {"kind": "upskill"}, {"job_role": role}, {"team": team}]
    before = [copied(program, **asked) for asked in questions]
    for event in chance.sample([*CLOSING, *OPENING], 5):
        if found := [gap for gap in gaps(Wanted()) if person_of(gap).job_title]:
            event(chance.choice(found))

    for asked, copy in zip(questions, before, strict=True):
        assert follow(copy, program, page_size=4, **asked) == copied(program, **asked), asked


def test_whoever_leaves_a_team_is_gone_from_a_copy_of_that_team(world, program):
    gap = gaps(Wanted())[0]
    team = person_of(gap).team_id
    age()
    before = copied(program, team=team)
    Person.objects.filter(pk=gap.person).update(team=None, changed_at=timezone.now())

    after = copied(program, team=team)

    assert follow(before, program, team=team) == after
    assert {one["person"] for one in before.values()} - {one["person"] for one in after.values()} == {str(gap.person)}


def test_what_opens_again_after_evidence_was_withdrawn_comes_back(world, program):
    gap = next(gap for gap in gaps(Wanted()) if gap.level is None)
    evidence_closes(gap)
    age()
    before = copied(program)
    withdraw_evidence(Evidence.objects.get(), reason="It was somebody else", by=make_designer())

    after = copied(program)

    assert (str(gap.person), str(gap.skill)) in after.keys() - before.keys()
    assert follow(before, program) == after


@pytest.mark.parametrize("path", ["gaps/", "cover/", "outcomes-at-risk/"])
def test_an_answer_says_from_which_moment_to_ask_next_time(world, program, path, monkeypatch):
    """Whatever is being written while it is read bears an earlier moment, and is seen later: see people/."""
    began = timezone.now() - dt.timedelta(minutes=3)
    monkeypatch.setattr("gaps.api.figures.settled", lambda: began)
    assert program.ask("GET", path).headers["Next-Since"] == began.isoformat()
    assert "Next-Since" not in program.ask("GET", f"{path}?page_size=0").headers


# --- by the clock alone -----------------------------------------------------------------------


def test_what_runs_out_overnight_is_told_the_next_day(world, program):
    gap = next(gap for gap in gaps(Wanted()) if gap.level is None)
    evidence_closes(gap)
    age()
    before = copied(program)
    Standing.objects.filter(person=gap.person, skill=gap.skill).update(changes_on=timezone.localdate())
    tomorrow = Evidence.objects.get().valid_until + dt.timedelta(days=1)
    standing.begin_day(tomorrow)

    after = copied(program)

    assert after[str(gap.person), str(gap.skill)]["lacks"] == "lapsed"
    assert follow(before, program) == after


@pytest.mark.parametrize("drifts", [False, True])
def test_what_ceases_to_be_new_is_told_though_nothing_was_written(world, program, drifts, monkeypatch):
    """A year after a step began to ask, or half of a role was replaced, the change no longer is the reason."""
    gap = next(
        gap for gap in gaps(Wanted()) if gap.level is None and gap.job_role == person_of(gap).job_title.job_role_id
    )
    Person.objects.filter(pk=gap.person).update(position_since=timezone.localdate() - dt.timedelta(days=3000))
    long_ago, a_year_ago = timezone.now() - dt.timedelta(days=2000), timezone.now() - dt.timedelta(days=366)
    of_role = {"job_role": gap.job_role}
    RequirementPeriod.objects.filter(**of_role).update(since=long_ago)
    Requirement.objects.filter(**of_role).update(asked_since=long_ago)
    age_of_everything()
    RequirementPeriod.objects.filter(**of_role).update(since=long_ago)
    news = {} if drifts else {"skill": gap.skill}
    if drifts:
        # One skill is as old as the role, so that the others are its news.
        oldest = Requirement.objects.filter(**of_role).exclude(skill=gap.skill).first()
        RequirementPeriod.objects.filter(**of_role).exclude(skill=oldest.skill_id).update(since=a_year_ago)
        Requirement.objects.filter(**of_role).exclude(skill=oldest.skill_id).update(asked_since=a_year_ago)
    else:
        Requirement.objects.filter(**of_role, **news).update(asked_since=a_year_ago)
    mine = {"person": gap.person}
    three_days_ago = timezone.localdate() - dt.timedelta(days=3)
    with monkeypatch.context() as then:
        then.setattr(timezone, "localdate", lambda *_: three_days_ago)
        before = copied(program, **mine)

    after = copied(program, **mine)

    labels = {one["label"] for one in before.values()} - {one["label"] for one in after.values()}
    assert labels & ({"role_drift"} if drifts else {"upskill_change"})
    since = timezone.now() - dt.timedelta(days=3)
    assert follow(before, program, since, **mine) == after
    assert gaps(Wanted(Whose(people=[gap.person])))


def age_of_everything() -> None:
    age()
    before = timezone.now() - dt.timedelta(days=20)
    for model in (Standing, Person, Requirement):
        model.objects.update(changed_at=before)


def test_what_the_target_role_asks_for_as_well_is_told_as_carrying_over(world, program):
    gap = next(gap for gap in gaps(Wanted(kind="upskill")) if not gap.target and gap.label is Label.UPSKILL)
    target = make_job_role()
    Goal.objects.create(person_id=gap.person, job_role=target, state="agreed", proposed_by=make_designer(),
                        person_agreed_at=timezone.now(), manager_agreed_at=timezone.now(),
                        manager_agreed_by=make_designer())  # fmt: skip
    age()
    before = copied(program)
    Requirement.objects.create(job_role=target, skill_id=gap.skill, level=1, criticality=1, steps=1, is_rated=True,
                               asked_since=timezone.now())  # fmt: skip

    after = copied(program)

    assert after[str(gap.person), str(gap.skill)]["label"] == "carries_over"
    assert follow(before, program) == after
