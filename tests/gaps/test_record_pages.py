"""My page, and a person's page for whoever leads them."""

import csv
import datetime as dt
import json
from io import StringIO
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from gaps import actions
from gaps.models import AccessNote, Type
from tests.make import (
    make_account,
    make_designer,
    make_job_role,
    make_outcome,
    make_person,
    make_skill,
    make_step,
    make_workflow,
)
from workflows.actions import change_step
from workforce.models import Account, Person, Role

pytestmark = pytest.mark.django_db


class Company:
    """One role with one step, somebody who holds it, their manager, and who waits."""

    def __init__(self, skills: int = 1) -> None:
        self.role, by = make_job_role("Order clerk"), make_designer()
        self.workflow = make_workflow("Order to cash", by=by)
        self.step = make_step(self.workflow, name="Check the order", performed_by=self.role, criticality=4, by=by)
        make_outcome(self.step, statement="The order is checked", by=by)
        self.skills = [
            make_skill(f"Spare the customer a call by checking line {n}", at=self.step, published=True, by=by)
            for n in range(skills)
        ]
        self.boss = make_person(display_name="Ines Vogt")
        self.tom = make_person(role=self.role, display_name="Tom Becker", manager=self.boss)
        self.toms: Account = make_account(name="Tom Becker", person=self.tom)
        self.bosses: Account = make_account(name="Ines Vogt", person=self.boss)

    @property
    def skill(self) -> Any:
        return self.skills[0]

    def say(self, level: int, type: str = Type.MANAGER, by: Account | None = None, **facts: Any) -> Any:
        speaks = by or (self.toms if type == Type.OWN else self.bosses)
        return actions.record_evidence(
            self.tom, facts.pop("skill", self.skill), level=level, type=type, by=speaks, **facts
        )


@pytest.fixture
def company() -> Company:
    return Company()


def as_(account: Account) -> Client:
    client = Client()
    client.force_login(account)
    return client


def read(account: Account, route: str, *args: Any, **query: str) -> str:
    response = as_(account).get(reverse(route, args=args), query)
    assert response.status_code == 200
    return " ".join(response.content.decode().split())


def test_my_page_says_what_i_do_and_who_waits_for_it(company: Company) -> None:
    html = read(company.toms, "my_page")

    assert "Check the order" in html
    assert "The order is checked" in html


def test_without_evidence_there_is_no_level_and_not_0(company: Company) -> None:
    html = read(company.toms, "my_page")

    assert "0 <small>of 1 required skills" in html
    assert "no level anywhere, which is not level 0" in html
    assert "lvl l0" not in html


def test_a_gap_is_shown_with_its_label_and_its_reason(company: Company) -> None:
    company.say(1)

    html = read(company.toms, "my_page")

    assert "Upskill" in html
    assert (
        "Needed at “Check the order”, on the way to “The order is checked”, by the current role, Order clerk." in html
    )


def test_met_skills_are_counted_and_the_gap_is_gone(company: Company) -> None:
    company.say(4)

    html = read(company.toms, "my_page")

    assert "1 <small>of 1 required skills" in html
    assert "No gap: all 1 required skills are met." in html


def test_own_and_managers_view_stand_side_by_side(company: Company) -> None:
    company.say(3, Type.OWN)
    company.say(2)

    html = read(company.toms, "my_page")

    assert "They differ: talk about it." in html
    assert "Sources that count today disagree:" in html


def test_withdrawn_evidence_stays_to_be_seen_with_its_reason(company: Company) -> None:
    actions.withdraw_evidence(company.say(3), reason="Mixed up with Tim", by=company.bosses)

    html = read(company.toms, "my_page")

    assert "Mixed up with Tim" in html
    assert "Withdrawn: it no longer counts." in html


def test_whoever_looked_is_named_to_the_person(company: Company) -> None:
    read(company.bosses, "person_gaps", company.tom.pk)

    html = read(company.toms, "my_page")

    assert AccessNote.objects.get().page == "gaps"
    assert "<b>Ines Vogt</b>" in html


def test_to_look_at_oneself_is_not_noted(company: Company) -> None:
    read(company.toms, "my_page")
    read(company.toms, "person_gaps", company.tom.pk)

    assert not AccessNote.objects.exists()


