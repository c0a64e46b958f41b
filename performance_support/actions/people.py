"""Whom one can ask: champions, communities, and tips by colleagues."""

from collections.abc import Collection

from django.db import transaction
from django.utils import timezone

from base import changes, edits
from base.errors import RuleBroken
from base.outbox import send_later
from performance_support.actions.placing import place_resource
from performance_support.actions.writing import add_resource
from performance_support.models import Champion, Community, Moment, Resource, Tip, TipVote
from performance_support.queries import vocabulary
from performance_support.wording import addresses_in, must_name_nobody
from skills.models import Skill
from workflows.actions.editing import must_be_in_use
from workflows.models import Step
from workforce.models import Account

MOST_TITLE = 80


@transaction.atomic
def ask_champion(at: Step | Skill, *, account: Account, by: Account) -> Champion:
    """Ask somebody whether colleagues may turn to them. Who declined before, or stepped down, is asked again."""
    if not account.is_active or account.kind != Account.Kind.PERSON:
        raise RuleBroken(f"{account} cannot answer. Choose somebody who works here.", code="champion_not_here")
    if isinstance(at, Step):
        must_be_in_use(at, before="you ask somebody about it")
    place = {str(at._meta.model_name): at}
    known = Champion.objects.filter(account=account, **place).first()
    if known is None or known.state != Champion.State.DECLINED:
        champion = edits.add(Champion(account=account, asked_by=by, **place), by=by, scope=at, verb="ask")
    else:
        champion = edits.locked(known)
        values = {"state": Champion.State.ASKED, "answered_at": None, "asked_by": by, "asked_at": timezone.now()}
        edits.save(champion, values, by=by, scope=at, verb="ask")
    if account != by:
        send_later("performance_support.tasks.tell_champion", champion=str(champion.pk))
    return champion


@transaction.atomic
def answer_champion(champion: Champion, *, accepts: bool, available_when: str = "", by: Account) -> Champion:
    """Yes, or no, also later: nobody else answers for them."""
    champion = edits.locked(champion)
    if champion.account_id != by.pk:
        raise RuleBroken("Only the one who is asked can answer. Ask them.", code="somebody_elses")
    state = Champion.State.ACCEPTED if accepts else Champion.State.DECLINED
    values = {"state": state, "answered_at": timezone.now(), "available_when": available_when.strip()}
    edits.save(champion, values, by=by, scope=champion.place, verb="accept" if accepts else "decline")
    return champion


@transaction.atomic
def add_community(
    *,
    name: str,
    meets: str = "",
    url: str = "",
    steps: Collection[Step] = (),
    skills: Collection[Skill] = (),
    by: Account,
) -> Community:
    """Say where people who do the same work meet. Whoever says so keeps it."""
    must_name_nobody([url])
    community = edits.add(Community(name=name, meets=meets, url=url, owner=by), by=by)
    community.steps.set(steps)
    community.skills.set(skills)
    return community


@transaction.atomic
def change_community(
    community: Community,
    *,
    name: str,
    meets: str,
    url: str,
    steps: Collection[Step],
    skills: Collection[Skill],
    seen: int | None = None,
    by: Account,
) -> Community:
    """Another place, another day, other steps."""
    must_name_nobody([url])
    community = edits.locked(community, seen=seen)
    edits.save(community, {"name": name, "meets": meets, "url": url}, by=by)
    before, after = served_by(community.steps.all(), community.skills.all()), served_by(steps, skills)
    if before != after:
        community.steps.set(steps)
        community.skills.set(skills)
        changes.record("change", community, by=by, facts={"serves": (before, after)})
    return community


def served_by(steps: Collection[Step], skills: Collection[Skill]) -> str:
    return ", ".join(sorted(map(str, [*steps, *skills])))


@transaction.atomic
def close_community(community: Community, *, by: Account) -> None:
    """They meet no longer."""
    edits.retire(edits.locked(community), by=by)


@transaction.atomic
def leave_tip(step: Step, *, text: str, by: Account) -> Tip:
    """What one has learnt at the step, for whoever comes next."""
    must_be_in_use(step, before="you leave a tip there")
    must_name_nobody(addresses_in(text), field="text")
    tip = edits.add(Tip(step=step, text=text.strip(), written_by=by), by=by, scope=step, verb="leave")
    vocabulary.learn(tip.pk)
    return tip


@transaction.atomic
def vote_tip(tip: Tip, *, by: Account) -> bool:
    """It helped; said again, it is taken back. Returns whether it counts now."""
    if tip.written_by_id == by.pk:
        raise RuleBroken("It is your own tip. Let others say whether it helps.", code="own_tip")
    _, is_new = TipVote.objects.get_or_create(tip=tip, voted_by=by)
    if not is_new:
        TipVote.objects.filter(tip=tip, voted_by=by).delete()
    return is_new


@transaction.atomic
def promote_tip(tip: Tip, *, by: Account) -> Resource:
    """Make it a draft at its step, in the words of whoever wrote it; verifying then offers it."""
    tip = edits.locked(tip)
    if tip.resource_id or tip.is_retired:
        raise RuleBroken("This tip is a resource already, or was taken away. Reload the page.", code="tip_is_gone")
    title = tip.text if len(tip.text) <= MOST_TITLE else f"{tip.text[: MOST_TITLE - 1]}…"
    resource = add_resource(kind=Resource.Kind.JOB_AID, title=title, text=tip.text, by=by)
    place_resource(resource, at=tip.step, moments=[Moment.APPLYING], by=by)
    edits.save(tip, {"resource": resource}, by=by, scope=tip.step, verb="promote")
    return resource


@transaction.atomic
def remove_tip(tip: Tip, *, by: Account) -> None:
    """It helps nobody, or no longer."""
    edits.retire(edits.locked(tip), by=by, scope=tip.step)
