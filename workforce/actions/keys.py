"""Keys for programs."""

import datetime as dt
import secrets
from collections.abc import Collection

from django.db import transaction
from django.utils import timezone

from base import changes
from base.errors import RuleBroken
from base.outbox import send_later
from workforce.models import Account, ApiKey, Scope
from workforce.models.key import ROLES_OF, digest_of, scopes_of


@transaction.atomic
def create_key(
    name: str, *, scopes: Collection[str], expires_at: dt.datetime | None = None, by: Account
) -> tuple[ApiKey, str]:
    """Make a key and return it with its secret, which is shown this once and never stored."""
    if not scopes:
        raise RuleBroken("Choose at least one scope: read, design or hris.", code="no_scope")
    if unknown := set(scopes) - set(Scope.values):
        raise RuleBroken(f"There is no scope “{min(unknown)}”. Choose from read, design, hris.", code="unknown_scope")
    secret = "sl_" + secrets.token_urlsafe(32)
    account = Account.objects.create(
        kind=Account.Kind.KEY, full_name=name, roles=sorted(ROLES_OF[scope] for scope in scopes)
    )
    key = ApiKey.objects.create(
        account=account,
        name=name,
        prefix=secret[:8],
        digest=digest_of(secret),
        scopes=sorted(scopes),
        expires_at=expires_at,
        created_by=by,
        owner=by,
    )
    changes.record("create", key, by=by, facts={"scopes": (None, key.scopes)})
    return key, secret


@transaction.atomic
def revoke_key(key: ApiKey, *, by: Account) -> ApiKey:
    """Stop a key from the next request on; what it did stays in the trail."""
    key = ApiKey.objects.select_for_update().get(pk=key.pk)
    if key.revoked_at is None:
        key.revoked_at, key.revoked_by = timezone.now(), by
        key.save(update_fields=["revoked_at", "revoked_by"])
        changes.record("revoke", key, by=by)
    return key


@transaction.atomic
def take_over_key(key: ApiKey, *, by: Account) -> ApiKey:
    """Answer for a key from now on; where it rested because of its owner, it goes on at once, with the same secret.

    Raises RuleBroken for one that has ended, and for one whose scopes `by` may not do.
    """
    key = ApiKey.objects.select_for_update(of=("self",)).select_related("owner").get(pk=key.pk)
    if key.state in {"revoked", "expired"}:
        raise RuleBroken(f"“{key}” has ended. Make a new key and give it to the program.", code="key_ended")
    if beyond := set(key.scopes) - set(scopes_of(by)):
        raise RuleBroken(f"You may not do yourself what “{min(beyond)}” lets a key do.", code="beyond_owner")
    if key.owner_id != by.pk:
        before, key.owner, key.rest_told_at = key.owner, by, None
        key.save(update_fields=["owner", "rest_told_at"])
        changes.record("take_over", key, by=by, facts={"owner": (before, by)})
    return key


def tell_of_resting_keys() -> int:
    """Tell those who can take them over of keys that rest and nobody has been told of; returns how many.

    A key that works again is told of anew when it rests the next time.
    """
    with transaction.atomic():
        told = ApiKey.objects.exclude(rest_told_at=None)
        told.exclude(pk__in=ApiKey.objects.resting().values("pk")).update(rest_told_at=None)
        # Whoever comes second finds them told already.
        resting = ApiKey.objects.resting().filter(rest_told_at=None).select_related("owner")
        untold = list(resting.select_for_update(of=("self",), skip_locked=True))
        ApiKey.objects.filter(pk__in=[key.pk for key in untold]).update(rest_told_at=timezone.now())
        for account in Account.objects.who_look_after_keys() if untold else []:
            if theirs := [str(key.pk) for key in untold if set(key.scopes) <= set(scopes_of(account))]:
                send_later("workforce.tasks.send_resting_letter", account_id=str(account.pk), keys=theirs)
    return len(untold)
