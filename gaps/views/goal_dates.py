"""Another day for a goal: proposed by either; the old day stands until the other side agrees."""

from collections.abc import Callable
from uuid import UUID

from django.http import HttpResponse
from django.urls import reverse
from django.views.decorators.http import require_POST

from base import dialogs
from base.errors import RuleBroken
from base.pages import asking
from gaps import access, actions
from gaps.models import GoalDate
from gaps.record_forms import GoalDateForm, WhyForm
from gaps.views.going import record_page
from workforce.requests import SignedIn


@asking
def goal_redate(request: SignedIn, pk: UUID) -> HttpResponse:
    """Propose another day, for oneself or as the manager."""
    goal = access.goal_for(request.user, pk)
    back = record_page(request.user, goal.person)
    is_own = request.user.person_id == goal.person_id
    form = GoalDateForm(goal, data=request.POST if request.method == "POST" else None)
    if request.method == "POST":
        asked, form = dialogs.attempt(
            form, lambda facts: actions.propose_date(goal, seen=form.version_seen, by=request.user, **facts)
        )
        if asked:
            other = "your manager" if is_own else str(goal.person)
            date = asked.dates.waiting().first()
            undo = reverse("date_withdraw", args=[date.pk]) if date else ""
            return dialogs.done(request, f"{asked}: another day is proposed. It waits for {other}.", to=back, undo=undo)
    context = {"form": form, "goal": goal, "is_own": is_own, "back": back}
    return dialogs.ask(request, "gaps/goal_redate.html", context)


@require_POST
def date_agree(request: SignedIn, pk: UUID) -> HttpResponse:
    """From now on this day holds."""
    return acted(request, pk, actions.agree_date, "{date} from now on.")


@require_POST
def date_withdraw(request: SignedIn, pk: UUID) -> HttpResponse:
    """Take back what one's own side proposed."""
    return acted(request, pk, actions.withdraw_date, "{date} is withdrawn. The old day stands.")


@require_POST
def date_reopen(request: SignedIn, pk: UUID) -> HttpResponse:
    """Undo one's own answer shortly after."""
    return acted(request, pk, actions.reopen_date, "{date} waits for an answer again. The old day stands.", undo=False)


@asking
def date_decline(request: SignedIn, pk: UUID) -> HttpResponse:
    """The old day stays, and why."""
    date = access.goal_date_for(request.user, pk)
    back = record_page(request.user, date.goal.person)
    form = WhyForm("The other side reads it.", noun=date, data=request.POST if request.method == "POST" else None)
    if request.method == "POST":
        said, form = dialogs.attempt(
            form, lambda facts: actions.decline_date(date, seen=form.version_seen, by=request.user, **facts)
        )
        if said:
            words = f"{said} is declined. The old day stands."
            return dialogs.done(request, words, to=back, undo=reverse("date_reopen", args=[said.pk]))
    context = {"form": form, "what": date, "title": "Why not this day?", "verb": "Decline", "stop": "yes", "back": back}
    return dialogs.ask(request, "gaps/why.html", context)


def acted(request: SignedIn, pk: UUID, act: Callable[..., GoalDate], words: str, *, undo: bool = True) -> HttpResponse:
    date = access.goal_date_for(request.user, pk)
    back = record_page(request.user, date.goal.person)
    try:
        act(date, by=request.user)
    except RuleBroken as broken:
        return dialogs.refused(request, broken.message, to=back)
    address = reverse("date_reopen", args=[date.pk]) if undo else ""
    return dialogs.done(request, words.format(date=date), to=back, undo=address)
