"""What the weekly mail about flags says, and to whom: owners with flags that are open and not snoozed."""

import datetime as dt
from dataclasses import dataclass
from uuid import UUID

from django.conf import settings
from django.core.mail import EmailMultiAlternatives
from django.db.models import QuerySet
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils import timezone

from base.rules import Rule
from skills import queue
from workforce.models import Account

# Named in full; the queue has the rest.
EXAMPLES = 3


@dataclass(frozen=True)
class Reason:
    """One rule's share of the mail."""

    rule: Rule
    count: int
    oldest: dt.datetime
    examples: list[str]
    address: str


def monday_of(day: dt.date) -> dt.date:
    return day - dt.timedelta(days=day.weekday())


def owners() -> QuerySet[Account]:
    """Who has something open (the assignee, else who owns the skill or the workflow) and wants the mail."""
    pks: set[UUID] = set()
    for source in queue.SOURCES.values():
        pks |= set(source.by_mail.awake().order_by().values_list("whose", flat=True).distinct()) - {None}
    return Account.objects.active_people().filter(pk__in=pks, wants_digest=True)


def reasons_for(account: Account) -> list[Reason]:
    """What is open for one person, reason by reason, what blocks first."""
    narrowing = queue.Narrowing(whose=str(account.pk), by_mail=True)
    groups = [group for group in queue.queue(narrowing).groups if group.awake and group.oldest]
    return [
        Reason(
            group.rule,
            group.awake,
            group.oldest or timezone.now(),
            [str(row.flag.about) for row in queue.rows(group.rule, narrowing).rows[:EXAMPLES]],
            address_of(group.rule, account),
        )
        for group in groups
    ]


def address_of(rule: Rule, account: Account) -> str:
    """Where this person works through it: the queue is for designers, whoever else owns something has a desk."""
    if account.can_design:
        return f"{settings.SITE_URL}{reverse('flag_list')}?whose=mine&reason={rule.code}"
    return f"{settings.SITE_URL}{reverse(queue.SOURCES[rule.about].desk)}?whose=mine&because={rule.code}"


def mail_to(account: Account) -> EmailMultiAlternatives | None:
    """The mail, in words and as a page; None where nothing is open any more."""
    reasons = reasons_for(account)
    if not reasons:
        return None
    count = sum(reason.count for reason in reasons)
    context = {"account": account, "reasons": reasons, "count": count, "site": settings.SITE_URL}
    mail = EmailMultiAlternatives(
        subject=f"Sightline: {count} {'flag waits' if count == 1 else 'flags wait'} for you",
        body=render_to_string("skills/mail/digest.txt", context),
        to=[account.mailbox],
    )
    mail.attach_alternative(render_to_string("skills/mail/digest.html", context), "text/html")
    return mail
