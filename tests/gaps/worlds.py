"""Random worlds of roles, needs, people and standings, straight in the derived tables that the SQL twins read.

`World` keeps the same facts as plain values, for the arithmetic to reckon with.
"""

import datetime as dt
import random
from dataclasses import dataclass, field
from typing import Any
from uuid import UUID, uuid4

from django.utils import timezone

from gaps.arithmetic import UNRATED, Held, Needed
from gaps.models import CoverTarget, Goal, Need, Overrule, Requirement, RequirementPeriod, Standing
from skills.models import Skill
from tests.make import make_designer, make_job_role, make_person
from workflows.models import LineOfSight, Outcome, Step, Workflow
from workforce.models import Account, JobRole, Person, Team

NOW = timezone.now()
LONG_AGO = NOW - dt.timedelta(days=900)


def days(count: int) -> dt.timedelta:
    return dt.timedelta(days=count)


@dataclass
class World:
    by: Account
    roles: list[JobRole] = field(default_factory=list)
    skills: list[Skill] = field(default_factory=list)
    steps: list[Step] = field(default_factory=list)
    people: list[Person] = field(default_factory=list)
    outcomes: list[Outcome] = field(default_factory=list)
    # (step, skill) -> need there; (role, skill) -> what the role needs.
    needs: dict[tuple[UUID, UUID], Needed] = field(default_factory=dict)
    requirements: dict[tuple[UUID, UUID], Requirement] = field(default_factory=dict)
    standings: dict[tuple[UUID, UUID], Standing] = field(default_factory=dict)
    goals: dict[UUID, UUID] = field(default_factory=dict)
    overrules: dict[tuple[UUID, UUID], str] = field(default_factory=dict)
    targets: dict[UUID, int] = field(default_factory=dict)
    sight: set[tuple[UUID, UUID]] = field(default_factory=set)
    brought: dict[tuple[UUID, UUID], dt.datetime] = field(default_factory=dict)

    def role_of(self, person: Person) -> UUID | None:
        return person.job_title.job_role_id if person.job_title else None

    def needed_by(self, role: UUID | None) -> dict[UUID, Needed]:
        return {
            skill: Needed(each.level, each.criticality)
            for (job_role, skill), each in self.requirements.items()
            if job_role == role
        }

    def needed_at(self, step: UUID) -> dict[UUID, Needed]:
        return {skill: need for (at, skill), need in self.needs.items() if at == step}

    def held_at(self, person: UUID, step: UUID) -> dict[UUID, Held]:
        """What counts at one step."""
        found = {}
        for (who, skill), standing in self.standings.items():
            if who == person and (held := standing.at(Step(pk=step))):
                found[skill] = Held(*held)
        return found

    def held_for(self, person: UUID, role: UUID | None) -> dict[UUID, Held]:
        """What counts for a role: at each of its steps that ask, so the least of them."""
        found = {}
        for (who, skill), standing in self.standings.items():
            if who != person:
                continue
            asking = [step.pk for step in self.steps if step.performed_by_id == role and (step.pk, skill) in self.needs]
            each = [standing.at(Step(pk=step)) for step in asking or [uuid4()]]
            if all(each):
                found[skill] = Held(min(level for level, _ in each), min(trust for _, trust in each))
        return found

    def is_outdated(self, person: UUID, skill: UUID, role: UUID | None) -> bool:
        standing = self.standings.get((person, skill))
        return bool(standing and standing.changed_step_id) and any(
            step.pk == standing.changed_step_id and step.performed_by_id == role and (step.pk, skill) in self.needs
            for step in self.steps
        )


def make_world(seed: int, *, people: int = 6, steps: int = 7, skills: int = 6, outcomes: int = 3) -> World:
    chance = random.Random(seed)
    world = World(by=make_designer())
    world.roles = [make_job_role() for _ in range(3)]
    workflow = Workflow.objects.create(name="Work", owner=world.by, created_by=world.by)
    for n in range(steps):
        criticality = chance.choice([None, 1, 3, 4, 5, 6, 7])
        facts: dict[str, Any] = {"criticality": criticality, "rated_revision": 1 if criticality else None}
        role = chance.choice([*world.roles, world.roles[0]])
        step = Step.objects.create(workflow=workflow, name=f"Do {n}", position=n + 1, performed_by=role, **facts)
        world.steps.append(step)
    world.skills = [
        Skill.objects.create(name=f"Skill {n}", statement=f"Do the thing {n}", created_by=world.by)
        for n in range(skills)
    ]
    lay_needs(world, chance)
    for _ in range(people):
        make_someone(world, chance)
    for n in range(outcomes):
        outcome = Outcome.objects.create(produced_by=chance.choice(world.steps), statement=f"Outcome {n}")
        world.outcomes.append(outcome)
        for step in world.steps:
            if chance.random() < 0.5:
                LineOfSight.objects.create(step=step, outcome=outcome, distance=chance.randint(0, 3))
                world.sight.add((step.pk, outcome.pk))
    for step in chance.sample(world.steps, 2):
        world.targets[step.pk] = chance.randint(1, 4)
        CoverTarget.objects.create(step=step, people=world.targets[step.pk])
    return world


