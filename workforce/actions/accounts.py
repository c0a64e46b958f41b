"""Accounts: what their owners choose, and what administrators decide about them."""

from django.db import transaction

from base import edits
from workforce.models import Account


@transaction.atomic
def choose_digest(account: Account, *, wants: bool, by: Account) -> Account:
    """Take or leave the weekly mail about what waits."""
    account = edits.locked(account)
    edits.save(account, {"wants_digest": wants}, by=by)
    return account
