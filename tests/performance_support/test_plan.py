"""What belongs where: the decision table, its twin in Python, and deciding otherwise."""

import csv
import random
from importlib import import_module

import pytest
from django.db import IntegrityError, transaction
from django.test import Client
from django.urls import reverse

from base.errors import RuleBroken
from performance_support import actions, deciding
from performance_support.deciding import Facts, Rule, decide
from performance_support.models import PlanOverrule, PlanRule
from performance_support.queries import plan
from tests.make import make_account, make_designer, make_skill, make_workflow
from workflows.models import Step

pytestmark = pytest.mark.django_db
SHIPPED = import_module("performance_support.migrations.0008_plan").SHIPPED


@pytest.fixture
def designer():
    return make_designer()


@pytest.fixture(autouse=True)
def rules() -> list[PlanRule]:
    """As shipped, also after a test that emptied the tables."""
    PlanRule.objects.all().delete()
    made = []
    for place, (criticality, difficulty, frequency, training, practice, support) in enumerate(SHIPPED, 1):
        spans = dict(zip(("criticality", "difficulty", "frequency"), (criticality, difficulty, frequency), strict=True))
        ends = {f"{scale}_{end}": span[n] for scale, span in spans.items() for n, end in enumerate(("from", "to"))}
        made.append(PlanRule(position=place, training=training, practice=practice, support=support, **ends))
    return PlanRule.objects.bulk_create(made)


def rated(criticality=None, difficulty=None, frequency=None) -> Step:
    step = make_workflow(steps=1).steps.get()
    rate(step, criticality, difficulty, frequency)
    return step


def rate(step: Step, criticality=None, difficulty=None, frequency=None) -> None:
    Step.objects.filter(pk=step.pk).update(
        criticality=criticality, difficulty=difficulty, frequency=frequency, rated_revision=1 if criticality else None
    )


def row_of(step: Step) -> plan.Planned:
    (row,) = plan.plan(step=step.pk)
    return row


@pytest.mark.parametrize(
    ("facts", "rule"),
    [
        ((7, 3, 1), 1),
        ((5, 2, 4), 2),
        ((6, 1, 3), 3),
        ((5, 1, 7), 4),
        ((4, 3, 5), 5),
        ((3, 2, 2), 6),
        ((4, 1, 7), 7),
        ((1, 3, 1), 8),
    ],
)
def test_the_shipped_table_says_what_the_practice_says(facts, rule):
    row = row_of(rated(*facts))
    assert row.rule_position == rule
    assert row.ways == SHIPPED[rule - 1][3:]


def test_the_shipped_table_leaves_no_step_undecided():
    table = [Rule(*row[:3]) for row in SHIPPED]
    every = (Facts(c, d, f) for c in range(1, 8) for d in range(1, 4) for f in range(1, 8))
    assert all(decide(table, facts).rule is not None for facts in every)


def test_the_statement_and_its_twin_agree():
    chance = random.Random(20261)
    steps = list(make_workflow(steps=12).steps.all())

    def span(most: int) -> tuple[int, int]:
        lower = chance.randint(1, most)
        return chance.choice([(1, most), (lower, chance.randint(lower, most))])

    for _ in range(15):
        PlanRule.objects.all().delete()
        table = [Rule(span(7), span(3), span(7)) for _ in range(chance.randint(0, 6))]
        scales = ("criticality", "difficulty", "frequency")
        for place, rule in enumerate(table, 1):
            ends = {f"{s}_{e}": r[n] for s, r in zip(scales, rule, strict=True) for n, e in enumerate(("from", "to"))}
            PlanRule.objects.create(position=place, training=f"t{place}", **ends)
        for step in steps:
            rate(step, *(chance.choice([None, chance.randint(1, most)]) for most in (7, 3, 7)))
        for row in plan.plan():
            twin = decide(table, row.facts)
            assert (row.rule_position, tuple(row.lacks)) == (
                None if twin.rule is None else twin.rule + 1,
                twin.lacks,
            ), (table, row.facts)
            assert row.is_decided == (twin.rule is not None and not twin.lacks)


def test_what_nobody_rated_is_asked_for_and_not_guessed():
    assert row_of(rated()).why == "Rate its criticality and difficulty and frequency first"
    assert row_of(rated(6, None, 2)).why == "Rate its difficulty first"
    assert row_of(rated(6, None, 2)).belongs == "undecided"
    assert row_of(rated(1)).belongs == "support"


