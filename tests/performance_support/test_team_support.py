"""Stale support at the steps of somebody's people: a region of the team's page, filled from the room above."""

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from performance_support.models import Resource
from tests.gaps.test_team_pages import make_asked
from tests.make import make_account, make_person, make_resource, make_step
from workforce.models import Role

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
    assert "None: what helps at these steps is verified" in html


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
