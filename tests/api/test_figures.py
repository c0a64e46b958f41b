"""Gaps, cover, risks and comparisons over the API: what is told, page by page, and to whom."""

import datetime as dt

import pytest
from django.db import connection
from django.utils import timezone

from gaps.access import SMALLEST_GROUP
from gaps.actions import name_cause, record_evidence, withdraw_evidence
from gaps.models import Evidence, Goal, Need, Overrule, Requirement, RequirementPeriod, Standing, Type
from gaps.queries.cover import cover
from gaps.queries.gaps import Gap, Wanted, gaps
from gaps.queries.reckoning import Whose
from gaps.queries.risk import outcomes_at_risk
from skills.models import Skill
from tests.api.client import Program
from tests.gaps.worlds import World, make_world
from tests.make import make_account, make_designer, make_key, make_person
from workforce.actions import change_roles
from workforce.models import Account, Person, Role

pytestmark = pytest.mark.django_db


@pytest.fixture
def world() -> World:
    return make_world(1, people=12)


@pytest.fixture
def program() -> Program:
    """Of an administrator, who sees everybody."""
    return Program(make_key("read", by=make_account(Role.ADMINISTRATOR)))


def pages(program: Program, path: str, **params: object) -> list:
    """Everything, page by page."""
    query = "&".join(f"{name}={value}" for name, value in params.items())
    link, found = f"{path}?{query}", []
    while link:
        answer = program.ask("GET", link)
        assert answer.status_code == 200, answer.body
        found += answer.body["results"]
        link = answer.body["next"] and answer.body["next"].partition("/api/v1/")[2]
    return found


def test_gaps_come_in_pages_by_person_and_skill(world, program):
    found = pages(program, "gaps/", page_size=4)

    expected = sorted((str(gap.person), str(gap.skill)) for gap in gaps(Wanted()))
    assert len(expected) > 8
    assert [(gap["person"], gap["skill"]) for gap in found] == expected
    assert all(gap["reason"] for gap in found)


@pytest.mark.parametrize("kind", ["upskill", "reskill"])
def test_gaps_of_one_kind(world, program, kind):
    found = pages(program, "gaps/", kind=kind)
    assert {gap["kind"] for gap in found} == {kind}
    assert len(found) == len(gaps(Wanted(kind=kind)))


def test_gaps_of_one_person_team_role_step_and_outcome(world, program):
    gap = gaps(Wanted())[0]
    person = next(person for person in world.people if person.pk == gap.person)
    for name, value, wanted in (
        ("person", person.pk, Wanted(Whose(people=[person.pk]))),
        ("team", person.team_id, Wanted(Whose(team=person.team_id))),
        ("job_role", world.role_of(person), Wanted(Whose(job_role=world.role_of(person)))),
        ("step", gap.step, Wanted(step=gap.step)),
        ("outcome", world.outcomes[0].pk, Wanted(outcome=world.outcomes[0].pk)),
    ):
        assert len(pages(program, "gaps/", **{name: value})) == len(gaps(wanted)), name


def test_gaps_of_a_past_day(world, program):
    day = timezone.localdate() - dt.timedelta(days=2)
    found = pages(program, "gaps/", as_of=day)
    assert len(found) == len(gaps(Wanted(), as_of=day))
    assert {gap["level"] for gap in found} == {None}, "nothing had been said by then"


@pytest.mark.parametrize("query", ["kind=sideskill", "person=me", "page_size=0", "as_of=yesterday"])
def test_what_cannot_be_asked_is_refused(program, query):
    answer = program.ask("GET", f"gaps/?{query}")
    assert (answer.status_code, answer.body["type"]) == (400, "validation_error")


@pytest.mark.parametrize("path", ["gaps", "cover", "outcomes-at-risk"])
@pytest.mark.parametrize("cursor", ["nonsense", "YWJj", "YWJjIGFiYw=="])
def test_a_cursor_that_nobody_was_given_is_missing(world, program, path, cursor):
    assert program.ask("GET", f"{path}/?cursor={cursor}").status_code == 404


def key_of(account: Account, *scopes: str) -> Program:
    return Program(make_key(*scopes, by=account))


