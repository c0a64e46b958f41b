"""The weekly mail about flags."""

import datetime as dt

from django.db import transaction

from base.outbox import send_later
from skills import digests
from skills.models import Digest
from workforce.models import Account


@transaction.atomic
def ask_for_digests(week: dt.date, *, by: Account) -> list[Digest]:
    """Queue one mail of this week for everybody who owns an open flag; asked again, nothing more."""
    asked = []
    for account in digests.owners():
        digest, is_new = Digest.objects.get_or_create(account=account, week=digests.monday_of(week))
        if is_new:
            send_later("skills.tasks.send_digest", digest=digest.pk)
            asked.append(digest)
    return asked
