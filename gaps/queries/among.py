"""The teams, job roles and workflows of some people: what a page about them can be narrowed to."""

from collections.abc import Collection, Iterable
from dataclasses import dataclass
from functools import cached_property
from typing import NamedTuple
from uuid import UUID

from django.db.models import Count, Exists, OuterRef, Q

from base.rows import answers
from gaps.models import Goal, Need
from gaps.queries.reckoning import Whose
from workforce.models import Person

People = Collection[UUID] | None


class Choice(NamedTuple):
    pk: UUID
    name: str


# Workflows in use, with a step that one of their roles performs.
CHOICES = """
WITH whose AS MATERIALIZED (
    SELECT DISTINCT person.team_id, title.job_role_id FROM workforce_person person
    LEFT JOIN workforce_jobtitle title ON title.id = person.job_title_id WHERE {where}
)
SELECT 'team', id, name FROM workforce_team WHERE id IN (SELECT team_id FROM whose)
UNION ALL
SELECT 'role', id, name FROM workforce_jobrole WHERE id IN (SELECT job_role_id FROM whose)
UNION ALL
SELECT 'workflow', id, name FROM workflows_workflow WHERE retired_at IS NULL AND id IN (
    SELECT step.workflow_id FROM workflows_step step JOIN whose ON whose.job_role_id = step.performed_by_id
    WHERE step.retired_at IS NULL
)
ORDER BY name
"""


@dataclass(frozen=True)
class Choices:
    """What figures about some people can be narrowed to, each by name. One query, when first asked for."""

    people: People

    @cached_property
    def found(self) -> dict[str, list[Choice]]:
        whose, found = Whose(people=self.people), dict[str, list[Choice]]()
        for kind, pk, name in answers(CHOICES.format(where=whose.where()), whose.values(), keep=whose.are_few):
            found.setdefault(kind, []).append(Choice(pk, name))
        return found

    @property
    def teams(self) -> list[Choice]:
        return self.found.get("team", [])

    @property
    def roles(self) -> list[Choice]:
        return self.found.get("role", [])

    @property
    def workflows(self) -> list[Choice]:
        return self.found.get("workflow", [])


def places(without: Iterable[UUID] = ()) -> dict[tuple[UUID | None, UUID | None], int]:
    """{(team, role): how many have figures there}: whoever has a role, or is on the way to one."""
    aiming = Exists(Goal.objects.agreed().filter(person=OuterRef("pk")))
    counting = Q(job_title__job_role__isnull=False) | aiming
    people = Person.objects.active().order_by().filter(counting).exclude(pk__in=list(without))
    counted = people.values_list("team", "job_title__job_role").annotate(count=Count("pk"))
    return {(team, role): count for team, role, count in counted}


def roles_asked_in(workflow: UUID) -> set[UUID | None]:
    """The roles of which a workflow asks something."""
    return set(Need.objects.filter(step__workflow=workflow).values_list("job_role", flat=True))
