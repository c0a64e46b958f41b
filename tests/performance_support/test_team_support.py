"""Stale support at the steps of somebody's people: a region of the team's page, filled from the room above."""

import datetime as dt

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from gaps.queries.reckoning import Whose
from performance_support import actions
from performance_support.models import Programme, Resource
from performance_support.queries import team
from tests.gaps.test_team_pages import make_asked
from tests.make import make_account, make_person, make_resource, make_step
from workflows.models import Step
from workforce.models import Role, Team

pytestmark = pytest.mark.django_db
LONG_AGO = {"state": "stale", "stale_since": "2026-01-01T00:00Z", "stale_because": ["step_changed"]}


def make_stale(*titles: str, at) -> None:
    for title in titles:
        resource = make_resource(title, at=at)
        Resource.objects.filter(pk=resource.pk).update(**LONG_AGO)


def region(client) -> str:
    headers = {"HX-Request": "true", "HX-Target": "team-support"}
    return client.get(reverse("team_support"), headers=headers).content.decode()


def test_a_manager_sees_what_is_stale_where_the_own_people_work(client):
    boss, _, step, _ = make_asked("Ann")
    make_stale("Old checklist", at=step)
    make_resource("Fresh checklist", at=step)
    make_stale("Stale elsewhere", at=make_step())
    client.force_login(boss)

    html = region(client)

    assert "Old checklist" in html
    assert step.name in html
    assert "Fresh checklist" not in html
    assert "Stale elsewhere" not in html
    assert "<html" not in html


def test_the_page_of_a_team_asks_for_it_with_its_own_question(client):
    boss, _, step, _ = make_asked("Ann")
    client.force_login(boss)
    html = client.get(f"{reverse('gap_list')}?workflow={step.workflow_id}").content.decode()
    assert f'hx-get="{reverse("team_support")}?workflow={step.workflow_id}"' in html


def test_another_workflow_is_left_out(client):
    boss, _, step, _ = make_asked("Ann")
    make_stale("Old checklist", at=step)
    client.force_login(boss)
    html = client.get(f"{reverse('team_support')}?workflow={make_step().workflow_id}").content.decode()
    assert "Old checklist" not in html
    assert "Nothing is stale" in html


def test_it_costs_the_same_for_one_and_for_three(client):
    costs = []
    for titles in (["One"], ["Two", "Three", "Four"]):
        boss, _, step, _ = make_asked("Ann")
        make_stale(*titles, at=step)
        client.force_login(boss)
        region(client)
        with CaptureQueriesContext(connection) as counted:
            html = region(client)
        assert all(title in html for title in titles)
        costs.append(len(counted))
    assert costs[0] == costs[1]


def test_designers_see_all_of_it_and_employees_none(client):
    _, _, step, _ = make_asked("Ann")
    make_stale("Old checklist", at=step)
    client.force_login(make_account(Role.DESIGNER))
    assert "Old checklist" in region(client)
    client.force_login(make_account(person=make_person()))
    assert client.get(reverse("team_support")).status_code == 403


def test_steps_at_which_nothing_helps_are_named_the_most_critical_first(client):
    boss, _, step, people = make_asked("Ann")
    role = step.performed_by
    for n, criticality in enumerate((7, 3, 5, 4, 2, 6)):
        make_step(step.workflow, name=f"Lone {n}", performed_by=role, criticality=criticality)
    make_step(name="Elsewhere")
    make_resource("Checklist", at=step)
    client.force_login(boss)

    found = team.helpless_steps_of(Whose(people=[person.pk for person in people]))
    html = region(client)

    assert [(each.step_name, each.of) for each in found] == [(f"Lone {n}", 6) for n in (0, 5, 2, 3, 1)]
    assert "6 steps without any support." in html
    assert "and more" in html
    assert "Elsewhere" not in html
    make_stale("Old checklist", at=Step.objects.get(name="Lone 0"))
    assert "5 steps without any support." in region(client), "stale support helps as well"


def test_what_does_not_surround_a_programme_of_the_own_people_is_named(client):
    boss, _, step, (ann,) = make_asked("Ann")
    ann.team = Team.objects.create(name="Sales")
    ann.save()
    today = timezone.localdate()
    plan = {"starts_on": today, "ends_on": today, "steps": [step], "people": [ann], "by": boss}
    programme = actions.add_programme(name="Check orders", **plan)
    other = make_asked("Zoe")
    theirs = {**plan, "people": other[3], "by": other[0]}
    actions.add_programme(name="Of another team", **theirs)
    client.force_login(boss)

    html = region(client)
    assert "9 environment checks missing" in html, "she does the step already"
    assert f'href="{reverse("programme_show", args=[programme.pk])}"' in html
    assert "(Sales, " in html
    assert "protected time" in html
    assert "Of another team" not in html

    actions.grant_time(boss.person, minutes=60, since=today, by=boss)
    html = region(client)
    assert "8 environment checks missing" in html
    assert "protected time" not in html
    Programme.objects.update(starts_on=today - dt.timedelta(days=200), ends_on=today - dt.timedelta(days=121))
    assert "environment check" not in region(client)
    Programme.objects.update(ends_on=today - dt.timedelta(days=119))
    assert "environment checks missing" in region(client)


def test_sums_tell_of_no_programme(client):
    boss, _, step, (ann,) = make_asked("Ann")
    today = timezone.localdate()
    actions.add_programme(name="Check orders", starts_on=today, ends_on=today, steps=[step], people=[ann], by=boss)
    client.force_login(make_account(Role.DESIGNER))
    assert "environment check" not in region(client)
