import re

import pytest
from django.test import Client
from django.urls import reverse

from skills import actions
from skills.models import Context
from tests.make import (
    make_account,
    make_context,
    make_designer,
    make_handoff,
    make_job_role,
    make_outcome,
    make_skill,
    make_step,
    make_workflow,
)
from workflows import actions as work
from workforce.models import Account

pytestmark = pytest.mark.django_db


@pytest.fixture
def designer() -> Account:
    return make_designer("Maren Holt")


@pytest.fixture
def desk(client: Client, designer: Account) -> Client:
    client.force_login(designer)
    return client


def show(client: Client, workflow, query: str = "", region: str = "") -> str:
    headers = {"HX-Request": "true", "HX-Target": region} if region else {}
    answer = client.get(f"{workflow.get_absolute_url()}?{query}", headers=headers)
    assert answer.status_code == 200
    return answer.content.decode()


def ids(html: str) -> list[str]:
    return re.findall(r'\sid="([^"]+)"', html)


# --- what is on it ----------------------------------------------------------------------------


def test_steps_stand_in_process_order_whatever_their_lane(desk):
    workflow = make_workflow()
    for name, role in (
        ("Qualify the request", "Sales"),
        ("Prepare the account", "Service"),
        ("Agree terms", "Sales 2"),
    ):
        make_outcome(make_step(workflow, name=name, performed_by=make_job_role(role)))

    html = show(desk, workflow)

    assert re.findall(r'<span class="n">(\d)</span> ([^<]+)</a>', html) == [
        ("1", "Qualify the request"),
        ("2", "Prepare the account"),
        ("3", "Agree terms"),
    ]


def test_an_outcome_says_what_it_lets_begin(desk):
    html = show(desk, make_workflow(steps=2))

    assert "Lets begin step 2." in html
    assert "Final outcome." in html


def test_the_head_counts_what_is_there(desk):
    workflow = make_workflow(steps=2)
    make_skill(at=workflow.steps.first())
    make_skill()

    html = " ".join(show(desk, workflow).split())

    assert "2 steps · 1 job role · 1 skill placed" in html
    assert "1 waits in the tray" in html


def test_nothing_is_lost_between_map_and_list(desk):
    workflow = make_workflow(steps=3)
    skills = [make_skill(at=step) for step in workflow.steps.all()]

    for html in (show(desk, workflow), show(desk, workflow, "view=list")):
        for thing in (*workflow.steps.all(), *skills):
            assert str(thing) in html
        for step in workflow.steps.all():
            assert step.outcomes.get().statement in html


def test_an_empty_workflow_teaches_the_first_step(desk):
    assert "No steps yet" in show(desk, make_workflow())


def test_a_step_without_an_outcome_asks_for_one(desk, designer):
    workflow = make_workflow(by=designer)
    step = make_step(workflow, by=designer)

    assert reverse("outcome_add", args=[step.pk]) in show(desk, workflow)


def test_a_step_that_leads_to_another_workflow_names_it(desk):
    workflow, other = make_workflow(steps=1), make_workflow("Invoice to cash", steps=1)
    make_handoff(workflow.steps.get().outcomes.get(), other.steps.get())

    assert "Invoice to cash" in show(desk, workflow)


def test_what_is_retired_is_listed_apart(desk, designer):
    workflow = make_workflow(steps=2)
    work.retire_step(workflow.steps.get(position=2), by=designer)

    html = show(desk, workflow)

    assert "Retired (1)" in html
    assert re.findall(r'<span class="n">(\d)</span> ([^<]+)</a>', html) == [("1", "Do step 1")]


def test_many_skills_at_one_step_are_folded_and_the_chosen_one_shows(desk):
    step = make_workflow(steps=1).steps.get()
    skills = [make_skill(at=step) for _ in range(9)]

    html = show(desk, step.workflow, f"skill={skills[-1].pk}")

    assert "4 more" in html
    assert html.count('class="skill draft"') == 5
    assert f'id="at-{skills[-1].contexts.get().pk}"' in html


def test_words_are_escaped(desk):
    workflow = make_workflow("<b>bold</b>")
    make_outcome(make_step(workflow, name="<script>x</script>"), statement="<i>x</i>")

    for query in ("", "view=list"):
        html = show(desk, workflow, query)
        assert "<script>x" not in html
        assert "<i>x" not in html
        assert "<b>bold" not in html


# --- the line of sight ------------------------------------------------------------------------