def lay_needs(world: World, chance: random.Random) -> None:
    for step in world.steps:
        for skill in chance.sample(world.skills, chance.randint(0, min(4, len(world.skills)))):
            need = Needed(chance.randint(1, 4), step.criticality or UNRATED)
            world.needs[step.pk, skill.pk] = need
            Need.objects.create(
                step=step, skill=skill, job_role=step.performed_by, level=need.level, criticality=need.criticality,
                is_rated=step.criticality is not None, contexts=1, asked_since=LONG_AGO,
            )  # fmt: skip
    for role in world.roles:
        for skill in world.skills:
            asking = [
                world.needs[step.pk, skill.pk]
                for step in world.steps
                if step.performed_by_id == role.pk and (step.pk, skill.pk) in world.needs
            ]
            if asking:
                lay_requirement(world, chance, role, skill, asking)


def lay_requirement(world: World, chance: random.Random, role: JobRole, skill: Skill, asking: list[Needed]) -> None:
    since = chance.choice([LONG_AGO, LONG_AGO, NOW - days(100), NOW - days(500)])
    world.requirements[role.pk, skill.pk] = Requirement.objects.create(
        job_role=role, skill=skill, level=max(need.level for need in asking), steps=len(asking), is_rated=True,
        criticality=max(need.criticality for need in asking), asked_since=since,
    )  # fmt: skip
    # Some of what is new to its step has been known to the role for long.
    world.brought[role.pk, skill.pk] = brought = chance.choice([since, LONG_AGO])
    RequirementPeriod.objects.filter(job_role=role, skill=skill).update(since=brought)


def make_someone(world: World, chance: random.Random) -> Person:
    role = chance.choice([*world.roles, None])
    began = chance.choice([None, (NOW - days(1000)).date(), (NOW - days(50)).date()])
    team = Team.objects.get_or_create(name=chance.choice(["North", "South"]))[0]
    leaves = chance.choice([None, None, timezone.localdate() + days(10), timezone.localdate() + days(300)])
    status = chance.choice(["active", "active", "active", "leave", "pending"])
    person = make_person(role=role, position_since=began, team=team, end_date=leaves, status=status)
    world.people.append(person)
    for skill in world.skills:
        if chance.random() < 0.7:
            world.standings[person.pk, skill.pk] = lay_standing(world, chance, person, skill)
        if chance.random() < 0.1:
            label = world.overrules[person.pk, skill.pk] = chance.choice(["none", "reskill", "upskill"])
            Overrule.objects.create(person=person, skill=skill, label=label, reason="I know", overruled_by=world.by)
    if chance.random() < 0.4:
        goal = world.goals[person.pk] = chance.choice(world.roles).pk
        Goal.objects.create(
            person=person, job_role_id=goal, state="agreed", proposed_by=world.by, person_agreed_at=NOW,
            manager_agreed_at=NOW, manager_agreed_by=world.by,
        )  # fmt: skip
    return person


def lay_standing(world: World, chance: random.Random, person: Person, skill: Skill) -> Standing:
    held: tuple[int | None, int | None] = chance.choice([(None, None), *[figures(chance) for _ in range(5)]])
    asking = [step for step in world.steps if (step.pk, skill.pk) in world.needs]
    changed = chance.choice([None, None, *asking])
    there = chance.choice([(None, None), figures(chance)]) if changed else (None, None)
    return Standing.objects.create(
        person=person, skill=skill, level=held[0], trust=held[1], type="observed", evidence_id=uuid4(),
        observed_at=NOW - days(400), changed_step=changed, level_there=there[0], trust_there=there[1],
    )  # fmt: skip


def figures(chance: random.Random) -> tuple[int, int]:
    return chance.randint(0, 4), chance.choice([20, 30, 60, 80, 100])
