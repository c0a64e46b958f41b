"""The record store: connect it, change it, switch it off and on, try it out, forget it; and what is sent again."""

from collections.abc import Sequence
from uuid import UUID

from django.db import transaction
from django.utils import timezone

from base import changes, edits, jobs, outward
from base.errors import RuleBroken
from base.outbox import send_later
from performance_support.actions.conveying import WELL
from performance_support.models import Lrs, Statement
from performance_support.models.lrs import TEST
from performance_support.xapi.sealing import seal
from performance_support.xapi.statements import trial
from workforce.actions.webhooks import policy
from workforce.models import Account

TEST_TASK = "performance_support.routines.try_out_lrs"


@transaction.atomic
def connect_lrs(url: str, *, key: str, secret: str, kinds: Sequence[str], with_names: bool = False, by: Account) -> Lrs:
    """Say where statements go. Nothing is sent before it is switched on."""
    outward.target_of(url, policy())
    if Lrs.objects.exists():
        raise RuleBroken("A record store is connected already. Change that one.", code="connected")
    must_hold(secret)
    lrs = Lrs(url=url, key=key, sealed=seal(secret), kinds=sorted(kinds), with_names=with_names)
    return edits.add(lrs, by=by)


@transaction.atomic
def change_lrs(
    lrs: Lrs,
    *,
    url: str,
    key: str,
    kinds: Sequence[str],
    with_names: bool,
    secret: str = "",
    seen: int | None = None,
    by: Account,
) -> Lrs:
    """Send elsewhere, or of something else; an empty `secret` leaves the one there is. What waits is tried at once."""
    outward.target_of(url, policy())
    lrs = edits.locked(lrs, seen=seen)
    if url != lrs.url:
        # A secret is for one address: whoever may change where it goes must know it.
        must_hold(secret)
    edits.save(lrs, {"url": url, "key": key, "kinds": sorted(kinds), "with_names": with_names}, by=by)
    if secret:
        # Not through `save`: the trail keeps what it is told, and a secret is none of its business.
        Lrs.objects.filter(pk=lrs.pk).update(sealed=seal(secret))
        changes.record("rotate", lrs, by=by)
    jobs.change(lrs, **WELL)
    return lrs


def must_hold(secret: str) -> None:
    if not secret.strip():
        raise RuleBroken("Enter the secret: it belongs to this address alone.", code="secret_missing")


@transaction.atomic
def switch_lrs(lrs: Lrs, *, on: bool, by: Account) -> Lrs:
    """On: what people do from now on is told. Off: nothing is written down for it, and nothing is sent."""
    lrs = edits.locked(lrs)
    if on and not lrs.is_on:
        jobs.change(lrs, **WELL)
        jobs.want(lrs)
        changes.record("switch_on", lrs, by=by)
    elif lrs.is_on and not on:
        jobs.call_off(lrs)
        changes.record("switch_off", lrs, by=by)
    return lrs


@transaction.atomic
def forget_lrs(lrs: Lrs, *, by: Account) -> None:
    """Its address, its secret and all that waits for it are gone."""
    lrs = edits.locked(lrs)
    changes.record("forget", lrs, by=by)
    lrs.delete()


@transaction.atomic
def test_lrs(lrs: Lrs, *, by: Account) -> Statement:
    """Send a statement about nobody, to see how it is received."""
    now = timezone.now()
    body = trial(now)
    test = Statement.objects.create(id=UUID(body["id"]), lrs=lrs, kind=TEST, body=body, made_at=now)
    changes.record("test", lrs, by=by)
    send_later(TEST_TASK, statement=str(test.pk))
    return test


@transaction.atomic
def send_again(lrs: Lrs, *, only: UUID | None = None, by: Account) -> int:
    """What was refused or given up waits anew, with the same ids. Returns how many."""
    lrs = edits.locked(lrs)
    if not lrs.is_on:
        raise RuleBroken("The record store is switched off. Switch it on first.", code="lrs_off")
    again = lrs.statements.unsent()
    again = again.filter(pk=only) if only else again
    count = again.update(state=Statement.State.WAITING, settled_at=None, status=None, reason="", made_at=timezone.now())
    if count:
        jobs.change(lrs, next_at=None)
        changes.record("replay", lrs, by=by, facts={"statements": (None, count)})
    return count
