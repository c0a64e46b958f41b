"""What stands on the page on which a manager enters levels for a team."""

from collections.abc import Collection
from typing import NamedTuple
from uuid import UUID

from gaps.models import Evidence, Need, Type
from gaps.queries.reckoning import Whose
from skills.models import Skill
from workflows.models import Step
from workforce.models import Person

# So many rows still fit a page that somebody walks through by keyboard.
MOST = 100


class Views(NamedTuple):
    """What two people last said about one level, of what has not run out; None where nobody did."""

    own: int | None
    managers: int | None

    @property
    def differ(self) -> bool:
        return None not in self and self.own != self.managers


def people(whose: Whose, step: Step) -> list[Person]:
    """Those of them who perform the step, by name."""
    if step.performed_by is None:
        return []
    found = Person.objects.active().holding(step.performed_by).filter(pk__in=list(whose.people or []))
    return list(found.by_name()[:MOST])


def needs(step: Step) -> list[Need]:
    return list(Need.objects.at(step).select_related("skill").order_by("-level", "skill__name"))


def views(people: Collection[Person], skills: Collection[Skill]) -> dict[tuple[UUID, UUID], Views]:
    """{(person, skill): both views}. One query."""
    said = (
        Evidence.objects.standing()
        .unexpired()
        .filter(person__in=people, skill__in=skills, type__in=[Type.OWN, Type.MANAGER])
        .order_by("person", "skill", "type", "-observed_at", "-level")
        .distinct("person", "skill", "type")
        .values_list("person", "skill", "type", "level")
    )
    found: dict[tuple[UUID, UUID], dict[str, int]] = {}
    for person, skill, type, level in said:
        found.setdefault((person, skill), {})[type] = level
    return {key: Views(each.get(Type.OWN), each.get(Type.MANAGER)) for key, each in found.items()}
