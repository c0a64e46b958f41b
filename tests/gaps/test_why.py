"""Why a figure changed: every part of the difference has what happened behind it, and nothing is left over."""

import csv
import datetime as dt
import random
from io import BytesIO, StringIO
from typing import Any

import pytest
from django.urls import reverse
from django.utils import timezone
from openpyxl import load_workbook

from base import changes
from gaps.models import Evidence, Goal, Overrule, Requirement, RequirementPeriod, Trust, Type, Withdrawal
from gaps.queries import snapshot, standing
from gaps.queries.reckoning import EVERYBODY, Whose
from gaps.queries.summing import sum_of_all
from gaps.queries.trend import point_of, point_on
from gaps.queries.why import Between, Event, events
from gaps.why import FEW
from tests.gaps.test_past import ago, day, make_history
from tests.gaps.test_team_pages import make_asked
from tests.gaps.worlds import World
from tests.make import make_account, make_person
from workflows.models import Step
from workforce.models import Person, Position, Role, Team

pytestmark = pytest.mark.django_db

TODAY = timezone.localdate()
QUERIES = 14
FIGURES = ("of", "met", "reached", "weight", "upskill", "reskill")


def figures_on(whose: Whose, when: dt.date) -> list[int]:
    point = point_of(when, sum_of_all(whose, as_of=when))
    return [getattr(point, name) for name in FIGURES]


def summed(found: list[Event]) -> list[int]:
    names = ("needs", *FIGURES[1:])
    return [sum(getattr(each, name) for each in found) for name in names]


def make_eventful(seed: int) -> World:
    """A hundred days in which everything happens that moves figures."""
    chance = random.Random(seed)
    world, said = make_history(seed)
    mover, joiner, leaver = world.people
    team = Team.objects.get_or_create(name="Where they were")[0]
    Position.objects.create(
        person=mover, job_title=make_person(role=world.roles[1]).job_title, started_on=day(800), team=team,
        ended_on=day(chance.randint(5, 60)),
    )  # fmt: skip
    Person.objects.filter(pk=joiner.pk).update(start_date=day(chance.randint(5, 60)))
    Person.objects.filter(pk=leaver.pk).update(status="inactive", left_at=ago(chance.randint(1, 60)))
    for period in chance.sample([*RequirementPeriod.objects.all()], 3):
        began = ago(chance.randint(1, 60))
        RequirementPeriod.objects.filter(pk=period.pk).update(since=began)
        if chance.random() < 0.7:
            RequirementPeriod.objects.create(
                job_role_id=period.job_role_id, skill_id=period.skill_id, level=chance.randint(1, 4), until=began,
                criticality=chance.randint(1, 7), steps=1, since=ago(900),
            )  # fmt: skip
    for gone in chance.sample([*Requirement.objects.all()], 1):
        gone.delete()
    signed = ago(chance.randint(1, 60))
    Goal.objects.create(
        person=mover, job_role=world.roles[2], state="agreed", proposed_by=world.by, person_agreed_at=signed,
        manager_agreed_at=signed, manager_agreed_by=world.by,
    )  # fmt: skip
    for skill in world.skills[:3]:
        Overrule.objects.create(
            person=joiner, skill=skill, label=chance.choice(["none", "reskill"]), reason="I know",
            overruled_by=world.by, overruled_at=ago(chance.randint(1, 60)),
        )  # fmt: skip
    revise(world, chance, said)
    trust(world, kind="own", percent=70, days=chance.randint(1, 60))
    standing.recompute_everything()
    return world


def revise(world: World, chance: random.Random, said: list[Evidence]) -> None:
    """A step at which something was seen is another one since."""
    step = next(step for step in world.steps if step.performed_by_id == world.roles[0].pk)
    for person in world.people:
        skill = chance.choice(world.skills)
        seen = ago(chance.randint(61, 90))
        Evidence.objects.create(
            person=person, skill=skill, level=4, type="observed", observed_at=seen, recorded_at=seen, step=step,
            step_revision=1, valid_until=day(-300), source=f"{person.pk}", recorded_by=world.by,
        )  # fmt: skip
    Step.objects.filter(pk=step.pk).update(revision=2, revised_at=(at := ago(chance.randint(1, 60))))
    note(step, {"revision": (1, 2)}, at, world)


def trust(world: World, *, kind: str, percent: int, days: int) -> None:
    changed = Trust.objects.get(type=kind)
    note(changed, {"percent": (changed.percent, percent)}, ago(days), world)
    Trust.objects.filter(pk=changed.pk).update(percent=percent)


