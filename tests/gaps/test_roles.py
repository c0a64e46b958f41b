"""Roles compared: the figures of ESCO 1.1.0, and the SQL twins on random worlds."""

import csv
import io
import zipfile
from collections.abc import Iterator
from pathlib import Path

import pytest
from django.conf import settings
from django.utils import timezone

from gaps.arithmetic import is_met, levels_to_climb, readiness, way_between
from gaps.models import Requirement
from gaps.queries.roles import compare, people_near, roles_in_reach, roles_near, roles_onward, to_learn
from skills.models import Skill
from tests.gaps.worlds import make_world
from tests.make import make_designer
from workforce.models import JobRole, Person

pytestmark = pytest.mark.django_db

ESCO = Path(settings.BASE_DIR).parent / "shared/data/esco/ESCO dataset - v1.1.0 - classification - en - csv.zip"
COMPARED = {"data analyst", "data scientist", "bookkeeper", "accountant", "web developer"}


def rows_of(file: str) -> Iterator[dict[str, str]]:
    with zipfile.ZipFile(ESCO) as archive, archive.open(file) as lines:
        yield from csv.DictReader(io.TextIOWrapper(lines, "utf-8-sig"))


@pytest.fixture
def esco() -> dict[str, JobRole]:
    """The compared occupations as job roles, their essential skills as requirements."""
    if not ESCO.exists():
        pytest.skip("ESCO 1.1.0 is not beside the checkout")
    by = make_designer()
    names = {row["conceptUri"]: row["preferredLabel"] for row in rows_of("occupations_en.csv")}
    essential = [
        (names[row["occupationUri"]], row["skillUri"])
        for row in rows_of("occupationSkillRelations.csv")
        if row["relationType"] == "essential" and names.get(row["occupationUri"]) in COMPARED
    ]
    uris = {uri for _, uri in essential}
    labels = {row["conceptUri"]: row["preferredLabel"] for row in rows_of("skills_en.csv") if row["conceptUri"] in uris}
    skills = {uri: Skill(name=labels[uri], statement=labels[uri], created_by=by) for uri in uris}
    Skill.objects.bulk_create(skills.values())
    roles = {name: JobRole.objects.create(name=name) for name in COMPARED}
    Requirement.objects.bulk_create(
        Requirement(
            job_role=roles[name], skill=skills[uri], level=3, criticality=4, is_rated=True, steps=1,
            asked_since=timezone.now(),
        )
        for name, uri in essential
    )  # fmt: skip
    return roles


@pytest.mark.parametrize(
    ("here", "there", "figures"),
    [
        ("data analyst", "data scientist", (55, 18, 37)),
        ("bookkeeper", "accountant", (26, 14, 12)),
        ("web developer", "data scientist", (55, 0, 55)),
    ],
)
def test_the_figures_of_esco(esco, here, there, figures):
    found = compare(esco[here], esco[there])

    assert (found.way.needs, found.way.shares, found.way.lacks) == figures
    assert (len(found.shared), len(found.missing)) == figures[1:]
    near = {each.name: each.way for each in roles_near(esco[there].pk)}
    assert (found.way == near[here]) if figures[1] else (here not in near)


def test_the_nearest_to_a_data_scientist_is_the_data_analyst(esco):
    nearest, *_ = roles_near(esco["data scientist"].pk)
    assert nearest.name == "data analyst"


@pytest.mark.parametrize("seed", range(6))
def test_ways_in_sql_are_the_arithmetics(seed):
    world = make_world(seed)
    for role in world.roles:
        mine = world.needed_by(role.pk)
        others = {other.pk: world.needed_by(other.pk) for other in world.roles if other != role}
        sharing = {pk: needs for pk, needs in others.items() if needs.keys() & mine.keys()}
        to_here = {pk: way_between(needs, mine) for pk, needs in sharing.items()}
        onward = {pk: way_between(mine, needs) for pk, needs in sharing.items()}

        assert {each.job_role: each.way for each in roles_near(role.pk)} == to_here
        assert {each.job_role: each.way for each in roles_onward(role.pk)} == onward
        assert [each.way.transfer for each in roles_onward(role.pk)] == sorted(
            (way.transfer for way in onward.values()), reverse=True
        )


@pytest.mark.parametrize("seed", range(6))
def test_people_near_and_roles_in_reach_are_the_arithmetics(seed):
    world = make_world(seed, people=8)
    working = [person for person in world.people if person.status in Person.Status.at_work()]
    for role in world.roles:
        needs = world.needed_by(role.pk)
        for near in people_near(role.pk, limit=99):
            held = world.held_for(near.person, role.pk)
            assert near.job_role != role.pk
            assert figures_of(near.reach) == reckoned(needs, held)
            lacks = [each.skill for each in to_learn([near.person], role.pk)[near.person]]
            assert set(lacks) == {skill for skill, need in needs.items() if not is_met(need, held.get(skill))}
    for person in working:
        for near in roles_in_reach(person, limit=99):
            needs, held = world.needed_by(near.job_role), world.held_for(person.pk, near.job_role)
            assert near.job_role != world.role_of(person)
            assert figures_of(near.reach) == reckoned(needs, held)


def figures_of(reach):
    return reach.met, reach.of, reach.share, reach.levels


def reckoned(needs, held):
    found = readiness(needs, held)
    return found.met, found.of, found.share, levels_to_climb(needs, held)


def test_the_nearest_come_first_and_only_so_many():
    world = make_world(2, people=20)
    shares = [near.reach.share for near in people_near(world.roles[0].pk, limit=5)]
    assert len(shares) == 5
    assert shares == sorted(shares, reverse=True)


def test_a_comparison_is_explained_by_steps():
    world = make_world(1)
    found = compare(world.roles[0], world.roles[1])

    assert found.skills
    for each in found.skills:
        assert bool(each.here) == bool(each.steps_here)
        assert bool(each.there) == bool(each.steps_there)
        assert all(place.name.startswith("Do ") for place in [*each.steps_here, *each.steps_there])
    assert sum(shared + missing for _, shared, missing in found.by_criticality) == found.way.needs


@pytest.mark.parametrize("steps", [1, 9])
def test_comparing_takes_two_queries(steps, django_assert_num_queries):
    world = make_world(1, steps=max(steps, 2))
    with django_assert_num_queries(2):
        compare(world.roles[0], world.roles[1])
