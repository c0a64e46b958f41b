"""The composer's page: what it says, what it refuses, and that what it says is what publishing says."""

import pytest
from django.urls import reverse

from base.models import Change
from skills import actions
from skills.models import Context, Skill
from tests.make import make_account, make_designer, make_handoff, make_job_role, make_outcome, make_skill, make_step
from tests.make import make_person as person
from workflows.models import Workflow

pytestmark = pytest.mark.django_db

LABEL = "Complete and submit the customer information"
SUPPORT = "Support the sales rep by completing and submitting the customer information"


@pytest.fixture
def designer(client):
    designer = make_designer()
    client.force_login(designer)
    return designer


@pytest.fixture
def onboarding(designer) -> Workflow:
    """Prepare the account → the sales rep has complete customer information → Agree the terms → …"""
    service, sales = make_job_role("Customer service rep"), make_job_role("Sales rep")
    person(role=service)
    prepare = make_step(name="Prepare the account", performed_by=service, criticality=4, by=designer)
    agree = make_step(prepare.workflow, name="Agree the terms", performed_by=sales, criticality=5, by=designer)
    complete = make_outcome(
        prepare, statement="the sales rep has complete customer information", beneficiary="the sales rep", by=designer
    )
    make_outcome(agree, statement="the terms are agreed", by=designer)
    make_handoff(complete, agree, by=designer)
    return prepare.workflow


def typed(**facts: object) -> dict[str, object]:
    return {"verb": "Support", "serves": "", "does": "", "statement": "", "step": "", "outcome": "", "level": 3} | facts


def test_an_imported_label_is_taken_over_as_a_behaviour(client, designer):
    skill = make_skill(LABEL, by=designer)

    html = client.get(reverse("skill_compose", args=[skill.pk])).content.decode()

    assert 'value="completing and submitting the customer information"' in html


def test_without_an_outcome_the_page_says_why_it_cannot_be_published_and_the_server_says_the_same(client, onboarding):
    step = onboarding.steps.get(position=1)
    facts = typed(serves="the sales rep", does="completing the form", step=step.pk)

    shown = client.get(reverse("skill_compose"), facts)
    refused = client.post(reverse("skill_compose"), facts | {"do": "publish"})

    why = actions.CannotPublish(shown.context["composer"].blocking).message
    assert "nobody is waiting for it" in why
    assert f"<b>You cannot publish yet.</b> {why}" in shown.content.decode()
    assert refused.status_code == 409
    assert why in refused.context["refusal"].message
    assert not Skill.objects.exists()


def test_the_second_statement_of_the_article_is_published_in_one_go(client, onboarding):
    step = onboarding.steps.get(position=1)
    skill = make_skill(LABEL, by=make_designer())
    facts = typed(
        serves="the sales rep",
        does="completing and submitting the customer information",
        step=step.pk,
        outcome=step.outcomes.get().pk,
        seen=skill.version,
        do="publish",
    )

    answer = client.post(reverse("skill_compose", args=[skill.pk]), facts)

    assert answer.url == reverse("skill_show", args=[skill.pk])
    skill.refresh_from_db()
    assert (skill.statement, skill.is_published, skill.also_called) == (SUPPORT, True, [LABEL])
    assert skill.behaviour == "completing and submitting the customer information"
    assert skill.contexts.get().contribution == "Support the sales rep"


def test_only_outcomes_downstream_of_the_step_are_offered(client, onboarding):
    last = onboarding.steps.get(position=2)

    composer = client.get(reverse("skill_compose"), typed(step=last.pk)).context["composer"]

    assert [str(outcome) for outcome in composer.downstream.all] == ["the terms are agreed"]


def test_an_outcome_upstream_counts_as_not_chosen(client, onboarding):
    first, last = onboarding.steps.order_by("position")
    upstream = first.outcomes.get()

    composer = client.get(reverse("skill_compose"), typed(does="x", step=last.pk, outcome=upstream.pk)).context[
        "composer"
    ]

    assert composer.outcome is None
    assert [rule.code for rule in composer.blocking] == ["no_context"]


def test_rehearsing_leaves_nothing_behind(client, onboarding):
    step = onboarding.steps.get(position=1)
    before = Change.objects.count()

    client.get(reverse("skill_compose"), typed(does="reading", step=step.pk, outcome=step.outcomes.get().pk))

    assert (Skill.objects.count(), Context.objects.count(), Change.objects.count()) == (0, 0, before)


def test_rehearsing_says_what_publishing_says(client, onboarding, designer):
    step = onboarding.steps.get(position=1)
    draft = actions.Draft(statement=SUPPORT, step=step, outcome=step.outcomes.get())

    rehearsed = [rule.code for rule in actions.rehearse(draft, by=designer)]

    skill = actions.compose(draft, by=designer)
    assert rehearsed == [flag.code for flag in skill.flags.open()] == []