def note(thing: Any, facts: dict[str, tuple[Any, Any]], at: dt.datetime, world: World) -> None:
    change = changes.entry("change", thing, by=world.by, scope=thing.pk, facts=facts)
    change.at = at
    change.save(force_insert=True)


@pytest.mark.parametrize("names", [True, False])
@pytest.mark.parametrize("seed", range(8))
def test_what_happened_sums_up_to_the_difference(seed, names):
    world = make_eventful(seed)
    team = Whose(team=Team.objects.get(name="Where they were").pk)
    mine = Whose(people=[each.pk for each in world.people])

    for whose in (EVERYBODY, mine, team, Whose(job_role=world.roles[0].pk)):
        for first, last in ((70, 40), (50, 10), (65, 0), (10, 1)):
            found = events(whose, Between(day(first), day(last)), names=names)
            before, after = figures_on(whose, day(first)), figures_on(whose, day(last))
            assert summed(found) == [new - old for old, new in zip(before, after, strict=True)]


@pytest.mark.parametrize("seed", range(4))
def test_what_was_kept_every_night_is_explained_to_the_last_figure(seed):
    make_eventful(seed)
    kept = {}
    for count in (62, 45, 30, 12, 1):
        snapshot.take(day(count))
        kept[count] = [getattr(point_on(EVERYBODY, day(count)), name) for name in FIGURES]

    for first, last in ((62, 45), (45, 30), (62, 1), (12, 1)):
        found = events(EVERYBODY, Between(day(first), day(last)), names=True)
        assert summed(found) == [new - old for old, new in zip(kept[first], kept[last], strict=True)]


# --- the page ---------------------------------------------------------------------------------


def make_asked_of(*names: str, skills: int = 1):
    """(boss, step, people, skills) asked for a hundred days, in roles for longer."""
    boss, skill, step, people = make_asked(*names)
    RequirementPeriod.objects.update(since=ago(100))
    Person.objects.update(position_since=day(300))
    return boss, skill, step, people


def say(person: Person, skill: Any, *, days: int, level: int = 4, valid: int = 200) -> Evidence:
    said = Evidence.objects.create(
        person=person, skill=skill, level=level, type="exercise", observed_at=ago(days), recorded_at=ago(days),
        valid_until=day(days - valid), source=f"{person} {days}", recorded_by=make_account(),
    )  # fmt: skip
    standing.recompute_everything()
    return said


def lines_of(client, **asked: Any) -> list[tuple[str, int]]:
    why = client.get(reverse("why_show"), asked).context["why"]
    assert not why.other
    return [(line.what, line.moved.met) for line in why.lines]


def test_each_thing_that_happened_is_told_with_what_it_did(client):
    boss, skill, _, (ann, ben, cai) = make_asked_of("Ann", "Ben", "Cai")
    client.force_login(boss)
    days = {"from": day(60), "until": day(5)}
    say(ann, skill, days=20)
    say(ben, skill, days=90, valid=50)
    Withdrawal.objects.create(evidence=say(cai, skill, days=80), reason="No", withdrawn_by=boss, withdrawn_at=ago(30))

    assert lines_of(client, **days) == [
        (f"Ben, “{skill}”: evidence ran out, level 4 → none.", -1),
        (f"Cai, “{skill}”: evidence was withdrawn, level 4 → none.", -1),
        (f"Ann, “{skill}”: {Type.EXERCISE.label.lower()}, level none → 4.", 1),
    ]
    assert lines_of(client, **days, figure="reskill") == []
    assert lines_of(client, **days, by="skill") == [(str(skill), -1)]
    assert [what for what, _ in lines_of(client, **days, by="person")] == ["Ben", "Cai", "Ann"]


def test_who_comes_and_goes_moves_figures(client):
    boss, skill, step, (ann, ben) = make_asked_of("Ann", "Ben")
    client.force_login(boss)
    say(ann, skill, days=90)
    Person.objects.filter(pk=ann.pk).update(status="inactive", left_at=ago(10))
    Person.objects.filter(pk=ben.pk).update(start_date=day(20), position_since=day(20))

    why = client.get(reverse("why_show"), {"from": day(60), "until": day(5)}).context["why"]

    role = step.performed_by
    assert [(line.what, line.day, line.moved[:2]) for line in why.lines] == [
        (f"Ben came, as {role}.", day(20), (0, 1)),
        (f"Ann left, as {role}.", day(10), (-1, -1)),
    ]
    assert not why.other