def test_skills_stand_at_their_step_with_the_level_needed():
    step = rated(7, 3, 1)
    skill = make_skill("Support the clerk by checking it", at=step, published=True)
    make_skill("Support the clerk by a draft", at=step)
    assert [(name, level) for _, name, level in row_of(step).skills] == [
        (skill.name, skill.contexts.get().required_level)
    ]


def test_a_change_of_the_work_decides_anew():
    step = rated(7, 3, 1)
    assert row_of(step).belongs == "training"
    rate(step, 4, 1, 1)
    assert row_of(step).belongs == "support"


def overrule(step, by, **said: str):
    words = {"training": "", "practice": "Shadow somebody", "support": "", "reason": "They do it every day.", **said}
    return actions.overrule_plan(step, by=by, **words)


def test_whoever_knows_better_is_kept_and_marked_when_the_facts_change(designer, rules):
    step = rated(7, 3, 1)
    overrule(step, designer)
    row = row_of(step)
    assert row.ways == ("", "Shadow somebody", "")
    assert row.why == "Rule 1: criticality 5 to 7, difficulty 2 to 3, frequency 1 to 3"
    assert (row.other.by, row.other.is_outdated) == (designer.full_name, False)

    rate(step, 6, 3, 1)
    assert row_of(step).other.is_outdated
    assert row_of(step).ways.practice == "Shadow somebody"
    rate(step, 7, 3, 1)
    assert not row_of(step).other.is_outdated
    actions.change_plan_rule(rules[0], training="An academy", by=designer)
    assert row_of(step).other.is_outdated


def test_a_second_word_takes_the_first_one_back(designer):
    step = rated(7, 3, 1)
    overrule(step, designer)
    second = overrule(step, designer, support="A checklist")
    assert list(PlanOverrule.objects.valid()) == [second]
    actions.take_back_plan(second, by=designer)
    assert row_of(step).rule_position == 1
    with pytest.raises(RuleBroken, match="taken back already"):
        actions.take_back_plan(second, by=designer)


def test_a_reason_is_asked_for(designer):
    with pytest.raises(RuleBroken, match="Say why"):
        overrule(rated(7, 3, 1), designer, reason="  ")


def test_a_rule_is_changed_undone_taken_out_and_taken_back(designer, rules):
    step = rated(7, 3, 1)
    actions.change_plan_rule(rules[0], difficulty_from=3, training="Class", by=designer)
    actions.change_plan_rule(rules[0], training="Academy", by=designer)
    assert row_of(step).ways.training == "Academy"
    actions.undo_plan_rule(rules[0], by=designer)
    assert row_of(step).ways.training == "Class"
    actions.remove_plan_rule(rules[0], by=designer)
    assert row_of(step).rule_position is None
    actions.undo_plan_rule(rules[0], by=designer)
    assert row_of(step).ways.training == "Class"
    with pytest.raises(RuleBroken, match="never changed"):
        actions.undo_plan_rule(rules[1], by=designer)


def table() -> list[tuple]:
    return [rule.row for rule in PlanRule.objects.in_order()]


def test_what_is_shipped_is_what_every_installation_began_with():
    assert [(*rule, *ways) for rule, ways in deciding.SHIPPED] == SHIPPED


def test_the_table_is_put_back_and_what_stood_there_can_be_taken_back_in(designer, rules):
    shipped = table()
    actions.change_plan_rule(rules[0], training="Academy", by=designer)
    actions.remove_plan_rule(rules[7], by=designer)
    added = actions.add_plan_rule(3, support="Ask", by=designer)
    assert actions.put_table_back(by=designer) == 4
    assert table() == shipped
    assert {rule.pk for rule in PlanRule.objects.retired()} == {rules[0].pk, added.pk}
    rules[7].refresh_from_db()
    assert rules[7].retired_at is None
    with pytest.raises(RuleBroken, match="stands as it was shipped"):
        actions.put_table_back(by=designer)


def test_an_empty_table_teaches_and_is_filled_by_one_button(designer):
    PlanRule.objects.all().delete()
    client = Client()
    client.force_login(designer)
    assert "The table is empty." in client.get(reverse("plan_rule_list")).content.decode()
    client.post(reverse("plan_rule_ship"))
    assert len(table()) == len(SHIPPED)
    assert row_of(rated(7, 3, 1)).rule_position == 1


