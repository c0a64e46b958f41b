"""Every rule against a brute-force reading of the same random work: retired things, loops and duplicates included."""

import re

import pytest
from django.db import transaction
from django.utils import timezone
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from skills.models import Context, Difference, Skill
from skills.rules import SKILL_RULES
from tests.make import make_account, make_designer, make_skill
from workflows.models import Handoff, Outcome, Step, Workflow
from workflows.queries import line_of_sight
from workforce.models import JobRole, JobTitle, Person

pytestmark = pytest.mark.django_db

STATEMENTS = [
    "Complete and submit the form",
    "Submitting and completing a form",
    "Read the accounts",
    "Understand the accounts",
    "Python",
    "Answer the call as needed",
]
ALIKE = {0: 0, 1: 0, 2: 1, 3: 2, 4: 3, 5: 4}
SAYS_LITTLE = {3, 4, 5}

flip = st.booleans()
seldom = st.integers(0, 3).map(lambda n: n == 0)
small = st.integers(0, 5)

work = st.fixed_dictionaries(
    {
        "workflows": st.lists(seldom, min_size=1, max_size=2),
        # workflow, role (or none), criticality, revised since, retired
        "steps": st.lists(
            st.tuples(small, st.integers(0, 2), st.integers(0, 7), seldom, seldom), min_size=1, max_size=6
        ),
        # step, measured, has a beneficiary, retired
        "outcomes": st.lists(st.tuples(small, flip, flip, seldom), min_size=1, max_size=6),
        # outcome, step, retired
        "handoffs": st.lists(st.tuples(small, small, seldom), max_size=10),
        "skills": st.lists(st.tuples(small, seldom), min_size=1, max_size=5),
        "contexts": st.lists(st.tuples(small, st.integers(0, 40)), max_size=8),
        "told_apart": flip,
        # of the first role: is there an active person, or only one who starts later
        "performed": flip,
    }
)