def test_a_chosen_skill_shows_its_way_to_the_final_outcome(desk):
    workflow = make_workflow(steps=3)
    skill = make_skill("Support the sales rep by confirming who may sign", at=workflow.steps.first())

    html = show(desk, workflow, f"skill={skill.pk}", region="sight")

    way = html[html.index('<ol class="sight">') : html.index("</ol>")]
    last = workflow.steps.get(position=3).outcomes.get()
    assert "at step 1" in way
    assert "which lets step 2 begin" in way
    assert "final outcome, for the customer" in way
    assert way.rindex(last.statement) > way.rindex("which lets step 3 begin")


def test_choosing_something_redraws_the_panel_the_lines_and_the_ruler(desk):
    workflow = make_workflow(steps=2)

    html = show(desk, workflow, f"step={workflow.steps.first().pk}", region="sight")

    assert {"sight", "map", "ruler", "views"} <= set(ids(html))
    assert not {"tray", "head", "facts"} & set(ids(html))


def test_a_broken_path_is_shown_as_broken(desk, designer):
    workflow = make_workflow(steps=2)
    first, last = workflow.steps.all()
    skill = make_skill()
    make_context(skill, first, last.outcomes.get())
    work.retire_handoff(first.outcomes.get().handoffs.get(), by=designer)

    html = show(desk, workflow, f"skill={skill.pk}")

    assert "the path to its outcome is broken" in html
    assert 'class="skill draft lost"' in html


def test_an_address_that_names_nothing_chooses_nothing(desk):
    workflow = make_workflow(steps=1)
    elsewhere = make_workflow(steps=1).steps.get()

    for query in ("skill=nonsense", f"step={elsewhere.pk}", f"outcome={workflow.pk}", "context=%00"):
        assert "Nothing is chosen" in show(desk, workflow, query)


def test_a_rework_loop_ends_on_the_page_too(desk):
    workflow = make_workflow(steps=3)
    make_handoff(workflow.steps.get(position=3).outcomes.get(), workflow.steps.get(position=1))

    assert show(desk, workflow, f"step={workflow.steps.first().pk}")


# --- who sees what ----------------------------------------------------------------------------


def test_strangers_are_sent_to_the_door(client):
    answer = client.get(make_workflow().get_absolute_url())

    assert answer.status_code == 302
    assert "/account/login/" in answer["Location"]


def test_an_employee_sees_the_map_with_published_skills_and_no_tools(client):
    step = make_workflow(steps=1).steps.get()
    published, draft, waiting = make_skill(at=step, published=True), make_skill(at=step), make_skill()
    client.force_login(make_account())

    html = show(client, step.workflow, f"step={step.pk}")

    assert published.statement in html
    assert draft.statement not in html
    assert waiting.statement not in html
    assert 'id="tray"' not in html
    assert "Add a step" not in html
    assert "draggable" not in html


@pytest.mark.parametrize("region", ["tray", "map", "sight"])
def test_no_region_shows_an_employee_the_tray(client, region):
    workflow, waiting = make_workflow(steps=1), make_skill()
    client.force_login(make_account())

    assert waiting.statement not in show(client, workflow, region=region)


def test_a_workflow_that_is_not_there_is_not_found(desk):
    assert desk.get("/workflows/00000000-0000-0000-0000-000000000000/").status_code == 404


# --- the tray ---------------------------------------------------------------------------------


def loose(html: str) -> list[str]:
    return re.findall(r'<p class="says" id="loose-[^"]+">([^<]+)</p>', html)


def test_the_tray_holds_what_has_no_live_context_and_nothing_else(desk):
    workflow = make_workflow(steps=1)
    make_skill("Wrap the parcel in paper", at=workflow.steps.get())
    make_skill("Check the register entry")

    assert loose(show(desk, workflow)) == ["Check the register entry"]


def test_the_tray_begins_with_what_fits_the_words_of_the_workflow(desk):
    workflow = make_workflow()
    make_outcome(make_step(workflow, name="Prepare the account"), statement="Sales has complete customer information")
    make_skill("Drive a forklift truck")
    make_skill("Complete and submit the customer information")

    html = show(desk, workflow)

    assert loose(html) == ["Complete and submit the customer information", "Drive a forklift truck"]
    assert "likely step 1" in html
    assert "because “customer information” is in the outcome of the step “Prepare the account”" in html


