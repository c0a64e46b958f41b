"""What a manager says about a gap: another label, or its cause."""

from uuid import UUID

from django.http import Http404, HttpResponse
from django.urls import reverse
from django.views.decorators.http import require_POST

from base import dialogs
from base.errors import RuleBroken
from base.pages import asking
from gaps import actions
from gaps.access import cause_for, overrule_for, person_to_lead_for
from gaps.arithmetic import Label
from gaps.forms import CauseForm, OverruleForm
from gaps.models import Cause
from gaps.queries.gaps import Gap, gap_of
from skills.access import skill_for
from workforce.requests import SignedIn


def gap_behind(person: UUID, skill: UUID) -> Gap:
    gap = gap_of(person, skill)
    if gap is None:
        raise Http404
    return gap


@asking
def gap_overrule(request: SignedIn, person: UUID, skill: UUID) -> HttpResponse:
    """Give a gap another label, with the reason."""
    somebody, what = person_to_lead_for(request.user, person), skill_for(request.user, skill)
    gap = gap_behind(person, skill)
    form = OverruleForm(data=request.POST if request.method == "POST" else None)
    if request.method == "POST":
        said, form = dialogs.attempt(
            form,
            lambda facts: actions.overrule_gap(
                somebody, what, label=Label(facts["label"]), reason=facts["reason"], by=request.user
            ),
        )
        if said:
            undo = reverse("overrule_remove", args=[said.pk])
            words = f"“{what}” is {Label(said.label).words.lower()} for {somebody}, by your word."
            return dialogs.done(request, words, to=reverse("gap_list"), undo=undo)
    return dialogs.ask(request, "gaps/gap_overrule.html", {"form": form, "gap": gap, "person": somebody})


@require_POST
def overrule_remove(request: SignedIn, pk: UUID) -> HttpResponse:
    """Let the rule speak again."""
    overrule = overrule_for(request.user, pk)
    try:
        actions.take_back(overrule, by=request.user)
    except RuleBroken as broken:
        return dialogs.refused(request, broken.message, to=reverse("gap_list"))
    return dialogs.done(request, "The rule's label counts again.", to=reverse("gap_list"))


@asking
def cause_name(request: SignedIn, person: UUID, skill: UUID) -> HttpResponse:
    """Before a plan: is knowledge or practice the cause at all?"""
    somebody, what = person_to_lead_for(request.user, person), skill_for(request.user, skill)
    gap = gap_behind(person, skill)
    form = CauseForm(data=request.POST if request.method == "POST" else None, initial={"kind": gap.cause})
    if request.method == "POST":
        said, form = dialogs.attempt(form, lambda facts: actions.name_cause(somebody, what, by=request.user, **facts))
        if said:
            undo = reverse("cause_remove", args=[said.pk])
            return dialogs.done(request, words_for(said), to=reverse("gap_list"), undo=undo)
    groups = {
        "The work around them": Cause.Kind.of_the_environment(),
        "The person": [kind for kind in Cause.Kind if kind not in Cause.Kind.of_the_environment()],
    }
    context = {"form": form, "gap": gap, "person": somebody, "groups": groups, "training": Cause.Kind.for_training()}
    return dialogs.ask(request, "gaps/cause_name.html", context)


def words_for(cause: Cause) -> str:
    if cause.asks_for_training:
        return "Learning closes this gap. Plan who shows it, where, until when."
    return "No training is built for this gap: it is counted as training not built."


@require_POST
def cause_remove(request: SignedIn, pk: UUID) -> HttpResponse:
    cause = cause_for(request.user, pk)
    try:
        actions.take_back(cause, by=request.user)
    except RuleBroken as broken:
        return dialogs.refused(request, broken.message, to=reverse("gap_list"))
    return dialogs.done(request, "No cause is named any more.", to=reverse("gap_list"))