def test_a_key_of_somebody_who_became_a_manager_only_tells_nothing_more(world):
    """What people see of their own tree is for pages: a key about people is for those who may see everybody."""
    boss = make_account(Role.ADMINISTRATOR, person=world.people[0])
    program = key_of(boss, "read")
    assert pages(program, "gaps/")

    change_roles(boss, roles=[], reason="Leads a team now", by=make_account(Role.ADMINISTRATOR))

    answer = program.ask("GET", "gaps/")
    assert (answer.status_code, answer.body["errors"][0]["code"]) == (403, "key_rests")


def test_a_key_for_designing_tells_of_no_person(world):
    program = key_of(make_account(Role.ADMINISTRATOR), "design")

    assert program.ask("GET", "gaps/").status_code == 403
    steps = pages(program, "cover/")
    assert {name for step in steps for name in (*step["can"], *step["leaving"])} == set()


def test_cover_comes_in_pages_by_step(world, program):
    found = {step["step"]: step for step in pages(program, "cover/", page_size=2)}

    expected = cover()
    assert set(found) == {str(each.step) for each in expected}
    for each in expected:
        told = found[str(each.step)]
        assert (told["people"], told["target"], told["state"]) == (each.people, each.target, each.state.value)
        assert [one["person"] for one in told["can"]] == [str(one.person) for one in each.can]


def test_figures_of_fewer_than_five_are_not_shown_above_the_own_team(world):
    program = key_of(make_account(Role.DESIGNER), "design")

    told = {step["step"]: step for step in pages(program, "cover/")}

    small = {str(each.step) for each in cover() if 0 < each.performers < SMALLEST_GROUP}
    assert small
    assert {pk for pk, step in told.items() if step["people"] is None} == small
    assert {pk for pk, step in told.items() if step["cover"] is None} == small
    weakest = {risk["weakest_step"] for risk in pages(program, "outcomes-at-risk/")}
    assert weakest & small == set()


def test_outcomes_at_risk_come_worst_first(world, program):
    found = pages(program, "outcomes-at-risk/", page_size=1)

    expected = outcomes_at_risk()
    assert len(expected) > 1
    assert [risk["outcome"] for risk in found] == [str(each.outcome) for each in expected]
    assert [risk["weakest_step"] for risk in found] == [str(each.weakest.step) for each in expected]
    assert [risk["chain_cover"] for risk in found] == [float(each.chain) for each in expected]


def test_roles_compared(world, program):
    here, there = world.roles[:2]

    told = program.ask("GET", f"roles/{here.pk}/compare/{there.pk}/").body

    needs = world.needed_by(there.pk)
    shares = needs.keys() & world.needed_by(here.pk).keys()
    assert (told["needs"], told["shares"], told["lacks"]) == (len(needs), len(shares), len(needs) - len(shares))
    assert {skill["skill"] for skill in told["skills"] if skill["there"]} == {str(pk) for pk in needs}
    assert all(skill["steps_there"] for skill in told["skills"] if skill["there"])


def test_roles_compared_on_a_past_day(world, program):
    here, there = world.roles[:2]
    on = RequirementPeriod.objects.earliest("since").since.date() - dt.timedelta(days=1)

    told = program.ask("GET", f"roles/{here.pk}/compare/{there.pk}/?as_of={on}").body

    assert (told["needs"], told["skills"]) == (0, [])
    assert program.ask("GET", f"roles/{here.pk}/compare/{there.pk}/?as_of=never").status_code == 400


@pytest.mark.parametrize("people", [3, 12])
def test_a_page_of_gaps_takes_a_fixed_number_of_queries(people, django_assert_num_queries):
    make_world(2, people=people)
    program = Program(make_key("read", by=make_account(Role.ADMINISTRATOR)))
    program.ask("GET", "gaps/")

    with django_assert_num_queries(5):  # key with its owner, the moment, the next people, their gaps, the note
        program.ask("GET", "gaps/")


# --- what is to be read again -----------------------------------------------------------------

LATELY = timezone.now() - dt.timedelta(hours=1)