class World:
    """The rows, and what each rule should say of them."""

    def __init__(self, facts: dict) -> None:
        self.facts, self.by, self.now = facts, make_account(), timezone.now()
        self.gone = {"retired_at": self.now, "retired_by": self.by}
        self.build_work()
        self.build_skills()
        self.retire_what_is_retired()
        line_of_sight.rebuild([w.pk for w in self.workflows])

    def build_work(self) -> None:
        facts = self.facts
        self.roles = [None, JobRole.objects.create(name="Held"), JobRole.objects.create(name="Not held")]
        title = JobTitle.objects.create(name="Clerk", job_role=self.roles[1])
        status = Person.Status.ACTIVE if facts["performed"] else Person.Status.PENDING
        Person.objects.create(source_id="1", display_name="Ada", job_title=title, status=status)
        self.workflows = [
            Workflow.objects.create(name=f"W{n}", owner=self.by, created_by=self.by)
            for n in range(len(facts["workflows"]))
        ]
        self.steps = []
        for n, (w, role, criticality, revised, _) in enumerate(facts["steps"]):
            rated = {"criticality": criticality or None, "rated_revision": 1 if criticality else None}
            workflow = self.workflows[w % len(self.workflows)]
            step = Step(workflow=workflow, name=f"S{n}", position=n + 1, performed_by=self.roles[role], **rated)
            step.revision = 2 if revised else 1
            step.save()
            self.steps.append(step)
        self.outcomes = [
            Outcome.objects.create(
                produced_by=self.steps[s % len(self.steps)],
                statement=f"O{n}",
                measure="days" if measured else "",
                beneficiary="the customer" if served else "",
            )
            for n, (s, measured, served, _) in enumerate(facts["outcomes"])
        ]
        self.handoffs = {}
        for o, s, retired in facts["handoffs"]:
            outcome, step = self.outcomes[o % len(self.outcomes)], self.steps[s % len(self.steps)]
            if outcome.produced_by_id != step.pk and (outcome.pk, step.pk) not in self.handoffs:
                self.handoffs[outcome.pk, step.pk] = (Handoff.objects.create(outcome=outcome, to_step=step), retired)
        line_of_sight.rebuild([w.pk for w in self.workflows])

    def build_skills(self) -> None:
        self.skills = [
            make_skill(STATEMENTS[s], name=f"N{n}", by=self.by) for n, (s, _) in enumerate(self.facts["skills"])
        ]
        reachable = sorted(self.reachable(), key=str)
        self.contexts = set()
        for s, pair in self.facts["contexts"] if reachable else []:
            self.contexts.add((self.skills[s % len(self.skills)].pk, *reachable[pair % len(reachable)]))
        for skill, step, outcome in self.contexts:
            Context.objects.create(skill_id=skill, step_id=step, outcome_id=outcome, placed_by=self.by)
        if self.facts["told_apart"] and len(self.skills) > 1:
            one, other = sorted(self.skills[:2], key=lambda skill: skill.pk)
            Difference.objects.create(one=one, other=other, reason="Another form", said_by=self.by)

    def retire_what_is_retired(self) -> None:
        facts = self.facts
        marks = [
            *zip(self.workflows, facts["workflows"], strict=True),
            *zip(self.steps, [step[4] for step in facts["steps"]], strict=True),
            *zip(self.outcomes, [outcome[3] for outcome in facts["outcomes"]], strict=True),
            *self.handoffs.values(),
        ]
        self.retired = {thing.pk for thing, retired in marks if retired}
        for thing, retired in marks:
            if retired:
                type(thing).objects.filter(pk=thing.pk).update(**self.gone)
        for skill, (_, retired) in zip(self.skills, facts["skills"], strict=True):
            if retired:
                Skill.objects.filter(pk=skill.pk).update(state="retired", **self.gone)
                self.retired.add(skill.pk)

    # --- the same, read by brute force

    def is_active(self, thing) -> bool:
        above = {Step: lambda t: [t.workflow], Outcome: lambda t: [t.produced_by]}.get(type(thing), lambda t: [])(thing)
        return thing.pk not in getattr(self, "retired", ()) and all(map(self.is_active, above))

    def reachable(self) -> set:
        outcomes = [outcome for outcome in self.outcomes if self.is_active(outcome)]
        onward = {
            outcome: [
                s for (o, s), (handoff, _) in self.handoffs.items() if o == outcome.pk and self.is_active(handoff)
            ]
            for outcome in outcomes
        }
        found = set()
        for step in filter(self.is_active, self.steps):
            waiting = [outcome for outcome in outcomes if outcome.produced_by_id == step.pk]
            seen = set()
            while waiting:
                outcome = waiting.pop()
                if outcome.pk in seen:
                    continue
                seen.add(outcome.pk)
                waiting += [o for o in outcomes if o.produced_by_id in onward[outcome]]
            found |= {(step.pk, pk) for pk in seen}
        return found

    def failing(self) -> dict[str, set]:
        sight = self.reachable()
        steps, outcomes = {s.pk: s for s in self.steps}, {o.pk: o for o in self.outcomes}
        used = {skill.pk: n for n, skill in enumerate(self.skills) if skill.pk not in self.retired}
        placed = {pk: [(s, o) for skill, s, o in self.contexts if skill == pk] for pk in used}
        on_work = {
            pk: [p for p in pairs if self.is_active(steps[p[0]]) and p[1] not in self.retired]
            for pk, pairs in placed.items()
        }
        said = {pk: self.facts["skills"][n][0] for pk, n in used.items()}
        apart = {skill.pk for skill in self.skills[:2]} if self.facts["told_apart"] and len(self.skills) > 1 else set()
        held = self.roles[1] if self.facts["performed"] else None
        return {
            "no_context": {pk for pk in used if not placed[pk]},
            "path_broken": {pk for pk in used if on_work[pk] and not sight & set(placed[pk])},
            "work_retired": {pk for pk in used if placed[pk] and not on_work[pk]},
            "nobody_performs": {
                pk
                for pk in used
                if placed[pk] and not any(held and steps[s].performed_by == held for s, _ in placed[pk])
            },
            "outcome_unmeasured": {
                pk for pk in used if any(not (outcomes[o].measure and outcomes[o].beneficiary) for _, o in placed[pk])
            },
            "step_unrated": {
                pk for pk in used if any(steps[s].criticality is None or steps[s].revision > 1 for s, _ in placed[pk])
            },
            "looks_alike": {
                pk
                for pk in used
                if any(ALIKE[said[pk]] == ALIKE[said[o]] and pk != o and not {pk, o} <= apart for o in used)
            },
            "says_little": {pk for pk in used if said[pk] in SAYS_LITTLE},
        }


@settings(
    max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow]
)
@given(work)
def test_every_rule_finds_exactly_what_a_brute_force_reading_finds(db, facts):
    with transaction.atomic():
        world = World(facts)
        expected = world.failing()
        found = {rule.code: set(rule.failing(Skill.objects.all()).values_list("pk", flat=True)) for rule in SKILL_RULES}
        transaction.set_rollback(True)

    assert found == expected


@pytest.mark.parametrize(
    ("one", "other", "alike"),
    [
        ("Complete and submit the form", "Completing and submitting forms", True),
        ("Submit the form, completed", "Complete & submit a form!", True),
        ("Act before the deadline", "Act after the deadline", False),
        ("Program in C", "Program in C++", False),
        ("日本語", "中文", False),
        ("Read the accounts", "Read the account", True),
    ],
)
def test_statements_are_alike_by_the_stems_of_their_words(one, other, alike):
    designer = make_designer()
    skills = [make_skill(one, by=designer), make_skill(other, by=designer)]

    assert all(skill.flags.open().filter(code="looks_alike").exists() for skill in skills) is alike


def test_every_rule_says_what_to_do_next():
    for rule in SKILL_RULES:
        assert re.fullmatch(r"[A-Z].+\.", rule.remedy), rule.code
