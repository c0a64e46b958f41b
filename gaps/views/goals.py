"""Where somebody wants to go: proposed by either, agreed by both."""

from uuid import UUID

from django.http import HttpResponse
from django.views.decorators.http import require_POST

from base import dialogs
from base.errors import RuleBroken
from base.pages import asking
from gaps import access, actions
from gaps.models import Goal
from gaps.queries import roles
from gaps.record_forms import GoalForm, WhyForm
from gaps.views.going import record_page
from workforce.models import JobRole
from workforce.requests import SignedIn


@asking
def goal_propose(request: SignedIn, pk: UUID) -> HttpResponse:
    """Propose a target role, for oneself or as the manager."""
    person = access.person_to_aim_for(request.user, pk)
    own = person.job_title.job_role_id if person.job_title else None
    near = {each.job_role for each in roles.roles_in_reach(person)}
    form = GoalForm(
        [role for role in JobRole.objects.active() if role.pk != own],
        near=near,
        data=request.POST if request.method == "POST" else None,
    )
    back = record_page(request.user, person)
    if request.method == "POST":
        goal, form = dialogs.attempt(form, lambda facts: actions.propose_goal(person, by=request.user, **facts))
        if goal:
            other = "your manager" if request.user.person_id == person.pk else str(person)
            return dialogs.done(request, f"Proposed: {goal}. It waits for {other}.", to=back)
    is_own = request.user.person_id == person.pk
    return dialogs.ask(
        request, "gaps/goal_propose.html", {"form": form, "person": person, "is_own": is_own, "back": back}
    )


@require_POST
def goal_agree(request: SignedIn, pk: UUID) -> HttpResponse:
    """The second signature."""
    goal = access.goal_for(request.user, pk)
    back = record_page(request.user, goal.person)
    try:
        actions.agree_goal(goal, by=request.user)
    except RuleBroken as broken:
        return dialogs.refused(request, broken.message, to=back)
    return dialogs.done(request, f"{goal} is agreed. What only that role asks for is a matter of reskilling.", to=back)


@asking
def goal_decline(request: SignedIn, pk: UUID) -> HttpResponse:
    """Say no to what the other side proposed, and why."""
    goal = access.goal_for(request.user, pk)
    form = WhyForm("The other side reads it.", noun=goal, data=request.POST if request.method == "POST" else None)
    return end(request, goal, form, title="Why not this role?", verb="Decline")


@asking
def goal_drop(request: SignedIn, pk: UUID) -> HttpResponse:
    """Give a goal up; either may."""
    goal = access.goal_for(request.user, pk)
    data = request.POST if request.method == "POST" else None
    form = WhyForm("Nobody has to give a reason; the other side reads it.", required=False, noun=goal, data=data)
    return end(request, goal, form, title="Give this goal up?", verb="Drop")


def end(request: SignedIn, goal: Goal, form: WhyForm, *, title: str, verb: str) -> HttpResponse:
    back = record_page(request.user, goal.person)
    act = actions.decline_goal if verb == "Decline" else actions.drop_goal
    if request.method == "POST":
        ended, form = dialogs.attempt(form, lambda facts: act(goal, seen=form.version_seen, by=request.user, **facts))
        if ended:
            return dialogs.done(request, f"{ended}: {ended.get_state_display().lower()}.", to=back)
    context = {"form": form, "what": goal, "title": title, "verb": verb, "stop": "yes", "back": back}
    return dialogs.ask(request, "gaps/why.html", context)
