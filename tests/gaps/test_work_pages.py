"""The pages about the work: what they cost whatever they show, and what leaves them as a file."""

import csv
import datetime as dt
from decimal import Decimal
from io import StringIO

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from gaps.models import AccessNote
from gaps.queries import standing
from tests.make import (
    make_account,
    make_context,
    make_designer,
    make_evidence,
    make_job_role,
    make_outcome,
    make_person,
    make_skill,
    make_step,
    make_workflow,
)
from workflows.actions import record_measurement
from workflows.models import Step
from workforce.models import JobRole, Person

pytestmark = pytest.mark.django_db
TODAY = timezone.localdate()


class Place:
    """Work of one role and of another that shares a skill with it, and a manager with people of the first."""

    def __init__(self, size: int) -> None:
        self.boss = make_person(display_name="Ines Vogt")
        self.role, self.other = make_job_role(f"Analyst {size}"), make_job_role(f"Auditor {size}")
        self.workflow = make_workflow("Credit")
        self.steps = [self.step_of(self.role, n) for n in range(size)]
        elsewhere = make_step(self.workflow, name="Audit", performed_by=self.other, criticality=6)
        make_outcome(elsewhere, statement="The books are right")
        for n, step in enumerate(self.steps):
            make_context(step.contexts.get().skill, elsewhere)
            make_skill(f"Support the board by auditing part {n}", at=elsewhere, published=True)
        self.people = [self.able(n) for n in range(size)]
        self.outcome = self.steps[0].outcomes.get()
        for n in range(size):
            day = TODAY - dt.timedelta(days=n + 1)
            record_measurement(self.outcome, value=Decimal(n + 2), measured_on=day, by=make_designer())
        self.client = Client()
        self.client.force_login(make_account(name="Ines Vogt", person=self.boss))

    def step_of(self, role: JobRole, n: int) -> Step:
        step = make_step(self.workflow, name=f"Check credit {n}", performed_by=role, criticality=5)
        make_outcome(step, statement=f"Limit {n} is set", unit="days", target=Decimal(5))
        make_skill(f"Support desk {n} by checking the accounts", at=step, published=True)
        return step

    def able(self, n: int) -> Person:
        person = make_person(role=self.role, display_name=f"Hugh Bradley {n}", manager=self.boss)
        skills = [step.contexts.get().skill for step in self.steps]
        for skill in skills:
            make_evidence(person, skill)
        standing.recompute(standing.pairs([(person.pk, skill.pk) for skill in skills]))
        return person

    def address(self, page: str) -> str:
        hugh = self.people[0].pk
        return {
            "risk_list": reverse("risk_list"),
            "outcome_show": reverse("outcome_show", args=[self.outcome.pk]),
            "cover_list": reverse("cover_list"),
            "workflow_cover": reverse("workflow_cover", args=[self.workflow.pk]),
            "what_if": reverse("what_if"),
            "what_if leaves": f"{reverse('what_if')}?what=leaves&person={hugh}",
            "what_if moves": f"{reverse('what_if')}?what=moves&person={hugh}&role={self.other.pk}",
            "what_if reaches": f"{reverse('what_if')}?what=reaches&person={hugh}",
            "roles": reverse("role_choose"),
            "requirement_show": reverse("requirement_show", args=[self.role.pk, self.steps[0].contexts.get().skill_id]),
            "role_choose": f"{reverse('role_choose')}?there={self.other.pk}",
            "role_compare": reverse("role_compare", args=[self.role.pk, self.other.pk]),
            "role_reach": f"{reverse('role_reach', args=[hugh])}?role={self.other.pk}",
            "person_gaps": reverse("person_gaps", args=[hugh]),
            "gap_list": reverse("gap_list"),
        }[page]

    def cost(self, page: str) -> int:
        address = self.address(page)
        self.client.get(address)
        with CaptureQueriesContext(connection) as counted:
            assert self.client.get(address).status_code == 200
        return len(counted)


PAGES = [
    "risk_list", "cover_list", "workflow_cover", "what_if", "what_if leaves", "what_if moves",
    "what_if reaches", "roles", "requirement_show", "role_choose", "role_compare", "role_reach", "person_gaps",
    "gap_list",
]  # fmt: skip