def test_what_the_work_asks_moves_figures(client):
    boss, skill, step, _ = make_asked_of("Ann", "Ben")
    RequirementPeriod.objects.update(since=ago(10))
    client.force_login(boss)

    why = client.get(reverse("why_show"), {"from": day(60)}).context["why"]

    (line,) = why.lines
    assert (line.what, line.day) == (f"{step.performed_by} needs “{skill}” at level 3.", day(10))
    assert (line.moved.of, line.moved.upskill, line.people) == (2, 2, 2)


def test_an_address_keeps_the_whole_state(client):
    boss, _, step, _ = make_asked_of("Ann")
    client.force_login(boss)
    asked = {
        "from": str(day(60)),
        "until": str(day(5)),
        "figure": "met",
        "by": "kind",
        "role": str(step.performed_by_id),
    }

    why = client.get(reverse("why_show"), asked).context["why"]

    assert why.asked == asked


def test_days_the_wrong_way_round_are_turned_and_nonsense_is_the_last_month(client):
    boss, *_ = make_asked_of("Ann")
    client.force_login(boss)

    def days(**asked: Any) -> Between:
        return client.get(reverse("why_show"), asked).context["why"].between

    assert days(**{"from": day(5), "until": day(60)}) == Between(day(60), day(5))
    assert days(**{"from": "soon", "until": "2999-01-01", "figure": "x", "by": "\x00"}) == Between(day(30), TODAY)


@pytest.mark.parametrize("kind", ["csv", "xlsx"])
def test_the_file_has_every_line_and_the_difference(client, kind):
    boss, skill, _, (ann,) = make_asked_of("Ann")
    say(ann, skill, days=20)
    client.force_login(boss)

    answer = client.get(reverse("why_export", args=[kind]), {"from": day(60), "until": day(5)})

    rows = rows_in(answer, kind)
    assert [row[1] for row in rows[1:]] == [
        f"Ann, “{skill}”: {Type.EXERCISE.label.lower()}, level none → 4.", f"From {day(60)} to {day(5)}",
    ]  # fmt: skip
    assert [row[3:] for row in rows[1:]] == [["1", "0", "100.00", "'-1", "0"]] * 2


def rows_in(answer: Any, kind: str) -> list[list[str]]:
    content = answer.getvalue()
    if kind == "csv":
        return list(csv.reader(StringIO(content.decode("utf-8-sig"))))
    return [[str(cell or "") for cell in row] for row in load_workbook(BytesIO(content)).active.values]


@pytest.mark.parametrize("count", [1, 3])
def test_the_page_costs_the_same_for_one_and_for_three(client, count, django_assert_num_queries):
    boss, skill, _, people = make_asked_of(*["Ann", "Ben", "Cai"][:count])
    for person in people:
        say(person, skill, days=20)
    client.force_login(boss)
    client.get(reverse("why_show"))

    with django_assert_num_queries(QUERIES):
        html = client.get(reverse("why_show")).content.decode()

    assert html.count("level none → 4") == count


def test_one_s_own_figures_are_asked_for_without_leading_anybody(client):
    _, skill, _, (ann, ben) = make_asked_of("Ann", "Ben")
    say(ann, skill, days=20)
    say(ben, skill, days=20)
    client.force_login(make_account(person=ann))

    assert [what for what, _ in lines_of(client)] == [f"Ann, “{skill}”: {Type.EXERCISE.label.lower()}, level none → 4."]
    assert client.get(reverse("why_show"), {"person": ben.pk}).status_code == 403
    assert not ann.access_notes.exists()


def test_whoever_is_named_finds_out_who_looked(client):
    boss, skill, _, (ann, ben) = make_asked_of("Ann", "Ben")
    say(ann, skill, days=20)
    client.force_login(boss)

    client.get(reverse("why_show"))
    assert (ann.access_notes.get().page, ben.access_notes.exists()) == ("why figures changed", False)
    client.get(reverse("why_show"), {"person": ben.pk})
    assert ben.access_notes.get().seen_by == boss


def test_sums_name_nobody_and_tell_of_no_fewer_than_five(client):
    names = [f"Person number {count}" for count in range(7)]
    _, skill, _, people = make_asked_of(*names)
    for person in people[:5]:
        say(person, skill, days=20)
    say(people[5], skill, days=90, valid=50)
    for count in (60, 5):
        snapshot.take(day(count))
    client.force_login(make_account(Role.DESIGNER))

    answer = client.get(reverse("why_show"), {"from": day(60), "until": day(5)})

    assert [(line.what, line.moved.met, line.events) for line in answer.context["why"].lines] == [(FEW, 4, [])]
    html = answer.content.decode()
    assert not any(name in html for name in names)
    assert "Evidence ran out" not in html
