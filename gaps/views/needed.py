"""What job roles need and why: derived from the work, opened to the contexts it rests on, edited by nobody."""

from collections.abc import Iterator
from typing import NamedTuple
from uuid import UUID

from django.http import HttpResponse, HttpResponseBase
from django.views.decorators.http import require_safe

from base import dialogs
from gaps import export
from gaps.access import SMALLEST_GROUP, requirement_of_role_for
from gaps.queries import roles
from gaps.queries.roles import Asked, RoleAsked
from workforce.access import job_role_for
from workforce.models import JobRole
from workforce.requests import SignedIn


class Listed(NamedTuple):
    """A role in the list of all; `holders` is None where so few hold it that a figure would say who."""

    asked: RoleAsked
    holders: int | None


def listed() -> list[Listed]:
    found = roles.asked_of_each()
    held = roles.holders([each.job_role.pk for each in found])
    return [Listed(each, group_of(held, each.job_role.pk)) for each in found]


def group_of(held: dict[UUID, int], job_role: UUID) -> int | None:
    count = held.get(job_role, 0)
    return None if 0 < count < SMALLEST_GROUP else count


@require_safe
def role_list_export(request: SignedIn, kind: str) -> HttpResponseBase:
    return export.answer(kind, "Job roles", list_rows(listed()))


def list_rows(found: list[Listed]) -> Iterator[list[str]]:
    yield ["Job role", "Skills needed", "Steps that ask", "Highest criticality", "People"]
    for each, holders in found:
        people = f"fewer than {SMALLEST_GROUP}" if holders is None else str(holders)
        yield [each.job_role.name, str(each.skills), str(each.steps), str(each.criticality or ""), people]


@require_safe
def requirement_show(request: SignedIn, pk: UUID, skill: UUID) -> HttpResponse:
    """Why a role needs a skill: the steps that ask, and the contexts that each of them rests on."""
    requirement = requirement_of_role_for(request.user, pk, skill)
    contexts = requirement.contexts().order_by("-step__criticality", "step__name", "outcome__statement")
    return dialogs.ask(request, "gaps/requirement_show.html", {"requirement": requirement, "contexts": contexts})


@require_safe
def role_needs_export(request: SignedIn, pk: UUID, kind: str) -> HttpResponseBase:
    role = job_role_for(request.user, pk)
    return export.answer(kind, f"What {role} needs", needs_rows(role, roles.asked_of(role)))


def needs_rows(role: JobRole, found: list[Asked]) -> Iterator[list[str]]:
    """A line for each step that asks, because that is where it can be questioned."""
    yield ["Job role", "Skill", "Level", "Criticality", "Step", "Workflow", "Level there", "Criticality there",
           "Contexts"]  # fmt: skip
    for requirement, needs in found:
        rated = str(requirement.criticality) if requirement.is_rated else f"{requirement.criticality}, not all rated"
        for need in needs:
            there = str(need.criticality) if need.is_rated else "not rated"
            yield [role.name, requirement.skill.statement, str(requirement.level), rated, need.step.name,
                   need.step.workflow.name, str(need.level), there, str(need.contexts)]  # fmt: skip
