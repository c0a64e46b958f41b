"""Roles beside each other, as people see them."""

import csv
import datetime as dt
import io

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from gaps.models import AccessNote
from gaps.queries import standing
from gaps.templatetags.gaps import percent
from tests.make import (
    make_account,
    make_context,
    make_evidence,
    make_job_role,
    make_outcome,
    make_person,
    make_skill,
    make_step,
    make_workflow,
)
from workforce.models import JobRole, Person, Role

pytestmark = pytest.mark.django_db


def signed_in(*roles: Role, person: Person | None = None) -> Client:
    client = Client()
    client.force_login(make_account(*roles, person=person))
    return client


def table(answer) -> list[dict[str, str]]:
    return list(csv.DictReader(io.StringIO(b"".join(answer).decode("utf-8-sig"))))


@pytest.fixture
def two_roles() -> tuple[JobRole, JobRole]:
    """Both check stock; only the lead plans shifts, at “Plan the week”."""
    clerk, lead = make_job_role("Clerk"), make_job_role("Lead")
    workflow = make_workflow("Stock")
    checking = make_step(workflow, name="Check stock", performed_by=clerk, criticality=4)
    planning = make_step(workflow, name="Plan the week", performed_by=lead, criticality=5)
    make_outcome(checking)
    make_outcome(planning)
    shared = make_skill("Support the planner by checking the stock", at=checking, published=True)
    make_context(shared, planning)
    make_skill("Keep the desk staffed by planning shifts", at=planning, published=True)
    return clerk, lead


def place_of(lead: JobRole) -> str:
    return reverse("role_choose") + f"?there={lead.pk}"


def test_two_roles_stand_side_by_side_with_the_steps_that_ask(two_roles):
    clerk, lead = two_roles
    html = signed_in().get(reverse("role_compare", args=[clerk.pk, lead.pk])).content.decode()

    assert "Lead needs 2 skills. 1 of them is needed as Clerk too, 1 is not." in html
    missing = html[html.index('id="missing"') : html.index('id="shared"')]
    assert "planning shifts" in missing
    assert "Plan the week" in missing
    assert "Check stock" not in missing


def test_a_comparison_of_a_past_day_says_so_and_leads_to_the_same_day(two_roles):
    clerk, lead = two_roles
    on = timezone.localdate() - dt.timedelta(days=1)
    answer = signed_in().get(reverse("role_compare", args=[clerk.pk, lead.pk]), {"on": on})

    html = answer.content.decode()
    assert "No step asked anything of Lead then" in html
    assert f'{reverse("role_compare", args=[lead.pk, clerk.pk])}?on={on}"' in html
    assert f'{reverse("role_export", args=[clerk.pk, lead.pk, "csv"])}?on={on}"' in html
    file = signed_in().get(reverse("role_export", args=[clerk.pk, lead.pk, "csv"]), {"on": on})
    assert table(file) == []
    assert f"on-{on}" in file["Content-Disposition"]


def test_two_chosen_roles_and_a_past_day_lead_to_that_comparison(two_roles):
    clerk, lead = two_roles
    on = timezone.localdate() - dt.timedelta(days=1)
    answer = signed_in().get(reverse("role_choose"), {"here": clerk.pk, "there": lead.pk, "on": on})

    assert answer["Location"] == f"{reverse('role_compare', args=[clerk.pk, lead.pk])}?on={on}"


def test_a_comparison_leaves_as_a_file(two_roles):
    clerk, lead = two_roles
    answer = signed_in().get(reverse("role_export", args=[clerk.pk, lead.pk, "csv"]))
    rows = list(csv.reader(io.StringIO(b"".join(answer).decode("utf-8-sig"))))

    assert [row[:2] for row in rows[1:]] == [
        ["Keep the desk staffed by planning shifts", "missing"],
        ["Support the planner by checking the stock", "shared"],
    ]
    assert rows[1][-1] == "Plan the week (Stock)"


def test_no_other_kind_of_file_is_offered(two_roles):
    clerk, lead = two_roles
    assert signed_in().get(reverse("role_export", args=[clerk.pk, lead.pk, "exe"])).status_code == 404


def test_two_chosen_roles_lead_to_their_comparison(two_roles):
    clerk, lead = two_roles
    answer = signed_in().get(reverse("role_choose"), {"here": clerk.pk, "there": lead.pk})
    assert answer.url == reverse("role_compare", args=[clerk.pk, lead.pk])


def show_stock(person: Person) -> None:
    skill = JobRole.objects.get(name="Clerk").requirements.get().skill
    make_evidence(person, skill)
    standing.recompute(standing.pairs([(person.pk, skill.pk)]))


def test_a_manager_sees_by_name_whoever_reports_to_them_and_nobody_else(two_roles):
    clerk, lead = two_roles
    boss = make_person(display_name="Ines Vogt")
    report = make_person(role=clerk, display_name="Tomas Brandt", manager=boss)
    stranger = make_person(role=clerk, display_name="Uma Falk")
    for person in (report, stranger):
        show_stock(person)
    html = signed_in(person=boss).get(place_of(lead)).content.decode()

    assert "Tomas Brandt" in html
    assert "planning shifts" in html
    assert "Uma Falk" not in html
    assert [note.person for note in AccessNote.objects.all()] == [report]


