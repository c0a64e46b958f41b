"""What programs name by an id, found for a whole request in one query per noun."""

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any
from uuid import UUID

from skills.models import Skill
from workflows.models import Step
from workforce.models import Person


@dataclass
class Named:
    """Which of the ids that a request names are there. People may go by the id of their source as well."""

    people: set[UUID] = field(default_factory=set)
    # source_id -> everybody who has it: two systems may use the same one.
    by_source_id: dict[str, list[UUID]] = field(default_factory=dict)
    skills: set[UUID] = field(default_factory=set)
    steps: set[UUID] = field(default_factory=set)


def look_up(rows: Iterable[Mapping[str, Any]]) -> Named:
    told = list(rows)

    def all_of(*names: str) -> set[Any]:
        return {row[name] for row in told for name in names if row.get(name)}

    found = Named(
        people=present(Person, all_of("person", "observer")),
        skills=present(Skill, all_of("skill")),
        steps=present(Step, all_of("step")),
    )
    source_ids = all_of("person_source_id", "observer_source_id")
    for source_id, pk in Person.objects.with_source_ids(source_ids).order_by().values_list("source_id", "pk"):
        found.by_source_id.setdefault(source_id, []).append(pk)
    return found


def present(model: Any, pks: Collection[UUID]) -> set[UUID]:
    return set(model.objects.filter(pk__in=pks).order_by().values_list("pk", flat=True)) if pks else set()