def test_another_manager_is_told_whom_to_ask(company: Company) -> None:
    other = make_account(person=make_person())
    make_person(manager=other.person)

    response = as_(other).get(reverse("person_gaps", args=[company.tom.pk]))

    assert response.status_code == 403
    assert "Ines Vogt, the managers above and people admins" in response.content.decode()


def test_somebody_who_is_no_person_learns_when_there_will_be_a_page() -> None:
    assert "belongs to no person" in read(make_account(Role.DESIGNER), "my_page")


def test_somebody_without_a_role_learns_why_there_are_no_gaps() -> None:
    own = make_account(person=make_person())

    assert "No job title is known" in read(own, "my_page")


def test_a_past_day_shows_what_was_known_then(company: Company) -> None:
    company.say(4)
    yesterday = timezone.localdate() - dt.timedelta(days=1)

    html = read(company.bosses, "person_gaps", company.tom.pk, on=yesterday.isoformat())

    assert "As it was at the end of" in html
    assert "No level" not in html
    assert "no level anywhere" in html


@pytest.mark.parametrize("day", ["2999-01-01", "soon", ""])
def test_a_day_that_is_not_past_is_today(company: Company, day: str) -> None:
    assert "As it was" not in read(company.toms, "my_page", on=day)


def test_why_this_level_names_what_decides_and_why_the_rest_does_not(company: Company) -> None:
    company.say(2)
    company.say(3, Type.OWN)

    html = read(company.toms, "person_skill", company.tom.pk, company.skill.pk)

    assert "Decides: nothing that still counts is trusted more." in html
    assert "trusted less, 30 % against 60 %." in html


def test_the_record_leaves_as_a_table(company: Company) -> None:
    company.say(2)

    response = as_(company.toms).get(reverse("record_export", args=[company.tom.pk, "csv"]))
    lines = list(csv.reader(StringIO(b"".join(response).decode("utf-8-sig"))))  # type: ignore[call-overload]

    assert len(lines) == 2
    assert lines[1][:6] == [company.skill.statement, "3", "4", "2", "2", "Manager's view"]


def test_a_person_takes_the_whole_record_along(company: Company) -> None:
    company.say(2)
    read(company.bosses, "person_gaps", company.tom.pk)

    told = json.loads(as_(company.toms).get(reverse("record_export", args=[company.tom.pk, "json"])).content)

    assert told["skills"][0]["evidence"][0]["type"] == "manager"
    assert told["who_looked"][0]["who"] == "Ines Vogt"


def test_a_file_of_another_kind_is_missing(company: Company) -> None:
    assert as_(company.toms).get(reverse("record_export", args=[company.tom.pk, "exe"])).status_code == 404


@pytest.mark.parametrize("count", [1, 3])
def test_a_record_costs_the_same_with_one_skill_and_with_three(django_assert_num_queries: Any, count: int) -> None:
    company = Company(skills=count)
    for skill in company.skills:
        actions.contest(company.say(2, skill=skill), reason="No", by=company.toms)
        company.say(3, Type.OWN, skill=skill)
    client = as_(company.toms)

    with django_assert_num_queries(18):
        html = client.get(reverse("my_page")).content.decode()

    assert html.count('class="band"') == count


def test_a_leaver_keeps_a_record() -> None:
    gone = make_person(status=Person.Status.INACTIVE, left_at=timezone.now())

    assert "No job title" in read(make_account(Role.PEOPLE_ADMIN), "person_gaps", gone.pk)


def test_home_and_ones_own_entry_lead_to_my_page(company: Company) -> None:
    mine = f'href="{reverse("my_page")}"'

    assert mine in read(company.toms, "home")
    assert mine in read(company.toms, "person_show", company.tom.pk)


def test_a_manager_finds_the_record_from_the_persons_entry_and_a_colleague_a_way_to_speak(company: Company) -> None:
    record = f'href="{reverse("person_gaps", args=[company.tom.pk])}"'
    colleague = make_account(person=make_person())

    assert record in read(company.bosses, "person_show", company.tom.pk)
    html = read(colleague, "person_show", company.tom.pk)
    assert record not in html
    assert reverse("evidence_record", args=[company.tom.pk]) in html


def test_evidence_from_a_changed_step_is_marked_outdated(company: Company) -> None:
    company.say(3, step=company.step)
    change_step(company.step, name="Check the order by phone", by=make_designer())

    html = read(company.toms, "my_page")

    assert "has changed since: it no longer counts there." in html
    assert "Upskill · change" in html
