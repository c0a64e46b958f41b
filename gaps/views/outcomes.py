"""Which outcomes are in danger, and one of them: its chain, who can do each step, and what was measured."""

from collections.abc import Iterator
from typing import NamedTuple
from uuid import UUID

from django.http import HttpResponse, HttpResponseBase
from django.urls import reverse
from django.views.decorators.http import require_safe

from base import dialogs, sheets
from base.pages import asking, page
from gaps import export, work_export
from gaps.access import note_list
from gaps.counting import Counting, counting_for, note_named, only_own
from gaps.queries import cover, gaps, overtime, risk
from gaps.queries.risk import OutcomeRisk
from gaps.staffing_forms import MeasurementForm
from workflows import actions
from workflows.access import Ability, outcome_for
from workflows.models import Outcome
from workforce.models import Account
from workforce.requests import SignedIn

HEAD = ["Outcome", "For", "Workflow", "Current", "Target", "Unit", "Chain cover %", "Weakest step", "Weakest link"]
# So many open gaps along a chain are listed.
LISTED = 200


@require_safe
def risk_list(request: SignedIn) -> HttpResponse:
    """The outcomes with a hole in their chain, worst first."""
    found, counting = risks_for(request.user)
    at_risk = [each for each in found if each.is_at_risk]
    note_named(request.user, [each.weakest for each in at_risk if each.weakest], counting)
    context = {"at_risk": at_risk, "safe": len(found) - len(at_risk), "counting": counting}
    return page(request, "gaps/risk_list.html", context)


@require_safe
def risk_export(request: SignedIn, kind: str) -> HttpResponseBase:
    found, _ = risks_for(request.user)
    return sheets.download(as_rows([each for each in found if each.is_at_risk]), name="Outcomes at risk", kind=kind)


def risks_for(account: Account) -> tuple[list[OutcomeRisk], Counting]:
    counting = counting_for(account)
    covers = only_own(cover.cover(cover.Wanted(counting.whose)), counting)
    return [each for each in risk.risks(covers) if each.links], counting


def as_rows(found: list[OutcomeRisk]) -> Iterator[list[str]]:
    yield HEAD
    for each in found:
        weakest = each.weakest.name if each.weakest else ""
        figures = [work_export.plain(value) for value in (each.current, each.target)]
        figures += [each.unit, work_export.percent(each.chain)]
        yield [each.statement, each.beneficiary, each.workflow_name, *figures, weakest, f"{float(each.risk):.3f}"]


@require_safe
def outcome_show(request: SignedIn, pk: UUID) -> HttpResponse:
    """Its measure over time against cover and gaps, and its chain with the weakest link named."""
    outcome = outcome_for(request.user, pk)
    counting = counting_for(request.user)
    told = told_about(outcome, counting)
    note_named(request.user, told.chain, counting)
    lacking = gaps_along(outcome.pk, counting, most=LISTED)
    note_list(request.user, {gap.person for gap in lacking}, page="gaps")
    days = [(point.measurement.measured_on, point.measurement.value) for point in told.points]
    chart = overtime.chart(days, outcome.target)
    context = {
        "outcome": outcome,
        **told._asdict(),
        "counting": counting,
        "chart": chart,
        "dots": list(zip(chart.dots, told.points, strict=True)) if chart else [],
        "beside": overtime.beside(chart.dots, told.points) if chart else None,
        "gaps": lacking,
        "open": open_along(outcome.pk, counting, lacking),
    }
    return page(request, "gaps/outcome_show.html", context)


@require_safe
def outcome_export(request: SignedIn, pk: UUID, kind: str) -> HttpResponseBase:
    outcome = outcome_for(request.user, pk)
    counting = counting_for(request.user)
    told = told_about(outcome, counting)
    note_named(request.user, told.chain, counting)
    lacking = gaps_along(outcome.pk, counting, most=None)
    note_list(request.user, {gap.person for gap in lacking}, page="gaps")
    rows = work_export.outcome_rows(told.chain, told.points, lacking, names=counting.names)
    return export.answer(kind, str(outcome), rows)


class Told(NamedTuple):
    """What may be told of an outcome; `untold`: steps upstream of which no figure may be."""

    risk: OutcomeRisk | None
    chain: list[cover.StepCover]
    untold: int
    points: list[overtime.Point]


def told_about(outcome: Outcome, counting: Counting) -> Told:
    steps = overtime.upstream(outcome)
    covers = cover.cover(cover.Wanted(counting.whose, steps=steps))
    own = only_own(covers, counting)
    found = next(iter(risk.risks(own, outcomes=[outcome.pk])), None)
    points = overtime.points(outcome, steps, counting.whose)
    return Told(found, found.links if found else [], len(covers) - len(own), points)


def gaps_along(outcome: UUID, counting: Counting, *, most: int | None) -> list[gaps.Gap]:
    """Most critical first; of nobody for whoever sees groups only. Of everybody the first that are found."""
    if not counting.names:
        return []
    wanted = gaps.Wanted(counting.whose, outcome=outcome)
    if not counting.is_everybody:
        return gaps.gaps(wanted, limit=most)
    found = gaps.page_of(wanted, size=LISTED)
    return sorted(found, key=lambda gap: (-gap.criticality, gap.person_name, gap.statement))


def open_along(outcome: UUID, counting: Counting, named: list[gaps.Gap]) -> int | None:
    """How many there are, named or not; None where that is more than can be counted among everybody."""
    if len(named) < LISTED:
        return len(named)
    return None if counting.is_everybody else gaps.count(gaps.Wanted(counting.whose, outcome=outcome)).all


@asking
def measurement_record(request: SignedIn, pk: UUID) -> HttpResponse:
    """Say what the outcome was found to be on a day."""
    outcome = outcome_for(request.user, pk, Ability.EDIT)
    form = MeasurementForm(data=request.POST or None)
    if request.method == "POST":
        found, form = dialogs.attempt(form, lambda facts: actions.record_measurement(outcome, by=request.user, **facts))
        if found:
            return dialogs.done(request, f"“{outcome}” was at {found}.", to=reverse("outcome_show", args=[outcome.pk]))
    return dialogs.ask(request, "gaps/measurement_form.html", {"form": form, "outcome": outcome})
