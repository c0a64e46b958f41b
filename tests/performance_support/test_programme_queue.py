"""What is missing around a programme is worked through where every other flag is."""

import datetime as dt

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from performance_support import actions
from performance_support.models import Programme
from skills import digests, queue
from tests.make import make_account, make_designer, make_person, make_workflow
from workforce.models import Account

pytestmark = pytest.mark.django_db


def make_programme(name: str = "Prepare accounts", by: Account | None = None) -> Programme:
    """Soon, for one person and one step, and nothing around it."""
    soon = timezone.localdate() + dt.timedelta(days=7)
    step = make_workflow(steps=1).steps.get()
    days = {"starts_on": soon, "ends_on": soon}
    return actions.add_programme(name=name, people=[make_person()], steps=[step], by=by or make_account(), **days)


def signed_in(account: Account) -> Client:
    client = Client()
    client.force_login(account)
    return client


def test_a_designer_works_through_it_and_is_led_to_what_is_missing():
    programme, designer = make_programme(), make_designer()
    client = signed_in(designer)

    html = client.get(reverse("flag_list"), {"reason": "environment_before"}).content.decode()

    facts = f'href="{programme.get_absolute_url()}#facts"'
    assert f"{facts}>Prepare accounts</a>" in html
    flag = programme.flags.open().get()
    assert facts in client.get(reverse("flag_show", args=[flag.pk])).content.decode()
    client.post(reverse("flag_assign"), {"flag": str(flag.pk), "answer": "1", "to": str(designer.pk)})
    assert "Prepare accounts" in client.get(reverse("home")).content.decode()
    client.post(reverse("flag_undo"))
    flag.refresh_from_db()
    assert flag.assigned_to is None


def test_a_designer_who_follows_it_sees_its_work_and_nobody_in_it():
    planner = make_account(name="Ines Vogt")
    programme = make_programme(by=planner)
    [learner] = programme.participants.select_related("person")
    page = signed_in(make_designer()).get(programme.get_absolute_url())
    html = page.content.decode()
    assert page.status_code == 200
    assert "You see its work, and nobody in it." in html
    assert "Ask Ines Vogt" in html
    assert str(programme.steps.get()) in html
    assert str(learner.person) not in html
    assert page.context["facts"] == []
    assert "You planned it" not in html
    assert reverse("programme_export", args=[programme.pk, "csv"]) not in html
    assert signed_in(make_designer()).get(reverse("programme_export", args=[programme.pk, "csv"])).status_code == 404
    assert signed_in(make_account()).get(programme.get_absolute_url()).status_code == 404


def test_the_weekly_mail_tells_whoever_planned_it_and_leads_to_where_they_may_look():
    planner = make_account(name="Ines Vogt")
    make_programme(by=planner)

    [reason] = digests.reasons_for(planner)

    assert (reason.rule.code, reason.count, reason.examples) == ("environment_before", 1, ["Prepare accounts"])
    assert planner in digests.owners()
    page = signed_in(planner).get(reason.address)
    assert page.status_code == 200
    assert "Prepare accounts" in page.content.decode()


def test_the_page_that_the_mail_leads_to_shows_that_and_nothing_else():
    planner = make_account(name="Ines Vogt")
    flagged = make_programme("Prepare accounts", by=planner)
    later = timezone.localdate() + dt.timedelta(days=70)
    step, days = make_workflow(steps=1).steps.get(), {"starts_on": later, "ends_on": later}
    actions.add_programme(name="Far away", people=[make_person()], steps=[step], by=planner, **days)
    [reason] = digests.reasons_for(planner)
    page = signed_in(planner).get(reason.address)
    assert [row[0] for row in page.context["rows"]] == [flagged]
    whole = signed_in(planner).get(reverse("programme_list"))
    assert len(whole.context["rows"]) == 2
    none = signed_in(planner).get(reverse("programme_list"), {"because": "environment_after_30"})
    assert "No programme is like that." in none.content.decode()
    nonsense = signed_in(planner).get(reverse("programme_list"), {"because": "x", "whose": "y"})
    assert len(nonsense.context["rows"]) == 2


@pytest.mark.parametrize("count", [1, 3])
def test_its_rows_cost_the_same_for_one_and_for_three(count, django_assert_num_queries):
    planner = make_account()
    for n in range(count):
        make_programme(f"Programme {n}", by=planner)
    rule = queue.rule_called("environment_before")

    with django_assert_num_queries(1):
        found = queue.rows(rule, queue.Narrowing()).rows
        assert [row.owner for row in found] == [planner] * count
