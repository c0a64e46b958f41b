"""Which outcomes are in danger, and one of them: its chain, who can do each step, and what was measured."""

import datetime as dt
from collections.abc import Iterator
from decimal import Decimal
from typing import NamedTuple
from uuid import UUID

from django.http import HttpResponse, HttpResponseBase
from django.urls import reverse
from django.views.decorators.http import require_safe

from base import dialogs
from base.pages import asking, page, question
from gaps import export, work_export
from gaps.access import note_list
from gaps.counting import Counting, counting_on, note_named, only_own
from gaps.queries import cover, gaps, overtime, risk
from gaps.queries.risk import OutcomeRisk
from gaps.sifting import choices, sieve_of
from gaps.staffing_forms import MeasurementForm
from workflows import actions
from workflows.access import Ability, outcome_for
from workflows.models import Outcome
from workforce.requests import SignedIn

HEAD = [
    "Outcome", "For", "Area", "Workflow", "Current", "Target", "Unit", "Chain cover %", "Weakest step", "Weakest link",
]  # fmt: skip
# So many open gaps along a chain are listed.
LISTED = 200


@require_safe
def risk_list(request: SignedIn) -> HttpResponse:
    """The outcomes with a hole in their chain, worst first; or those that the address asks for."""
    counting = counting_on(request.user, request.GET)
    found, sieve = risks_for(counting), sieve_of(request.GET)
    kept = sieve.sift(found)
    note_named(request.user, [each.weakest for each in kept if each.weakest], counting)
    at_risk = sum(each.is_at_risk for each in found)
    context = {
        "at_risk": at_risk,
        "safe": len(found) - at_risk,
        "counting": counting,
        "shown": len(kept),
        "bands": sieve.bands(kept),
        "sieve": sieve,
        "choices": (offered := choices(sieve, found)),
        "narrowed": [each.said for each in offered if each.chosen],
        "question": question(request.GET),
    }
    return page(request, "gaps/risk_list.html", context, regions=["work"])


@require_safe
def risk_export(request: SignedIn, kind: str) -> HttpResponseBase:
    counting = counting_on(request.user, request.GET)
    sieve = sieve_of(request.GET)
    bands = sieve.bands(sieve.sift(risks_for(counting)))
    rows = as_rows([each for band in bands for each in band.outcomes])
    return export.answer(kind, export.on_day("Outcomes at risk", counting.on), rows)


def risks_for(counting: Counting) -> list[OutcomeRisk]:
    covers = only_own(cover.cover(cover.Wanted(counting.whose), as_of=counting.on), counting)
    return [each for each in risk.risks(covers, as_of=counting.on) if each.links]


def as_rows(found: list[OutcomeRisk]) -> Iterator[list[str]]:
    yield HEAD
    for each in found:
        weakest = each.weakest.name if each.weakest else ""
        figures = [work_export.plain(value) for value in (each.current, each.target)]
        figures += [each.unit, work_export.percent(each.chain)]
        link = f"{float(each.risk):.3f}"
        yield [each.statement, each.beneficiary, each.area, each.workflow_name, *figures, weakest, link]


@require_safe
def outcome_show(request: SignedIn, pk: UUID) -> HttpResponse:
    """Its measure over time against cover and gaps, and its chain with the weakest link named."""
    outcome = outcome_for(request.user, pk)
    counting = counting_on(request.user, request.GET)
    told = told_about(outcome, counting)
    note_named(request.user, told.chain, counting)
    lacking = gaps_along(outcome.pk, counting, most=LISTED)
    note_list(request.user, {gap.person for gap in lacking}, page="gaps")
    days = [(point.measurement.measured_on, point.measurement.value) for point in told.points]
    chart = overtime.chart(days, outcome.target)
    context = {
        "outcome": outcome,
        "value": value_on(counting.on, outcome, told.points),
        **told._asdict(),
        "counting": counting,
        "chart": chart,
        "dots": list(zip(chart.dots, told.points, strict=True)) if chart else [],
        "beside": overtime.beside(chart.dots, told.points) if chart else None,
        "gaps": lacking,
        "may_act": not counting.is_everybody and not counting.on,
        "open": open_along(outcome.pk, counting, lacking),
    }
    return page(request, "gaps/outcome_show.html", context, regions=["work"])


@require_safe
def outcome_export(request: SignedIn, pk: UUID, kind: str) -> HttpResponseBase:
    outcome = outcome_for(request.user, pk)
    counting = counting_on(request.user, request.GET)
    told = told_about(outcome, counting)
    note_named(request.user, told.chain, counting)
    lacking = gaps_along(outcome.pk, counting, most=None)
    note_list(request.user, {gap.person for gap in lacking}, page="gaps")
    rows = work_export.outcome_rows(told.chain, told.points, lacking, names=counting.names)
    return export.answer(kind, export.on_day(str(outcome), counting.on), rows)


class Told(NamedTuple):
    """What may be told of an outcome; `untold`: steps upstream of which no figure may be."""

    risk: OutcomeRisk | None
    chain: list[cover.StepCover]
    untold: int
    points: list[overtime.Point]


def told_about(outcome: Outcome, counting: Counting) -> Told:
    steps = overtime.upstream(outcome)
    covers = cover.cover(cover.Wanted(counting.whose, steps=steps), as_of=counting.on)
    own = only_own(covers, counting)
    found = next(iter(risk.risks(own, outcomes=[outcome.pk])), None)
    points = overtime.points(outcome, steps, counting.whose, until=counting.on)
    return Told(found, found.links if found else [], len(covers) - len(own), points)


def value_on(day: dt.date | None, outcome: Outcome, points: list[overtime.Point]) -> Decimal | None:
    """The current value, or what was measured last by a past day."""
    if day is None:
        return outcome.current
    return points[-1].measurement.value if points else None


def gaps_along(outcome: UUID, counting: Counting, *, most: int | None) -> list[gaps.Gap]:
    """Most critical first; of nobody for whoever sees groups only. Of everybody the first that are found."""
    if not counting.names:
        return []
    wanted = gaps.Wanted(counting.whose, outcome=outcome)
    if not counting.is_everybody:
        return gaps.gaps(wanted, limit=most, as_of=counting.on)
    found = gaps.page_of(wanted, size=LISTED, as_of=counting.on)
    return sorted(found, key=lambda gap: (-gap.criticality, gap.person_name, gap.statement))


def open_along(outcome: UUID, counting: Counting, named: list[gaps.Gap]) -> int | None:
    """How many there are, named or not; None where that is more than can be counted among everybody."""
    if len(named) < LISTED:
        return len(named)
    if counting.is_everybody:
        return None
    return gaps.count(gaps.Wanted(counting.whose, outcome=outcome), as_of=counting.on).all


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
