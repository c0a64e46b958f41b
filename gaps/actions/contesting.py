"""What becomes of evidence: withdrawn, contested, answered. New records; the evidence itself is never touched."""

from uuid import UUID

from django.db import transaction

from base import changes
from base.errors import RuleBroken
from base.outbox import send_later
from gaps.models import Contest, ContestAnswer, Evidence, Withdrawal
from gaps.queries import standing
from workforce.models import Account

Verdict = ContestAnswer.Verdict


@transaction.atomic
def withdraw_evidence(evidence: Evidence, *, reason: str, by: Account) -> Withdrawal:
    """Say that it no longer counts, and why. It stays to be seen."""
    evidence = alone_with(evidence)
    must_be_said(reason, "Say why it is withdrawn. The person will see this reason.")
    if Withdrawal.objects.filter(evidence=evidence).exists():
        raise RuleBroken("It is withdrawn already. There is nothing left to do.", code="withdrawn")
    withdrawal = Withdrawal.objects.create(evidence=evidence, reason=reason.strip(), withdrawn_by=by)
    changes.record("withdraw", evidence, by=by, scope=evidence.person, facts={"reason": (None, reason)})
    recompute(evidence)
    return withdrawal


@transaction.atomic
def take_back_entry(batch: UUID, *, by: Account) -> int:
    """Withdraw all that somebody entered at once, right after it was entered. Returns how many."""
    entered = list(Evidence.objects.entered_in(batch, by).standing())
    if not entered:
        raise RuleBroken("It is taken back already. There is nothing left to do.", code="taken_back")
    for evidence in entered:
        withdraw_evidence(evidence, reason="Taken back by whoever entered it.", by=by)
    return len(entered)


@transaction.atomic
def contest(evidence: Evidence, *, reason: str, by: Account) -> Contest:
    """Say that it is not so. It is shown as contested at once, and counts until somebody has answered."""
    evidence = alone_with(evidence)
    must_be_said(reason, "Say what is wrong with it. Whoever answers needs to know.")
    if Withdrawal.objects.filter(evidence=evidence).exists():
        raise RuleBroken("It is withdrawn, so it no longer counts. There is nothing left to contest.", code="withdrawn")
    if evidence.contests.unanswered().exists():
        raise RuleBroken("It is contested already. Wait for the answer.", code="contested")
    raised = Contest.objects.create(evidence=evidence, reason=reason.strip(), contested_by=by)
    changes.record("contest", evidence, by=by, scope=evidence.person, facts={"reason": (None, reason)})
    recompute(evidence)
    tell(raised, "contest", by=by)
    return raised


@transaction.atomic
def answer_contest(contest: Contest, *, verdict: str, reason: str, by: Account) -> ContestAnswer:
    """Let the evidence stand or withdraw it, with a reason that the person sees.

    Nobody lets a statement of their own stand: they withdraw it, or somebody else decides.
    """
    evidence = alone_with(contest.evidence)
    must_be_said(reason, "Say why. The person will see this reason.")
    if not Contest.objects.unanswered().filter(pk=contest.pk).exists():
        raise RuleBroken("It is answered already. Reload the page to see how.", code="answered")
    if verdict == Verdict.STANDS and said_by(evidence, by):
        raise RuleBroken(
            "You said it yourself, so somebody else decides whether it stands. Withdraw it, or ask a people admin.",
            code="own_statement",
        )
    answer = ContestAnswer.objects.create(contest=contest, verdict=verdict, reason=reason.strip(), answered_by=by)
    facts = {"verdict": (None, verdict), "reason": (None, reason)}
    changes.record("answer", contest, by=by, scope=evidence.person, facts=facts)
    tell(contest, "answer", by=by)
    if verdict == Verdict.WITHDRAWN:
        withdraw_evidence(evidence, reason=reason, by=by)
    else:
        recompute(evidence)
    return answer


def alone_with(evidence: Evidence) -> Evidence:
    """Locked until commit, so that nobody withdraws it twice."""
    return Evidence.objects.select_for_update(of=("self",), no_key=True).select_related("skill").get(pk=evidence.pk)


def tell(contest: Contest, deed: str, *, by: Account) -> None:
    """The other side hears of it by mail."""
    send_later("gaps.tasks.tell_about_contest", contest=str(contest.pk), deed=deed, by=str(by.pk))


def said_by(evidence: Evidence, account: Account) -> bool:
    is_observer = evidence.observer_id is not None and evidence.observer_id == account.person_id
    return is_observer or evidence.recorded_by_id == account.pk


def must_be_said(reason: str, sentence: str) -> None:
    if not reason.strip():
        raise RuleBroken(sentence, code="reason_missing")


def recompute(evidence: Evidence) -> None:
    standing.recompute(standing.pairs([(evidence.person_id, evidence.skill_id)]))
