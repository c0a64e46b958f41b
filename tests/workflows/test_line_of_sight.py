"""The derived table against a walk over the graph that shares no code with it."""

import random

import networkx as nx
import pytest

from tests.make import make_designer, make_handoff, make_job_role, make_outcome, make_step, make_workflow
from workflows import actions
from workflows.models import Handoff, LineOfSight, Outcome, Step
from workflows.queries import line_of_sight

pytestmark = pytest.mark.django_db


def table() -> set:
    return set(LineOfSight.objects.values_list("step", "outcome", "distance"))


def by_hand() -> set:
    graph = nx.DiGraph()
    for outcome in Outcome.objects.live():
        graph.add_edge(outcome.produced_by_id, outcome.pk, weight=0)
    for handoff in Handoff.objects.live():
        graph.add_edge(handoff.outcome_id, handoff.to_step_id, weight=1)
    sight = set()
    for step in Step.objects.live():
        if step.pk in graph:
            for node, distance in nx.single_source_dijkstra_path_length(graph, step.pk).items():
                if Outcome.objects.filter(pk=node).exists():
                    sight.add((step.pk, node, distance))
    return sight


def test_a_chain_sees_every_outcome_to_its_end():
    make_workflow(steps=3)

    assert sorted(LineOfSight.objects.values_list("step__position", "outcome__produced_by__position", "distance")) == [
        (1, 1, 0), (1, 2, 1), (1, 3, 2), (2, 2, 0), (2, 3, 1), (3, 3, 0),
    ]  # fmt: skip


def test_a_rework_loop_ends():
    workflow = make_workflow(steps=3)
    last, first = workflow.steps.get(position=3), workflow.steps.get(position=1)
    make_handoff(last.outcomes.get(), first)

    assert LineOfSight.objects.count() == 9
    assert table() == by_hand()


def test_a_handoff_to_another_workflow_carries_the_sight_across():
    one, other = make_workflow(steps=2), make_workflow(steps=2)
    make_handoff(one.steps.get(position=2).outcomes.get(), other.steps.get(position=1))

    assert LineOfSight.objects.filter(step__workflow=one, outcome__produced_by__workflow=other).count() == 4
    assert table() == by_hand()


def test_retiring_a_step_in_the_middle_takes_the_sight_beyond_it():
    by = make_designer()
    workflow = make_workflow(steps=3)

    step = actions.retire_step(workflow.steps.get(position=2), by=by)
    assert set(LineOfSight.objects.values_list("step__position", "outcome__produced_by__name")) == {
        (1, "Do step 1"),
        (2, "Do step 3"),
    }

    actions.restore_step(step, by=by)
    assert LineOfSight.objects.count() == 6


@pytest.mark.parametrize("seed", range(6))
def test_any_history_of_edits_leaves_the_table_equal_to_its_recomputation(seed):
    chance, by, role = random.Random(seed), make_designer(), make_job_role()
    workflows = [make_workflow(by=by) for _ in range(3)]
    steps = [make_step(chance.choice(workflows), performed_by=role, by=by) for _ in range(7)]
    outcomes = [make_outcome(step, by=by) for step in steps for _ in range(chance.randint(0, 2))]

    for _ in range(25):
        outcome, step = chance.choice(outcomes), chance.choice(steps)
        existing = Handoff.objects.active().filter(outcome=outcome, to_step=step).first()
        if existing:
            actions.retire_handoff(existing, by=by)
        elif outcome.produced_by != step:
            actions.add_handoff(outcome, to_step=step, by=by)
    actions.retire_step(chance.choice(steps), by=by)
    actions.retire_workflow(chance.choice(workflows), by=by)

    assert table() == by_hand()
    assert table() == line_of_sight.recomputed([w.pk for w in workflows])


def test_the_way_leads_leg_by_leg_to_the_chosen_outcome():
    workflow = make_workflow(steps=4)
    make_handoff(workflow.steps.get(position=1).outcomes.get(), workflow.steps.get(position=3))
    end = workflow.steps.get(position=4).outcomes.get()

    legs = line_of_sight.way(workflow.steps.get(position=1), end)

    assert [leg.step.position for leg in legs] == [1, 3, 4]
    assert legs[-1].outcome == end