def test_how_many_hold_a_role_is_said_from_five_on(two_roles):
    clerk, lead = two_roles
    for _ in range(4):
        make_person(role=clerk)
    assert "fewer than 5" in signed_in().get(place_of(lead)).content.decode()

    make_person(role=clerk)
    assert "fewer than 5" not in signed_in().get(place_of(lead)).content.decode()


@pytest.mark.parametrize("count", [1, 3])
def test_the_page_of_a_role_costs_the_same_for_one_person_and_for_three(two_roles, django_assert_num_queries, count):
    clerk, lead = two_roles
    for n in range(count):
        show_stock(make_person(role=clerk, display_name=f"Person {n} of {count}"))
    client = signed_in(Role.PEOPLE_ADMIN)

    with django_assert_num_queries(12):
        html = client.get(place_of(lead)).content.decode()

    assert html.count("level to climb") + html.count("levels to climb") == count


def test_a_role_says_what_it_needs_and_each_requirement_opens_to_its_contexts(two_roles):
    clerk, lead = two_roles
    html = signed_in().get(place_of(lead)).content.decode()
    shared = clerk.requirements.get().skill
    address = reverse("requirement_show", args=[lead.pk, shared.pk])
    assert address in html[html.index('id="needs"') :]

    why = signed_in().get(address).content.decode()

    assert "Support the planner by checking the stock" in why
    assert "Plan the week" in why
    assert "Check stock" not in why, "that is why the clerk needs it"
    for context in lead.requirements.get(skill=shared).contexts():
        assert context.outcome.statement in why
        assert reverse("outcome_show", args=[context.outcome_id]) in why


def test_what_a_role_does_not_need_is_missing(two_roles):
    clerk, lead = two_roles
    only_lead = lead.requirements.exclude(skill__in=clerk.requirements.values("skill")).get().skill
    assert signed_in().get(reverse("requirement_show", args=[clerk.pk, only_lead.pk])).status_code == 404


def test_what_a_role_needs_leaves_as_a_file_with_a_line_for_each_step(two_roles):
    _, lead = two_roles
    rows = table(signed_in().get(reverse("role_needs_export", args=[lead.pk, "csv"])))

    assert [(row["Skill"], row["Level"], row["Criticality"], row["Step"], row["Contexts"]) for row in rows] == [
        ("Keep the desk staffed by planning shifts", "3", "5", "Plan the week", "1"),
        ("Support the planner by checking the stock", "3", "5", "Plan the week", "1"),
    ]


def test_every_role_is_listed_with_what_the_work_asks_of_it(two_roles):
    clerk, lead = two_roles
    make_job_role("Visitor")
    for _ in range(5):
        make_person(role=clerk)
    make_person(role=lead)

    html = signed_in().get(reverse("role_choose")).content.decode()
    rows = table(signed_in().get(reverse("role_list_export", args=["csv"])))

    assert [list(row.values()) for row in rows] == [
        ["Clerk", "1", "1", "4", "5"],
        ["Lead", "2", "1", "5", "fewer than 5"],
        ["Visitor", "0", "0", "", "0"],
    ]
    assert all(f"?there={role.pk}" in html for role in two_roles)


@pytest.mark.parametrize("count", [1, 3])
def test_the_list_of_roles_costs_the_same_for_one_and_for_three(django_assert_num_queries, count):
    for n in range(count):
        step = make_step(performed_by=make_job_role(f"Clerk {n} of {count}"))
        make_outcome(step)
        make_skill(f"Support the planner by checking {n} of {count}", at=step, published=True)
    client = signed_in()

    with django_assert_num_queries(7):
        html = client.get(reverse("role_choose")).content.decode()

    assert html.count("?there=") == count


def test_the_roles_in_reach_of_a_person_open_to_what_is_to_learn(two_roles):
    clerk, lead = two_roles
    person = make_person(role=clerk)
    show_stock(person)
    html = signed_in(person=person).get(reverse("role_reach", args=[person.pk]), {"role": lead.pk}).content.decode()

    assert "1 of 2" in html
    assert "To learn for Lead: 1" in html


def test_the_roles_in_reach_on_a_past_day_keep_the_day(two_roles):
    clerk, _ = two_roles
    person = make_person(role=clerk)
    show_stock(person)
    on = timezone.localdate() - dt.timedelta(days=1)
    html = signed_in(person=person).get(reverse("role_reach", args=[person.pk]), {"on": on}).content.decode()

    assert "No other role asked for what" in html
    assert f'value="{on}"' in html


def test_no_share_is_called_whole_or_nothing_that_is_not():
    assert [percent(share) for share in (0, 0.001, 0.5, 0.999, 1, None)] == [
        "0 %", "1 %", "50 %", "99 %", "100 %", "none",
    ]  # fmt: skip