@pytest.mark.parametrize("page", PAGES)
def test_a_page_about_the_work_costs_no_more_for_three_rows_than_for_one(page):
    """One statement less where nobody is named, because nobody has to be told that they were."""
    assert Place(1).cost(page) - Place(3).cost(page) in {0, 1}


def test_the_page_of_an_outcome_costs_the_same_for_one_day_and_for_three():
    """Nor do people, steps and gaps cost anything."""
    assert Place(3).cost("outcome_show") == Place(1).cost("outcome_show")


# --- as files ---------------------------------------------------------------------------------


def file(place: Place, name: str, *args: object, query: str = "") -> list[list[str]]:
    answer = place.client.get(reverse(name, args=[*args, "csv"]) + query)
    return list(csv.reader(StringIO(answer.getvalue().decode("utf-8-sig"))))


def test_cover_of_every_workflow_leaves_as_a_file():
    rows = file(Place(1), "cover_list_export")
    assert rows == [["Workflow", "None", "Single point of failure", "Thin", "Covered", "Unmapped"],
                    ["Credit", "0", "1", "0", "0", "0"]]  # fmt: skip


def test_an_outcome_leaves_with_its_chain_and_what_was_measured():
    place = Place(1)
    rows = file(place, "outcome_export", place.outcome.pk)

    assert rows[1] == [
        "Check credit 0", "Credit", "Analyst 1", "5", "Single point of failure", "1", "2", "50.0", "Hugh Bradley 0",
    ]  # fmt: skip
    assert rows[-1][:2] == [(TODAY - dt.timedelta(days=1)).isoformat(), "2"]


def test_whoever_leads_nobody_gets_no_names_in_a_file():
    place = Place(5)
    place.client.force_login(make_account(person=make_person()))
    rows = file(place, "outcome_export", place.outcome.pk)
    assert rows[1][4:] == ["Covered", "5", "2", "100.0", ""]


def test_what_would_be_leaves_as_a_file():
    place = Place(1)
    rows = file(place, "what_if_export", query=f"?what=leaves&person={place.people[0].pk}")

    assert rows[0] == ["What if Hugh Bradley 0 leaves?"]
    assert rows[2] == ["Check credit 0", "Credit", "5", "Single point of failure", "1", "None", "0", "2"]
    assert rows[-1] == ["Limit 0 is set", "Credit", "50.0", "0.0", "Check credit 0"]


def test_no_question_is_no_file():
    assert Place(1).client.get(reverse("what_if_export", args=["csv"])).url == reverse("what_if")


def test_who_and_what_is_near_a_role_leaves_as_a_file():
    place = Place(1)
    rows = file(place, "role_near_export", place.other.pk)

    assert [row[:3] for row in rows[1:]] == [
        ["Person", "Hugh Bradley 0", "Analyst 1"],
        ["Role that leads here", "Analyst 1", ""],
        ["Role to go on to", "Analyst 1", ""],
    ]
    assert AccessNote.objects.filter(person=place.people[0], page="roles in reach").exists()


def test_roles_in_reach_leave_as_a_file():
    place = Place(1)
    rows = file(place, "reach_export", place.people[0].pk)
    assert [row[:3] for row in rows[1:]] == [["Auditor 1", "0", "2"]]


# --- what is offered --------------------------------------------------------------------------


def test_without_a_question_the_steps_that_hang_on_one_person_are_offered():
    html = Place(1).client.get(reverse("what_if")).content.decode()
    assert "What if Hugh Bradley 0 leaves?" in html


def test_every_page_about_the_work_leads_a_manager_back_to_the_team():
    place = Place(1)
    for page in ("risk_list", "role_compare", "cover_list"):
        html = place.client.get(place.address(page)).content.decode()
        assert f'href="{reverse("heatmap_show")}"' in html, page
        assert f'href="{reverse("risk_list")}"' in html, page


def test_whoever_leads_nobody_is_led_to_no_page_about_a_team():
    client = Client()
    client.force_login(make_account(person=make_person()))
    html = client.get(reverse("risk_list")).content.decode()
    assert reverse("heatmap_show") not in html