def test_the_tray_finds_words_that_are_not_finished(desk):
    workflow = make_workflow(steps=1)
    for statement in ("Negotiate the price", "Answer the phone"):
        make_skill(statement)

    assert loose(show(desk, workflow, "q=negot", region="tray")) == ["Negotiate the price"]
    assert loose(show(desk, workflow, "q=nothing+like+it", region="tray")) == []
    assert len(loose(show(desk, workflow, "q=%27%26%3A*!%28", region="tray"))) == 2


def test_the_tray_filters_by_reason(desk, designer):
    workflow = make_workflow(steps=2)
    first, last = workflow.steps.all()
    broken = make_skill("Apply the payment terms")
    make_context(broken, first, last.outcomes.get())
    make_skill("Fill in the form")
    work.retire_handoff(first.outcomes.get().handoffs.get(), by=designer)

    assert loose(show(desk, workflow, "why=path_broken", region="tray")) == ["Apply the payment terms"]
    assert loose(show(desk, workflow, "why=no_context", region="tray")) == ["Fill in the form"]


def test_the_tray_shows_more_when_asked(desk):
    workflow = make_workflow(steps=1)
    for _ in range(15):
        make_skill()

    assert len(loose(show(desk, workflow, region="tray"))) == 8
    html = show(desk, workflow, "more=58", region="tray")
    assert len(loose(html)) == 15
    assert "Show more" not in html


# --- placing ----------------------------------------------------------------------------------


def test_placing_offers_only_what_lies_downstream_and_the_likely_step_first(desk):
    workflow = make_workflow()
    first = make_step(workflow, name="Prepare the account")
    upstream = make_outcome(first, statement="Sales has complete customer information")
    second = make_step(workflow, name="Agree the terms")
    downstream = make_outcome(second, statement="Credit has an agreed application")
    make_handoff(upstream, second)
    skill = make_skill("Negotiate the terms")

    html = desk.get(reverse("skill_place", args=[skill.pk]), {"workflow": workflow.pk}).content.decode()

    assert re.search(rf'value="{second.pk}" required checked', html)
    assert downstream.statement in html
    assert upstream.statement not in html


def test_a_skill_is_placed_without_scripts_and_the_map_offers_to_undo_it(desk):
    step = make_workflow(steps=2).steps.first()
    skill = make_skill()
    address = f"{reverse('skill_place', args=[skill.pk])}?workflow={step.workflow_id}"

    answer = desk.post(address, {"step": step.pk, "outcome": step.outcomes.get().pk, "required_level": 2}, follow=True)

    context = Context.objects.get(skill=skill)
    assert (context.step, context.outcome, context.required_level) == (step, step.outcomes.get(), 2)
    html = answer.content.decode()
    assert "Placed. It is in sight of its outcome now." in html

    desk.post(reverse("context_take_away", args=[context.pk]), {"undo": 1})
    assert not Context.objects.exists()


def test_placing_with_scripts_sends_the_map_back(desk):
    step = make_workflow(steps=1).steps.get()
    skill = make_skill()
    headers = {
        "HX-Request": "true",
        "HX-Target": "dialog",
        "HX-Current-URL": f"http://x{step.workflow.get_absolute_url()}",
    }

    answer = desk.post(
        reverse("skill_place", args=[skill.pk]),
        {"step": step.pk, "outcome": step.outcomes.get().pk, "required_level": 3},
        headers=headers,
    )

    assert '"target": "#map"' in answer["HX-Location"]
    assert "dialog-done" in answer["HX-Trigger"]


def test_an_outcome_that_is_not_downstream_is_refused_beside_its_field(desk):
    first, last = make_workflow(steps=2).steps.all()
    skill = make_skill()

    answer = desk.post(
        reverse("skill_place", args=[skill.pk]),
        {"step": last.pk, "outcome": first.outcomes.get().pk, "required_level": 3},
    )

    assert answer.status_code == 422
    assert "is not downstream of the step" in answer.content.decode()
    assert not Context.objects.exists()


def test_placing_twice_is_refused_in_the_dialog(desk):
    step = make_workflow(steps=1).steps.get()
    skill = make_skill(at=step)

    answer = desk.post(
        reverse("skill_place", args=[skill.pk]),
        {"step": step.pk, "outcome": step.outcomes.get().pk, "required_level": 3},
    )

    assert answer.status_code == 422
    assert "already" in answer.content.decode()


def test_a_context_moves_to_another_step(desk):
    first, last = make_workflow(steps=2).steps.all()
    context = make_skill(at=first).contexts.get()

    desk.post(
        reverse("context_move", args=[context.pk]),
        {"step": last.pk, "outcome": last.outcomes.get().pk, "required_level": 4, "seen": context.version},
    )

    context.refresh_from_db()
    assert (context.step, context.required_level) == (last, 4)


