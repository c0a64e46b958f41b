"""The teams, job roles and workflows of some people: what a page about them can be narrowed to."""

from collections.abc import Collection, Iterable
from uuid import UUID

from django.db.models import Count, Exists, OuterRef, Q, QuerySet

from gaps.models import Goal, Need
from workflows.models import Workflow
from workforce.models import JobRole, Person, Team

People = Collection[UUID] | None


def at_work(people: People) -> QuerySet[Person]:
    """None: everybody."""
    found = Person.objects.active().order_by()
    return found if people is None else found.filter(pk__in=list(people))


def teams(people: People) -> QuerySet[Team]:
    return Team.objects.filter(pk__in=at_work(people).values("team")).order_by("name")


def roles(people: People) -> QuerySet[JobRole]:
    return JobRole.objects.filter(pk__in=at_work(people).values("job_title__job_role")).order_by("name")


def workflows(people: People) -> QuerySet[Workflow]:
    """In use, with a step that one of their roles performs."""
    performed = Workflow.objects.active().filter(
        steps__retired_at=None, steps__performed_by__in=at_work(people).values("job_title__job_role")
    )
    return Workflow.objects.filter(pk__in=performed.values("pk")).order_by("name")


def places(without: Iterable[UUID] = ()) -> dict[tuple[UUID | None, UUID | None], int]:
    """{(team, role): how many have figures there}: whoever has a role, or is on the way to one."""
    aiming = Exists(Goal.objects.agreed().filter(person=OuterRef("pk")))
    people = at_work(None).filter(Q(job_title__job_role__isnull=False) | aiming).exclude(pk__in=list(without))
    counted = people.values_list("team", "job_title__job_role").annotate(count=Count("pk"))
    return {(team, role): count for team, role, count in counted}


def roles_asked_in(workflow: UUID) -> set[UUID | None]:
    """The roles of which a workflow asks something."""
    return set(Need.objects.filter(step__workflow=workflow).values_list("job_role", flat=True))
