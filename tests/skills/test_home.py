"""What waits for whoever signs in."""

import pytest
from django.utils import timezone

from skills import actions
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
from workflows import actions as work
from workforce.models import JobTitle, Role

pytestmark = pytest.mark.django_db


def home_of(client, account) -> str:
    client.force_login(account)
    answer = client.get("/")
    assert answer.status_code == 200
    return answer.content.decode()


@pytest.mark.parametrize("count", [1, 3])
def test_home_costs_the_same_for_one_and_for_three(client, django_assert_num_queries, count):
    maren, lena = make_designer("Maren Holt"), make_designer("Lena Fischer")
    for n in range(count):
        step = make_workflow(steps=2, by=maren).steps.get(position=1)
        work.change_step(step, name=f"Prepare account {n}", by=lena)
        given = make_skill(f"Support somebody by doing thing {n}", by=maren)
        actions.assign_flags(list(given.flags.all()), to=maren, by=lena)
        make_skill(at=step, by=maren)
    client.force_login(maren)

    # session, account; how far the first published skill is, the workflow and the draft that lead there; flags of five
    # nouns, revised steps, lists, drafts; workflows, their sizes and ends; flags given of five nouns; the trail; whom
    # to ask about people
    with django_assert_num_queries(23):
        answer = client.get("/")

    context = answer.context
    assert (len(context["workflows"]), len(context["asked"])) == (count, count)
    assert [wait.kind for wait in context["waits"]].count("revised") == count


def test_an_empty_installation_leads_from_a_list_to_a_published_skill(client):
    maren = make_designer("Maren Holt")
    ways = []

    ways.append(what_comes_next(client, maren))
    skill = make_skill("Ask how the customer buys", by=maren)
    ways.append(what_comes_next(client, maren))
    step = make_workflow("Customer onboarding", steps=1, by=maren).steps.get()
    ways.append(what_comes_next(client, maren))
    actions.place(skill, step=step, outcome=step.outcomes.get(), by=maren)
    ways.append(what_comes_next(client, maren))
    actions.publish(skill, by=maren)

    assert ways == ["Import a list", "Add a workflow", "Open the map", "Open the skill"]
    assert "From a list to a first published skill" not in home_of(client, maren)


def what_comes_next(client, account) -> str:
    """The words on the one main button of the home page."""
    _, _, rest = home_of(client, account).partition('<a class="btn main"')
    return rest.partition(">")[2].partition("<")[0]


def test_a_designer_sees_what_waits_and_what_others_did(client):
    maren, lena = make_designer("Maren Holt"), make_designer("Lena Fischer")
    make_workflow("Customer onboarding", by=maren)
    for n in range(3):
        make_skill(f"Support somebody by doing thing {n}", by=lena)
    make_skill("Support somebody by doing mine", by=maren)

    html = home_of(client, maren)

    assert "Hello, Maren" in html
    assert "No context: 1 skill" in html
    assert "Customer onboarding" in html
    assert "<b>Lena Fischer</b> added 3 skills" in html
    assert "<b>Maren Holt</b>" not in html.split('id="since-h"')[1]


def test_a_designer_for_whom_nothing_waits_is_told_what_would(client):
    make_skill(at=make_workflow(steps=1).steps.get(), published=True)

    html = home_of(client, make_designer())

    assert "Nothing is flagged, begun or under way." in html
    assert "You answer for no workflow yet." in html
    assert "No questions today." in html
    assert "Since yesterday" in html


def test_an_employee_sees_the_own_steps_and_who_waits_for_what_comes_of_them(client):
    role = make_job_role("Customer service rep")
    step = make_step(make_workflow("Customer onboarding"), name="Prepare the account", performed_by=role)
    make_outcome(step, statement="Sales rep has complete customer information")
    make_step(name="Check credit", performed_by=make_job_role())

    html = home_of(client, make_account(person=make_person(role=role)))

    assert "Prepare the account" in html
    assert "Sales rep has complete customer information" in html
    assert "Check credit" not in html
    assert "Waits for you" not in html


def test_an_employee_whose_title_nobody_mapped_is_told_who_does(client):
    make_account(Role.PEOPLE_ADMIN, name="Ines Duarte")
    title = JobTitle.objects.create(name="Go-live Engineer")

    html = home_of(client, make_account(person=make_person(job_title=title)))

    assert "“Go-live Engineer”, stands for no job role yet." in html
    assert "Ines Duarte maps titles" in html


def test_an_account_without_an_entry_is_told_so(client):
    assert "No entry of the HR system belongs to your account." in home_of(client, make_account())


def test_a_manager_sees_who_reports_to_them(client):
    priya = make_person(display_name="Priya Raman")
    make_person(display_name="Tom Becker", manager=priya, role=make_job_role("Customer service rep"))

    html = home_of(client, make_account(person=priya))

    assert "Tom Becker" in html
    assert "works as Customer service rep" in html


def test_a_people_admin_sees_the_titles_that_wait(client):
    title = JobTitle.objects.create(name="Go-live Engineer")
    make_person(job_title=title)
    make_person(job_title=title, status="inactive", left_at=timezone.now())

    html = home_of(client, make_account(Role.PEOPLE_ADMIN))

    assert "Go-live Engineer" in html
    assert "nothing is required of 1 person" in html


def test_an_administrator_finds_every_part(client):
    html = home_of(client, make_account(Role.ADMINISTRATOR, person=make_person()))

    assert all(part in html for part in ("first published skill", "Titles without a job role", "Your workflows"))


def test_the_words_are_explained_to_everybody(client):
    client.force_login(make_account())

    html = client.get("/words/").content.decode()

    assert "regulatory breach or serious harm to our name" in html
    assert "alone on routine" in html
