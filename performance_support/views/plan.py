"""The plan grid: what belongs in training, in practice and in support, why, and who decided otherwise."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from django.http import HttpResponse, HttpResponseBase, QueryDict
from django.urls import reverse
from django.views.decorators.http import require_POST, require_safe

from base import dialogs
from base.errors import RuleBroken
from base.models import Change
from base.pages import as_id, asking, page, question, typed
from base.sheets import download
from performance_support import actions
from performance_support.access import may_name, may_rule, plan_overrule_for, plan_rule_for
from performance_support.forms import PlanOverruleForm, PlanRuleForm
from performance_support.models import PlanOverrule, PlanRule
from performance_support.queries import plan
from performance_support.queries.plan import Planned
from performance_support.views.coverage import PER_PAGE, place_in
from performance_support.words import entry
from workflows.access import step_for
from workflows.models import Workflow
from workforce.requests import SignedIn

BELONGS = {
    "": "Anything",
    "training": "Training",
    "practice": "Practice, no training",
    "support": "Support alone",
    "nothing": "Nothing",
    "undecided": "Not decided yet",
    "overruled": "Decided otherwise",
    "outdated": "Decided otherwise, before something changed",
}


@dataclass(frozen=True)
class Wanted:
    workflow: UUID | None
    belongs: str

    def fits(self, row: Planned) -> bool:
        if self.belongs == "overruled":
            return row.other is not None
        if self.belongs == "outdated":
            return row.other is not None and row.other.is_outdated
        return self.belongs in {"", row.belongs}


@require_safe
def plan_show(request: SignedIn) -> HttpResponse:
    """Per step, what belongs where, with the rule that says so."""
    wanted = asked_for(request.GET)
    every = plan.plan(workflow=wanted.workflow)
    rows = [row for row in every if wanted.fits(row)]
    after = place_in(typed(request.GET, "after"), len(rows))
    context = {
        "wanted": wanted,
        "rows": rows[after : after + PER_PAGE],
        "count": len(rows),
        "counts": plan.counts(every),
        "after": after,
        "onward": after + PER_PAGE if len(rows) > after + PER_PAGE else None,
        "workflows": Workflow.objects.active(),
        "belongs": BELONGS,
        "keeps": keeps(request),
        "question": question(request.GET),
    }
    return page(request, "performance_support/plan_show.html", context, regions=["plan"])


def asked_for(asked: QueryDict) -> Wanted:
    belongs = typed(asked, "belongs")
    return Wanted(as_id(typed(asked, "workflow")), belongs if belongs in BELONGS else "")


def keeps(request: SignedIn) -> set[UUID]:
    """The workflows whose steps this person decides about."""
    workflows = Workflow.objects.active()
    own = workflows if request.user.can_design else workflows.owned_by(request.user)
    return set(own.values_list("pk", flat=True))


@require_safe
def plan_export(request: SignedIn, kind: str) -> HttpResponseBase:
    wanted = asked_for(request.GET)
    rows = lines([row for row in plan.plan(workflow=wanted.workflow) if wanted.fits(row)])
    return download(rows, name="plan", kind=kind)


HEAD = (
    "Workflow", "Position", "Step", "Job role", "Skill", "Required level", "Criticality", "Difficulty", "Frequency",
    "Training", "Practice", "Support", "Why", "Decided otherwise by", "Reason", "Facts changed since",
)  # fmt: skip


def lines(rows: list[Planned]) -> Iterator[list[str]]:
    """A line for each skill at a step; one for the step where none is."""
    yield list(HEAD)
    for row in rows:
        facts = ["" if fact is None else str(fact) for fact in row.facts]
        other = row.other
        said = [other.by, other.reason, "yes" if other.is_outdated else "no"] if other else ["", "", ""]
        for name, level in [(name, str(level)) for _, name, level in row.skills] or [("", "")]:
            place = [row.workflow_name, str(row.position), row.name, row.role or ""]
            yield [*place, name, level, *facts, *row.ways, row.why, *said]


@asking
def plan_overrule(request: SignedIn, pk: UUID) -> HttpResponse:
    """Decide otherwise than the rule, with a reason."""
    step = step_for(request.user, pk)
    may_name(request.user, step)
    row = next(iter(plan.plan(step=step.pk)), None)
    told = {**row.ways._asdict(), "reason": row.other.reason if row.other else ""} if row else {}
    form = PlanOverruleForm(data=request.POST or None, initial=told)
    if request.method == "POST":
        kept, form = dialogs.attempt(form, lambda facts: actions.overrule_plan(step, by=request.user, **facts))
        if kept:
            undo = reverse("plan_take_back", args=[kept.pk])
            return dialogs.done(request, f"“{step}” is decided by you now.", to="plan_show", undo=undo)
    return dialogs.ask(
        request, "performance_support/plan_overrule.html", {"form": form, "step": step, "row": row, "back": "plan_show"}
    )


@require_POST
def plan_take_back(request: SignedIn, pk: UUID) -> HttpResponse:
    overrule: PlanOverrule = plan_overrule_for(request.user, pk)
    actions.take_back_plan(overrule, by=request.user)
    return dialogs.done(request, f"The decision table speaks for “{overrule.step}” again.", to="plan_show")


# --- the decision table -----------------------------------------------------------------------


@require_safe
def plan_rule_list(request: SignedIn) -> HttpResponse:
    """The decision table as it stands, how often each rule was overruled, and who changed what."""
    context = {
        "rules": PlanRule.objects.in_order().with_overrules(),
        "removed": PlanRule.objects.retired(),
        "entries": [entry(change) for change in Change.objects.of_noun("planrule")[:40]],
    }
    return page(request, "performance_support/plan_rule_list.html", context, regions=["rules"])


FORM = "performance_support/plan_rule_form.html"


@asking
def plan_rule_add(request: SignedIn) -> HttpResponse:
    may_rule(request.user)
    form = PlanRuleForm(data=request.POST or None)
    if request.method == "POST":
        added, form = dialogs.attempt(form, lambda facts: actions.add_plan_rule(by=request.user, **facts))
        if added:
            undo = reverse("plan_rule_remove", args=[added.pk])
            return dialogs.done(request, f"{added} is in the table.", to="plan_rule_list", undo=undo)
    return dialogs.ask(request, FORM, {"form": form})


@asking
def plan_rule_change(request: SignedIn, pk: UUID) -> HttpResponse:
    """Edit one row; two editors see each other."""
    rule = plan_rule_for(request.user, pk)
    if "keep" in request.POST:
        return dialogs.done(request, f"{rule} stays as it is.", to="plan_rule_list")
    form = PlanRuleForm(rule, data=request.POST or None)
    if request.method == "POST":
        seen = form.version_seen if form.is_valid() else None

        def change(facts: Any) -> PlanRule:
            return actions.change_plan_rule(rule, seen=seen, by=request.user, **facts)

        kept, form = dialogs.attempt(form, change)
        if kept:
            undo = reverse("plan_rule_undo", args=[kept.pk])
            return dialogs.done(request, f"{kept} is changed.", to="plan_rule_list", undo=undo)
    return dialogs.ask(request, FORM, {"form": form, "rule": rule})


@require_POST
def plan_rule_undo(request: SignedIn, pk: UUID) -> HttpResponse:
    rule = plan_rule_for(request.user, pk)
    try:
        rule = actions.undo_plan_rule(rule, by=request.user)
    except RuleBroken as no:
        return dialogs.refused(request, no.message, to="plan_rule_list")
    return dialogs.done(request, f"{rule} says again what it said before.", to="plan_rule_list")


@require_POST
def plan_rule_remove(request: SignedIn, pk: UUID) -> HttpResponse:
    rule = actions.remove_plan_rule(plan_rule_for(request.user, pk), by=request.user)
    undo = reverse("plan_rule_undo", args=[rule.pk])
    return dialogs.done(request, f"{rule} is out of the table.", to="plan_rule_list", undo=undo)


@require_POST
def plan_rule_ship(request: SignedIn) -> HttpResponse:
    """The whole table as it was shipped."""
    may_rule(request.user)
    try:
        actions.put_table_back(by=request.user)
    except RuleBroken as no:
        return dialogs.refused(request, no.message, to="plan_rule_list")
    words = "The table is as it was shipped. What stood there otherwise is under “Taken out”."
    return dialogs.done(request, words, to="plan_rule_list")