@pytest.mark.parametrize(
    ("name", "facts"),
    [
        ("planrule_criticality_ends_after_it_begins", {"criticality_from": 5, "criticality_to": 4}),
        ("planrule_difficulty_to_is_1_to_3", {"difficulty_to": 4}),
        ("planrule_position_is_1_to_1000", {"position": 0}),
    ],
)
def test_postgresql_keeps_the_table_whole(name, facts):
    with pytest.raises(IntegrityError) as refusal, transaction.atomic():
        PlanRule.objects.create(**{"position": 1, **facts})
    assert refusal.value.__cause__.diag.constraint_name == name


def test_a_step_is_decided_otherwise_once(designer):
    kept = overrule(rated(7, 3, 1), designer)
    with pytest.raises(IntegrityError) as refusal, transaction.atomic():
        PlanOverrule.objects.create(step=kept.step, reason="Again", overruled_by=designer)
    assert refusal.value.__cause__.diag.constraint_name == "planoverrule_is_once_per_step"


# --- pages ------------------------------------------------------------------------------------


@pytest.fixture
def client(designer):
    client = Client()
    client.force_login(designer)
    return client


@pytest.mark.parametrize("count", [1, 3])
def test_the_page_costs_the_same_for_one_and_for_three(client, designer, django_assert_num_queries, count):
    for _ in range(count):
        overrule(rated(7, 3, 1), designer)
    with django_assert_num_queries(5):  # session, account, plan, workflows, whose steps one decides about
        html = client.get(reverse("plan_show")).content.decode()
    assert html.count("They do it every day.") == count


def test_the_page_narrows_and_counts(client, designer):
    train, other = rated(7, 3, 1), rated(1)
    address = reverse("plan_show")
    told = client.get(address, {"belongs": "training"}).context
    assert [row.step for row in told["rows"]] == [train.pk]
    assert len(told["counts"]) == 2
    overrule(train, designer)
    assert client.get(address, {"belongs": "overruled"}).context["count"] == 1
    assert client.get(address, {"belongs": "outdated"}).context["count"] == 0
    (count,) = client.get(address, {"workflow": str(train.workflow_id)}).context["counts"]
    assert (count.steps, count.training, count.practice, count.overruled) == (1, 0, 1, 1)
    assert client.get(address, {"workflow": "x", "belongs": "x"}).context["count"] == 2
    assert other.pk in [row.step for row in client.get(address, {"belongs": "support"}).context["rows"]]


def test_the_file_has_a_line_for_each_skill(client):
    step = rated(7, 3, 1)
    make_skill("Support the clerk by checking it", at=step, published=True)
    make_skill("Support the packer by weighing it", at=step, published=True)
    head, *lines = csv.reader(
        b"".join(client.get(reverse("plan_export", args=["csv"]))).decode("utf-8-sig").splitlines()
    )
    assert [dict(zip(head, line, strict=True))["Training"] for line in lines] == ["Targeted training"] * 2


def test_a_step_is_decided_in_the_dialog_and_taken_back(client):
    step = rated(7, 3, 1)
    address = reverse("plan_overrule", args=[step.pk])
    assert "Targeted training" in client.get(address).content.decode()
    assert client.post(address, {"practice": "Shadow somebody", "reason": ""}).status_code == 422
    client.post(address, {"practice": "Shadow somebody", "reason": "It is seldom."})
    assert row_of(step).ways == ("", "Shadow somebody", "")
    client.post(reverse("plan_take_back", args=[row_of(step).other.pk]))
    assert row_of(step).other is None


def test_two_editors_of_a_rule_see_each_other(client, designer, rules):
    address = reverse("plan_rule_change", args=[rules[0].pk])
    said = {"position": 1, "training": "Mine", "seen": 1}
    said |= {"criticality_from": 5, "criticality_to": 7, "difficulty_from": 2, "difficulty_to": 3}
    said |= {"frequency_from": 1, "frequency_to": 3}
    actions.change_plan_rule(rules[0], training="Theirs", by=make_designer("Ada Berg"))
    answer = client.post(address, said)
    assert answer.status_code == 409
    assert "Ada Berg" in answer.content.decode()
    assert client.post(address, {**said, "criticality_to": 4, "seen": 2}).status_code == 422
    client.post(address, {**said, "seen": 2})
    assert "Mine" in client.get(reverse("plan_rule_list")).content.decode()


def test_whoever_answers_for_a_workflow_decides_about_its_steps():
    step = rated(7, 3, 1)
    owner = make_account()
    type(step.workflow).objects.update(owner=owner)
    client = Client()
    client.force_login(owner)
    assert client.get(reverse("plan_overrule", args=[step.pk])).status_code == 200
    assert client.get(reverse("plan_rule_add")).status_code == 403