def test_a_region_request_brings_the_sentence_and_what_depends_on_it(client, onboarding):
    step = onboarding.steps.get(position=1)

    html = client.get(
        reverse("skill_compose"),
        typed(serves="the sales rep", does="completing the form", step=step.pk, offered="None:None"),
        headers={"HX-Request": "true", "HX-Target": "sentence"},
    ).content.decode()

    assert "<html" not in html
    for region in ("ruler", "rules", "preview", "publish-or-save", "why-not", "outcome-field", "step-hint"):
        assert f'id="{region}"' in html
    assert html.count("hx-swap-oob") == 7


def test_a_draft_that_somebody_else_changed_shows_both_values_and_saves_nothing(client, designer):
    skill = make_skill("Read the accounts", by=designer)
    actions.change_skill(skill, statement="Read two years of accounts", by=make_designer("Ada Quick"))

    answer = client.post(
        reverse("skill_compose", args=[skill.pk]), typed(does="reading every account", seen=1, do="save")
    )

    html = answer.content.decode()
    assert answer.status_code == 409
    assert "Ada Quick changed" in html
    assert "Read two years of accounts" in html
    assert "Reading every account" in html
    skill.refresh_from_db()
    assert skill.statement == "Read two years of accounts"


def test_saving_again_after_that_puts_mine_in_its_place(client, designer):
    skill = make_skill("Read the accounts", by=designer)
    actions.change_skill(skill, statement="Read two years of accounts", by=designer)
    address = reverse("skill_compose", args=[skill.pk])
    first = client.post(address, typed(does="reading every account", seen=1, do="save")).content.decode()

    assert 'name="seen" value="2"' in first
    client.post(address, typed(does="reading every account", seen=2, do="save"))

    skill.refresh_from_db()
    assert skill.statement == "Reading every account"


def test_an_empty_draft_is_refused_beside_its_field(client, designer):
    answer = client.post(reverse("skill_compose"), typed(do="save"))

    assert answer.status_code == 422
    assert "Say what you would see someone do" in answer.content.decode()


def test_using_an_existing_statement_adds_a_context_and_keeps_the_draft_as_a_former_name(client, onboarding, designer):
    step = onboarding.steps.get(position=1)
    existing, draft = make_skill(SUPPORT, by=designer), make_skill(LABEL, by=designer)
    facts = typed(does="completing the form", step=step.pk, outcome=step.outcomes.get().pk, seen=draft.version)

    answer = client.post(reverse("skill_compose", args=[draft.pk]), facts | {"do": f"use:{existing.pk}"})

    assert answer.url == existing.get_absolute_url()
    existing.refresh_from_db()
    draft.refresh_from_db()
    assert existing.contexts.get().step == step
    assert LABEL in existing.also_called
    assert draft.is_retired


def test_merging_a_look_alike_into_the_draft_retires_it(client, designer):
    twin, draft = make_skill("Submit the form", by=designer), make_skill("Submit forms", by=designer)

    client.post(
        reverse("skill_compose", args=[draft.pk]),
        typed(does="submitting forms", seen=draft.version, do=f"merge:{twin.pk}"),
    )

    twin.refresh_from_db()
    draft.refresh_from_db()
    assert twin.is_retired
    assert "Submit the form" in draft.also_called


def test_two_statements_that_differ_are_told_apart_with_the_reason(client, designer):
    one, other = make_skill("Submit the form", by=designer), make_skill("Submitting the form", by=designer)

    client.post(
        reverse("skill_compose", args=[one.pk]),
        typed(statement="Submit the form", seen=one.version, do="differ", differ="Another form", other=[other.pk]),
    )

    assert client.get(reverse("skill_compose", args=[one.pk])).context["composer"].alike == []


def test_telling_apart_without_a_reason_is_refused(client, designer):
    one = make_skill("Submit the form", by=designer)

    answer = client.post(reverse("skill_compose", args=[one.pk]), typed(statement="Submit the form", do="differ"))

    assert answer.status_code == 422


def test_only_designers_word_skills(client):
    client.force_login(make_account())

    assert client.get(reverse("skill_compose")).status_code == 403


@pytest.mark.parametrize("count", [1, 3])
def test_the_composer_costs_the_same_for_one_and_for_three_of_everything(
    client, designer, count, django_assert_num_queries
):
    for _ in range(count):
        step = make_step(by=designer, performed_by=make_job_role(), criticality=3)
        make_outcome(step, by=designer)
        make_skill(SUPPORT, at=step, by=designer)
    skill = make_skill(LABEL, at=step, by=designer)

    with django_assert_num_queries(37):
        client.get(reverse("skill_compose", args=[skill.pk]))