def age() -> None:
    """Let all that there is have been so for a day: a test is one transaction, and so one moment."""
    before = timezone.now() - dt.timedelta(days=1)
    for model, field in (
        (Standing, "changed_at"), (Person, "changed_at"), (Requirement, "changed_at"), (RequirementPeriod, "since"),
        (Goal, "person_agreed_at"), (Goal, "manager_agreed_at"), (Overrule, "overruled_at"),
    ):  # fmt: skip
        model.objects.exclude(**{field: None}).update(**{field: before})
    with connection.cursor() as cursor:
        # Nobody rewrites the trail but a test, past its triggers.
        cursor.execute("SET LOCAL session_replication_role = replica")
        cursor.execute("UPDATE base_change SET at = %s", [before])
        cursor.execute("SET LOCAL session_replication_role = origin")


def lately(program: Program, path: str) -> set:
    """What is told to have changed, by what it is about."""
    keys = {"gaps/": ("person", "skill"), "cover/": ("step",), "outcomes-at-risk/": ("outcome",)}[path]
    found = pages(program, path, updated_since=LATELY.isoformat().replace("+", "%2B"))
    return {tuple(one[key] for key in keys) for one in found if one.get("is_open", True)}


@pytest.mark.parametrize("path", ["gaps/", "cover/", "outcomes-at-risk/"])
def test_what_has_not_changed_is_not_told_again(world, program, path):
    assert pages(program, path)
    assert lately(program, path), "all of it is new"
    age()
    assert lately(program, path) == set()


def evidence_came(gap: Gap) -> None:
    record_evidence(Person.objects.get(pk=gap.person), Skill.objects.get(pk=gap.skill), level=1, type=Type.PEER,
                    observed_at=timezone.now(), by=make_account(Role.PEOPLE_ADMIN, person=make_person()))  # fmt: skip


def cause_was_named(gap: Gap) -> None:
    name_cause(Person.objects.get(pk=gap.person), Skill.objects.get(pk=gap.skill), kind="tools", by=make_designer())


def requirement_moved(gap: Gap) -> None:
    Requirement.objects.filter(job_role=gap.job_role, skill=gap.skill).update(changed_at=timezone.now())


def person_changed(gap: Gap) -> None:
    Person.objects.filter(pk=gap.person).update(changed_at=timezone.now())


@pytest.mark.parametrize("event", [evidence_came, cause_was_named, requirement_moved, person_changed])
def test_a_gap_is_told_again_once_something_it_rests_on_has_changed(world, program, event):
    age()
    gap = next(gap for gap in gaps(Wanted()) if gap.level is None and gap.required > 1)
    event(gap)

    told, everything = lately(program, "gaps/"), {(str(each.person), str(each.skill)) for each in gaps(Wanted())}

    assert (str(gap.person), str(gap.skill)) in told
    assert told < everything, "and what has nothing to do with it is not"


def test_what_is_withdrawn_is_told_though_no_standing_is_left(world, program):
    gap = next(gap for gap in gaps(Wanted()) if gap.level is None)
    evidence_came(gap)
    age()
    assert lately(program, "gaps/") == set()

    withdraw_evidence(Evidence.objects.get(), reason="It was somebody else", by=make_designer())

    assert not Standing.objects.filter(person=gap.person, skill=gap.skill).exists()
    assert (str(gap.person), str(gap.skill)) in lately(program, "gaps/")


def test_cover_and_outcomes_are_told_again_where_something_counts_anew(world, program):
    age()
    gap = next(gap for gap in gaps(Wanted()) if gap.level is None and gap.job_role != gap.target)
    evidence_came(gap)
    asking = {
        str(step) for step in Need.objects.filter(skill=gap.skill, job_role=gap.job_role).values_list("step", flat=True)
    }

    told = {step for (step,) in lately(program, "cover/")}

    assert asking <= told < {str(each.step) for each in cover()}
    behind = {str(each.outcome) for each in outcomes_at_risk() if asking & {str(link.step) for link in each.links}}
    assert {outcome for (outcome,) in lately(program, "outcomes-at-risk/")} >= behind


@pytest.mark.parametrize("path", ["gaps/", "cover/", "outcomes-at-risk/"])
def test_a_past_day_and_what_changed_are_two_questions(program, path):
    answer = program.ask("GET", f"{path}?as_of=2026-01-05&updated_since=2026-01-05T00:00:00Z")
    assert (answer.status_code, answer.body["errors"][0]["attr"]) == (400, "updated_since")
