"""Accounts: what their owners choose, and what administrators decide about them, each time with a reason."""

from collections.abc import Collection
from typing import Any

from allauth.mfa.models import Authenticator
from django.db import transaction
from django.utils import timezone

from base import changes, edits
from base.errors import RuleBroken
from base.outbox import send_later
from workforce.models import Account, Role
from workforce.queries.accounts import administrators, links_of
from workforce.signals import accounts_ended


@transaction.atomic
def choose_digest(account: Account, *, wants: bool, by: Account) -> Account:
    """Take or leave the weekly mail about what waits."""
    account = edits.locked(account)
    edits.save(account, {"wants_digest": wants}, by=by)
    return account


@transaction.atomic
def change_roles(
    account: Account, *, roles: Collection[str], reason: str, seen: int | None = None, by: Account
) -> Account:
    """Give somebody roles and take others; the last administrator stays one."""
    given = sorted(set(roles))
    if Role.ADMINISTRATOR not in given:
        must_leave_an_administrator(account)
    account = edits.locked(account, seen=seen)
    return decide(account, {"roles": given}, verb="change_roles", reason=reason, by=by)


@transaction.atomic
def close_account(account: Account, *, reason: str, by: Account) -> Account:
    """Nobody signs in with it from the next request on, whatever the HR system says of the person."""
    if account.pk == by.pk:
        raise RuleBroken("You would lock yourself out. Ask another administrator to close your account.", code="own")
    must_leave_an_administrator(account)
    account = edits.locked(account)
    if account.closed_at is not None:
        return account
    closed = {"is_active": False, "closed_at": timezone.now(), "closed_by": by}
    account = decide(account, closed, verb="close", reason=reason, by=by)
    accounts_ended.send(sender=Account, accounts=[account.pk])
    return account


@transaction.atomic
def reopen_account(account: Account, *, reason: str, by: Account) -> Account:
    """Take a closed account back into use; whoever has left stays outside all the same."""
    account = edits.locked(account)
    is_here = account.person is None or account.person.status != "inactive"
    opened = {"is_active": is_here, "closed_at": None, "closed_by": None}
    return decide(account, opened, verb="reopen", reason=reason, by=by) if account.closed_at else account


@transaction.atomic
def reset_factor(account: Account, *, reason: str, by: Account) -> Account:
    """Take away a second factor that somebody has lost, and tell them: it may not have been them who asked."""
    if account.pk == by.pk:
        raise RuleBroken("Turn your own second factor off on its page, with a code of it.", code="own")
    account = edits.locked(account)
    count, _ = Authenticator.objects.filter(user=account).delete()
    if not count:
        raise RuleBroken(f"{account} has no second factor. Nothing is to be reset.", code="no_factor")
    # Whoever found the phone may be in already.
    account.sessions_from = timezone.now()
    account.save(update_fields=["sessions_from"])
    changes.record("reset_factor", account, by=by, facts={"reason": (None, reason)})
    send_later("workforce.tasks.send_factor_letter", account_id=str(account.pk), by_name=by.name)
    return account


@transaction.atomic
def forget_sign_on(account: Account, *, reason: str, by: Account) -> Account:
    """Let the next sign-on go by the verified address again: the provider made its user anew."""
    account = edits.locked(account)
    count, _ = links_of(account).delete()
    if not count:
        raise RuleBroken(f"{account} has never signed on through the provider.", code="no_sign_on")
    changes.record("forget_sign_on", account, by=by, facts={"reason": (None, reason)})
    return account


def decide(account: Account, values: dict[str, Any], *, verb: str, reason: str, by: Account) -> Account:
    facts = changes.assign(account, values)
    if facts:
        account.version += 1
        account.save(update_fields=[*facts, "version"])
        told = {name: fact for name, fact in facts.items() if name == "roles"}
        changes.record(verb, account, by=by, facts={**told, "reason": (None, reason)})
    return account


def must_leave_an_administrator(account: Account) -> None:
    """All administrators are locked, so that two of them cannot remove each other in the same moment."""
    left = [one for one in administrators().select_for_update() if one.pk != account.pk]
    if not left and account.is_administrator:
        raise RuleBroken(
            f"{account} is the last administrator. Make somebody else one first, or nobody could mend this.",
            code="last_administrator",
        )
