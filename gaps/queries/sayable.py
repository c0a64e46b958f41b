"""About which skills, and at which steps, something can be said of a person: choices for a form."""

from dataclasses import dataclass
from uuid import UUID

from gaps.models import Need, Requirement
from skills.models import Skill
from workforce.models import JobRole, Person

Choice = tuple[str, str]
# More are found through a skill's own page or the search.
MOST = 300


@dataclass(frozen=True)
class Sayable:
    skills: list[tuple[str, list[Choice]]]
    steps: list[tuple[str, list[Choice]]]


def sayable(person: Person, *, chosen: UUID | None = None) -> Sayable:
    """First what the current role and the agreed target ask for, then the rest; `chosen` always among them."""
    role = person.job_title.job_role if person.job_title else None
    goal = person.goals.agreed().with_names().first()
    groups: list[tuple[str, list[Choice]]] = []
    known: set[UUID] = set()
    for asking in dict.fromkeys([role, goal.job_role if goal else None]):
        if asking and (rows := [each for each in asked_by(asking) if each.pk not in known]):
            groups.append((f"Asked by {asking}", [choice(each) for each in rows]))
            known |= {each.pk for each in rows}
    more = [each for each in others(person, known, chosen) if each.pk not in known]
    if more:
        groups.append(("Other skills", [choice(each) for each in more]))
    return Sayable(groups, steps_of(role))


def choice(skill: Skill) -> Choice:
    return str(skill.pk), skill.statement


def asked_by(role: JobRole) -> list[Skill]:
    rows = Requirement.objects.of(role).select_related("skill").order_by("skill__statement")
    return [row.skill for row in rows]


def others(person: Person, known: set[UUID], chosen: UUID | None) -> list[Skill]:
    """What has been said about already, what is chosen, and published skills until there are enough."""
    said = [*Skill.objects.filter(evidence__person=person), *Skill.objects.filter(pk__in=[chosen] if chosen else [])]
    rest = Skill.objects.published().exclude(pk__in=known).order_by("statement")[:MOST]
    return sorted({*said, *rest}, key=lambda each: each.statement.casefold())


def steps_of(role: JobRole | None) -> list[tuple[str, list[Choice]]]:
    """The steps that the role performs and that ask for a skill, by workflow."""
    found: dict[str, dict[str, str]] = {}
    needs = Need.objects.filter(job_role=role).select_related("step__workflow") if role else Need.objects.none()
    for need in needs.order_by("step__workflow__name", "step__position"):
        found.setdefault(need.step.workflow.name, {})[str(need.step_id)] = need.step.name
    return [(workflow, list(steps.items())) for workflow, steps in found.items()]