def test_whoever_moves_a_context_that_moved_meanwhile_is_told(desk, designer):
    first, last = make_workflow(steps=2).steps.all()
    context = make_skill(at=first).contexts.get()
    actions.change_context(context, required_level=4, by=make_designer("Rafael Ortiz"))

    answer = desk.post(
        reverse("context_move", args=[context.pk]),
        {"step": last.pk, "outcome": last.outcomes.get().pk, "required_level": 3, "seen": context.version},
    )

    assert "Rafael Ortiz changed" in answer.content.decode()
    context.refresh_from_db()
    assert context.step == first


def test_a_skill_from_elsewhere_asks_for_the_workflow_first(desk):
    make_workflow("Customer onboarding", steps=1)
    skill = make_skill("Zzz")

    html = desk.get(reverse("skill_place", args=[skill.pk])).content.decode()

    assert "In which workflow?" in html
    assert "Customer onboarding" in html


@pytest.mark.parametrize("name", ["skill_place", "context_move", "context_take_away"])
def test_who_does_not_design_places_nothing_and_learns_whom_to_ask(client, designer, name):
    step = make_workflow(steps=1).steps.get()
    skill = make_skill(at=step, published=True, by=designer)
    client.force_login(make_account())
    thing = skill if name == "skill_place" else skill.contexts.get()

    answer = client.post(reverse(name, args=[thing.pk]))

    assert answer.status_code == 403
    assert "Ask Maren Holt" in answer.content.decode()


# --- what others do meanwhile -----------------------------------------------------------------


def news(client: Client, workflow, since: int):
    return client.get(reverse("workflow_revision", args=[workflow.pk]), {"since": since})


def test_nothing_new_is_an_empty_answer(desk):
    workflow = make_workflow(steps=1)
    workflow.refresh_from_db()

    assert news(desk, workflow, workflow.revision).status_code == 204
    assert news(desk, workflow, "²").status_code == 204


def test_what_somebody_else_changed_is_told_with_their_name(desk, designer):
    workflow = make_workflow(steps=1)
    workflow.refresh_from_db()
    work.change_step(workflow.steps.get(), name="Load the prices", by=make_designer("Rafael Ortiz"))

    html = " ".join(news(desk, workflow, workflow.revision).content.decode().split())

    assert "Rafael Ortiz revised the step “Load the prices” while you had this open" in html


def test_own_changes_are_no_news(desk, designer):
    workflow = make_workflow(steps=1)
    workflow.refresh_from_db()
    work.change_step(workflow.steps.get(), name="Load the prices", by=designer)

    assert news(desk, workflow, workflow.revision).status_code == 204


# --- what it costs ----------------------------------------------------------------------------


def make_full_workflow(count: int):
    """`count` of everything: steps, outcomes at each, handoffs, skills at each, flags, retired things, loose skills."""
    by = make_designer()
    workflow = make_workflow(steps=count + 1, by=by)
    other = make_workflow(steps=count, by=by)
    for step in workflow.steps.all():
        for _ in range(count):
            make_outcome(step, by=by, measured=False)
        for _ in range(count):
            make_skill("Support the customer by doing it", at=None, by=by)
            make_context(make_skill(by=by), step, step.outcomes.first(), by=by)
    for step in other.steps.all():
        make_handoff(workflow.steps.last().outcomes.last(), step, by=by)
        make_handoff(step.outcomes.first(), workflow.steps.first(), by=by)
    for _ in range(count):
        work.retire_step(make_step(workflow, by=by), by=by)
        make_skill(by=by)
    return workflow


@pytest.mark.parametrize("count", [1, 3])
@pytest.mark.parametrize(("query", "cost"), [("", 12), ("view=list", 12), ("step", 16), ("skill", 16), ("outcome", 16)])
def test_the_map_costs_the_same_for_one_and_for_three_of_everything(
    desk, django_assert_num_queries, count, query, cost
):
    workflow = make_full_workflow(count)
    context = Context.objects.filter(step__workflow=workflow).first()
    chosen = {"step": context.step_id, "skill": context.skill_id, "outcome": context.outcome_id}
    query = f"{query}={chosen[query]}" if query in chosen else query

    # Session, account, workflow; steps, outcomes, handoffs, flags, people; contexts with the flags of their skills; the
    # tray's counts, its skills, their likely steps. Four more for the way of what is chosen.
    with django_assert_num_queries(cost):
        show(desk, workflow, query)
