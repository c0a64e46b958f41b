"""What is said about somebody's skills: recorded, confirmed, contested, answered, withdrawn."""

from uuid import UUID

from django.http import HttpResponse
from django.urls import reverse
from django.views.decorators.http import require_POST

from base import dialogs
from base.pages import as_id, asking
from gaps import access, actions
from gaps.actions.recording import SENTENCES
from gaps.models import Type
from gaps.queries.sayable import sayable
from gaps.queries.standing import standing_of
from gaps.record_forms import AnswerForm, EvidenceForm, WhyForm
from gaps.views.going import record_page
from workforce.requests import SignedIn


@asking
def evidence_record(request: SignedIn, pk: UUID) -> HttpResponse:
    """Say what somebody can do; oneself one's own view, others what they may."""
    person = access.person_to_speak_about_for(request.user, pk)
    chosen = as_id(request.GET.get("skill", ""))
    form = EvidenceForm(
        person,
        access.types_said_by(request.user, person),
        sayable(person, chosen=chosen),
        data=request.POST if request.method == "POST" else None,
        skill=str(chosen or ""),
    )
    back = record_page(request.user, person)
    if request.method == "POST":
        said, form = dialogs.attempt(form, lambda facts: actions.record_evidence(person, by=request.user, **facts))
        if said:
            return dialogs.done(request, f"Recorded: {said}.", to=back)
    is_own = request.user.person_id == person.pk
    context = {"form": form, "person": person, "is_own": is_own, "back": back}
    return dialogs.ask(request, "gaps/evidence_record.html", context)


@require_POST
def evidence_still(request: SignedIn, pk: UUID, skill: UUID) -> HttpResponse:
    """A manager confirms with one click that somebody still works at that level."""
    person = access.person_to_judge_for(request.user, pk, Type.MANAGER)
    back = record_page(request.user, person)
    standing = standing_of(person, access.skill_of_record_for(request.user, skill))
    if standing is None:
        return dialogs.refused(request, "Nothing says a level that could be confirmed. Record evidence first.", to=back)
    [verdict] = actions.still_doing_it([standing], by=request.user)
    if verdict.is_refused:
        return dialogs.refused(request, SENTENCES[verdict.code], to=back)
    return dialogs.done(request, f"{person} still does it. That counts as your view of today.", to=back)


@asking
def evidence_contest(request: SignedIn, pk: UUID) -> HttpResponse:
    """Say that it is not so."""
    evidence = access.evidence_to_contest_for(request.user, pk)
    hint = "Whoever answers reads this. It counts as before until then, and is shown as contested at once."
    form = WhyForm(hint, data=request.POST if request.method == "POST" else None)
    if request.method == "POST":
        raised, form = dialogs.attempt(form, lambda facts: actions.contest(evidence, by=request.user, **facts))
        if raised:
            return dialogs.done(request, "Contested. Your manager or a people admin answers.", to=reverse("my_page"))
    context = {"form": form, "what": evidence, "title": "What is wrong with it?", "verb": "Contest"}
    return dialogs.ask(request, "gaps/why.html", {**context, "back": reverse("my_page")})


@asking
def evidence_withdraw(request: SignedIn, pk: UUID) -> HttpResponse:
    """Say that it no longer counts."""
    evidence = access.evidence_to_withdraw_for(request.user, pk)
    form = WhyForm(
        "It stays to be seen, with this reason, and no longer counts.",
        data=request.POST if request.method == "POST" else None,
    )
    back = record_page(request.user, evidence.person)
    if request.method == "POST":
        gone, form = dialogs.attempt(form, lambda facts: actions.withdraw_evidence(evidence, by=request.user, **facts))
        if gone:
            return dialogs.done(request, "Withdrawn. It stays to be seen.", to=back)
    context = {"form": form, "what": evidence, "title": "Why does it no longer count?", "verb": "Withdraw"}
    return dialogs.ask(request, "gaps/why.html", {**context, "stop": "yes", "back": back})


@asking
def contest_answer(request: SignedIn, pk: UUID) -> HttpResponse:
    """Let contested evidence stand, or withdraw it."""
    contest = access.contest_for(request.user, pk)
    form = AnswerForm(data=request.POST if request.method == "POST" else None)
    back = record_page(request.user, contest.evidence.person)
    if request.method == "POST":
        answer, form = dialogs.attempt(form, lambda facts: actions.answer_contest(contest, by=request.user, **facts))
        if answer:
            return dialogs.done(request, f"Answered: {str(answer).lower()}.", to=back)
    return dialogs.ask(request, "gaps/contest_answer.html", {"form": form, "contest": contest, "back": back})
