"""By no difference of what sums tell can the figures of fewer than five people be had."""

import csv
from io import StringIO
from itertools import combinations, product

import pytest
from django.urls import reverse
from hypothesis import given
from hypothesis import strategies as st

from gaps.groups import days_to_tell, groups_to_tell, tellable
from gaps.queries import snapshot
from gaps.queries.among import places
from gaps.queries.reckoning import EVERYBODY
from gaps.queries.trend import present
from tests.api.client import Program
from tests.gaps.test_past import ago, day
from tests.gaps.worlds import make_world
from tests.make import make_account, make_job_role, make_key, make_person, make_skill, make_workflow
from workforce.models import Person, Role, Team

TEAMS, ROLES = ["North", "South", "East"], ["clerk", "lead", "driver"]
PLACES = st.dictionaries(
    st.tuples(st.sampled_from(TEAMS), st.sampled_from(ROLES)), st.integers(1, 9), min_size=1, max_size=9
)


def differences(people: dict, hidden_teams, hidden_roles) -> set[int]:
    """How many people every sum and difference of what is told is about, each told at most once with either sign."""
    told = [dict.fromkeys(people, 1)]
    told += [{place: 1 for place in people if place[0] == team} for team in TEAMS if team not in hidden_teams]
    told += [{place: 1 for place in people if place[1] == role} for role in ROLES if role not in hidden_roles]
    found = set()
    for signs in product((-1, 0, 1), repeat=len(told)):
        weights = {
            place: sum(sign * each.get(place, 0) for sign, each in zip(signs, told, strict=True)) for place in people
        }
        found.add(sum(count for place, count in people.items() if weights[place]))
    return found


@given(PLACES)
def test_no_difference_of_teams_and_roles_is_about_fewer_than_five(people):
    found = tellable(people)
    # Fewer than five people altogether are withheld by their number alone.
    if sum(people.values()) >= 5:
        assert not differences(people, found.hidden_teams, found.hidden_roles) & {1, 2, 3, 4}


def test_without_the_rule_a_difference_gives_somebody_away():
    people = {("North", "clerk"): 9, ("North", "lead"): 1, ("South", "lead"): 8}
    assert 1 in differences(people, set(), set())
    found = tellable(people)
    assert (found.hidden_teams, found.hidden_roles) != (frozenset(), frozenset())


def test_large_groups_that_stand_apart_are_told():
    people = {("North", "clerk"): 9, ("South", "lead"): 5}
    found = tellable(people)
    assert (found.hidden_teams, found.hidden_roles) == (frozenset(), frozenset())


def test_a_small_group_takes_another_one_with_it():
    """Everybody less the two others would be its four."""
    people = {("North", "clerk"): 4, ("South", "clerk"): 7, ("East", "clerk"): 8}
    assert tellable(people).hidden_teams == {"North", "South"}


def test_one_team_in_one_role_is_never_told():
    found = tellable({("North", "clerk"): 90, ("South", "lead"): 90})
    assert found.tells_of(team="North")
    assert found.tells_of(role="clerk")
    assert not found.tells_of(team="North", role="clerk")
    assert not found.tells_of(team="North", among={"clerk"})


@given(st.lists(st.integers(0, 2**9 - 1), min_size=1, max_size=12))
def test_no_two_days_that_are_told_differ_by_fewer_than_five(masks):
    days = {day(count): mask for count, mask in enumerate(masks)}
    told = days_to_tell(days)
    assert day(0) in told
    assert not {(days[one] ^ days[other]).bit_count() for one, other in combinations(told, 2)} & {1, 2, 3, 4}


# --- in the house -----------------------------------------------------------------------------

pytestmark = pytest.mark.django_db


def make_team(name: str, role, count: int) -> list[Person]:
    team = Team.objects.get_or_create(name=name)[0]
    return [make_person(role=role, team=team) for _ in range(count)]


def make_asking():
    step = make_workflow(steps=1).steps.get()
    make_skill("Support the clerk by checking the order", at=step, published=True)
    return step.performed_by


def exported(client, **asked: str) -> dict[tuple[str, str], list[str]]:
    answer = client.get(reverse("gap_export", args=["csv"]), asked).getvalue().decode("utf-8-sig")
    return {(row[0], row[1]): row[2:] for row in list(csv.reader(StringIO(answer)))[1:]}


def test_a_team_of_ten_less_a_role_of_nine_is_not_to_be_had(client):
    role, other = make_asking(), make_job_role("Rare bird")
    make_team("North", role, 9)
    make_team("North", other, 1)
    make_team("South", other, 8)
    client.force_login(make_account(Role.DESIGNER))

    rows = exported(client)
    told = {key: int(said[0]) for key, said in rows.items() if said[0].isdigit()}

    assert rows["Job roles", "Rare bird"][0] == "fewer than five" or rows["Teams", "South"][0] == "fewer than five"
    sizes = {name: count for (_, name), count in told.items()}
    assert not {abs(one - other) for one, other in combinations(sizes.values(), 2)} & {1, 2, 3, 4}
    team, asked = Team.objects.get(name="North"), {"role": str(role.pk)}
    assert exported(client, team=str(team.pk), **asked) == {}
    page = client.get(reverse("gap_list"), {"team": team.pk, **asked})
    assert page.context["team"].is_withheld
    assert b"Not shown" in page.content


def test_a_day_after_which_one_person_left_is_not_told(client):
    role = make_asking()
    people = make_team("North", role, 12)
    Person.objects.update(position_since=day(300))
    snapshot.take(day(3))
    Person.objects.filter(pk=people[0].pk).update(status="inactive", left_at=ago(2))
    snapshot.take(day(1))
    client.force_login(make_account(Role.DESIGNER))

    assert days_to_tell(present(EVERYBODY)) == {day(0), day(1)}
    assert client.get(reverse("gap_list"), {"on": day(3)}).context["team"].is_withheld
    assert not client.get(reverse("gap_list"), {"on": day(1)}).context["team"].is_withheld
    why = client.get(reverse("why_show"), {"from": day(3), "until": day(1)}).context["why"]
    assert (why.is_known, why.lines) == (False, [])


def test_days_on_which_nobody_came_or_went_are_told():
    make_team("North", make_asking(), 6)
    Person.objects.update(position_since=day(300))
    for count in (3, 2, 1):
        snapshot.take(day(count))
    assert days_to_tell(present(EVERYBODY)) == {day(count) for count in range(4)}


def test_a_program_without_sight_of_people_hears_of_no_step_of_a_group_that_is_withheld():
    make_world(1, people=12)
    hidden = {str(role) for role in groups_to_tell().hidden_roles}
    program = Program(make_key("design"))

    steps = program.ask("GET", "cover/?page_size=1000").body["results"]

    assert hidden
    assert {step["people"] for step in steps if step["job_role"] and str(step["job_role"]) in hidden} <= {None, 0}
    assert program.ask("GET", "cover/?as_of=2026-01-01").status_code == 403


def test_whoever_sees_a_person_alone_does_not_count_beside_the_others():
    role = make_asking()
    people = make_team("North", role, 5)
    assert groups_to_tell().hidden_roles == frozenset()
    assert groups_to_tell([people[0].pk]).hidden_roles == {role.pk}
    assert places([people[0].pk])[people[0].team_id, role.pk] == 4
