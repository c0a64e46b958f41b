"""The composer: a statement put together from its parts, at a step, for an outcome."""

from uuid import UUID

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import HttpResponse
from django.shortcuts import redirect
from django.urls import reverse

from base.errors import Outdated, RuleBroken
from base.ids import uuid_in
from base.pages import asking, page
from skills import actions
from skills.access import Ability, may_design, skill_for
from skills.actions import Draft
from skills.forms import ComposeForm, chosen, taken_over
from skills.models import Skill
from skills.queries.composing import context_to_word
from skills.views.composer import Composer
from workforce.requests import SignedIn

TEMPLATE = "skills/skill_compose.html"
REGIONS = ["sentence", "alike"]


@asking
def skill_compose(request: SignedIn, pk: UUID | None = None) -> HttpResponse:
    """Word a skill and place it; every change of a field asks again what the rules say."""
    may_design(request.user)
    skill = skill_for(request.user, pk, Ability.EDIT) if pk else None
    form = form_for(request, skill)
    composer = Composer(form, skill, account=request.user)
    if request.method == "POST":
        return acted_on(request, composer)
    return page(request, TEMPLATE, composer.facts(), regions=REGIONS)


def form_for(request: SignedIn, skill: Skill | None) -> ComposeForm:
    """What was typed; on the first visit what is stored, with the step and outcome that the address names."""
    if request.method == "POST":
        return ComposeForm(request.POST)
    if "does" in request.GET:
        return ComposeForm(request.GET)
    where = chosen(request.GET.dict())
    stored = taken_over(skill, context_to_word(skill, where) if skill else None)
    return ComposeForm({name: value for name, value in {**stored, **where}.items() if value is not None})


def acted_on(request: SignedIn, composer: Composer) -> HttpResponse:
    verb, _, other = request.POST.get("do", "save").partition(":")
    if verb == "look" or not composer.form.must_say_something():
        return page(request, TEMPLATE, composer.facts(), status=200 if verb == "look" else 422)
    try:
        return ACTS[verb](request, composer, other)
    except Outdated as outdated:
        return page(request, TEMPLATE, composer.facts(outdated=outdated), status=409)
    except RuleBroken as broken:
        return page(request, TEMPLATE, composer.facts(refusal=broken), status=409)
    except ValidationError as wrong:
        refusal = RuleBroken(" ".join(wrong.messages), code="invalid")
        return page(request, TEMPLATE, composer.facts(refusal=refusal), status=422)


def save(request: SignedIn, composer: Composer, _: str) -> HttpResponse:
    skill = actions.compose(composer.draft, **composer.seen, by=request.user)
    messages.success(request, "Saved." if skill.is_published else "Draft saved.")
    return redirect(address_of(skill, composer.draft))


def publish(request: SignedIn, composer: Composer, _: str) -> HttpResponse:
    skill = actions.compose_and_publish(composer.draft, **composer.seen, by=request.user)
    messages.success(request, "Published: everybody who works here can see it now.")
    return redirect(skill)


def use(request: SignedIn, composer: Composer, other: str) -> HttpResponse:
    existing = skill_for(request.user, as_id(other), Ability.EDIT)
    actions.use_instead(existing, composer.draft, by=request.user)
    messages.success(request, f"“{existing}” now has this context too.")
    return redirect(existing)


def merge(request: SignedIn, composer: Composer, other: str) -> HttpResponse:
    twin = skill_for(request.user, as_id(other), Ability.EDIT)
    skill = actions.compose(composer.draft, **composer.seen, by=request.user)
    actions.merge(twin, into=skill, by=request.user)
    messages.success(request, f"Merged. “{twin}” stays findable as a former name.")
    return redirect(address_of(skill, composer.draft))


def differ(request: SignedIn, composer: Composer, _: str) -> HttpResponse:
    reason = composer.form.fact("differ")
    if not reason:
        composer.form.add_error("differ", "Say why, so that nobody has to compare them again.")
        return page(request, TEMPLATE, composer.facts(), status=422)
    others = [skill_for(request.user, as_id(pk)) for pk in request.POST.getlist("other")]
    skill = actions.compose(composer.draft, **composer.seen, by=request.user)
    for other in others:
        actions.tell_apart(skill, other, reason=reason, by=request.user)
    messages.success(request, "Both are kept, and the reason with them.")
    return redirect(address_of(skill, composer.draft))


ACTS = {"save": save, "publish": publish, "use": use, "merge": merge, "differ": differ}


def as_id(text: str) -> UUID:
    if pk := uuid_in(text):
        return pk
    raise RuleBroken("That statement is not there any more. Look again.", code="gone")


def address_of(skill: Skill, draft: Draft) -> str:
    """The composer again, with the step that a draft without an outcome cannot keep."""
    here = reverse("skill_compose", args=[skill.pk])
    where = {"step": draft.step, "outcome": draft.outcome}
    query = "&".join(f"{noun}={thing.pk}" for noun, thing in where.items() if thing)
    return f"{here}?{query}" if query else here
