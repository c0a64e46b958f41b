"""What mails about freshness say, and to whom. A link in a mail shows, and asks; only the answer verifies."""

from collections.abc import Collection
from dataclasses import dataclass
from uuid import UUID

from django.conf import settings
from django.core import signing
from django.core.mail import EmailMultiAlternatives
from django.db.models import F, QuerySet
from django.db.models.functions import Coalesce
from django.template.loader import render_to_string
from django.urls import reverse

from base.errors import RuleBroken
from performance_support.models import Resource
from workforce.models import Account

SALT = "still correct"
# Long enough for a holiday.
GOOD_FOR = 21 * 24 * 60 * 60
SUBJECTS = {
    "handed_on": "{n} now yours, because {its} owner left",
    "relieved": "{n} now yours to look at, because whoever looked has left",
    "escalated": "nobody has verified {n} for 14 days",
    "leaving": "{n} going to the archive in seven days",
}


@dataclass(frozen=True)
class Asked:
    """One resource in a mail, and the address that asks whether it is still correct."""

    resource: Resource
    address: str


def keepers() -> QuerySet[Account]:
    """Who is asked about something stale or due soon, and wants the mail."""
    waiting = Resource.objects.stale() | Resource.objects.due_soon()
    asked = waiting.annotate(asked_of=Coalesce("verifier", "owner")).values("asked_of")
    return Account.objects.active_people().filter(pk__in=asked, wants_digest=True)


def waiting_for(account: Account) -> list[Resource]:
    """What one person is asked about: stale first, the longest waiting first; then what is due soon."""
    waiting = Resource.objects.stale() | Resource.objects.due_soon()
    mine = waiting.annotate(asked_of=Coalesce("verifier", "owner")).filter(asked_of=account.pk)
    return list(mine.order_by(F("stale_since").asc(nulls_last=True), "due_on", "pk"))


def token_for(account: Account, resource: Resource) -> str:
    """Good for this person, this resource as it is now, and three weeks."""
    return signing.dumps([str(account.pk), str(resource.pk), resource.version], salt=SALT, compress=True)


def read_token(token: str, account: Account) -> tuple[UUID, int]:
    """(resource, version that the mail spoke of). Raises RuleBroken where the link is worn out or somebody else's."""
    try:
        whose, resource, version = signing.loads(token, salt=SALT, max_age=GOOD_FOR)
    except signing.SignatureExpired:
        raise RuleBroken(
            "This link is older than three weeks. Open the freshness desk, where it can still be verified.",
            code="expired",
        ) from None
    except (signing.BadSignature, ValueError):
        raise RuleBroken(
            "This link is not whole. Copy it again from the mail, or open the freshness desk.", code="not_a_link"
        ) from None
    if whose != str(account.pk):
        raise RuleBroken(
            "This link was sent to somebody else, and only they can answer it. You can verify on the resource’s page.",
            code="somebody_elses",
        )
    return UUID(resource), version


def mail_to_remind(account: Account) -> EmailMultiAlternatives | None:
    """The weekly mail; None where nothing waits any more."""
    waiting = waiting_for(account)
    if not waiting:
        return None
    stale = sum(resource.state == Resource.State.STALE for resource in waiting)
    subject = f"Sightline: {count_of(len(waiting))} to look at" + (f", {stale} stale" if stale else "")
    return mail(account, subject, "reminder", waiting)


def mail_to_tell(account: Account, resources: Collection[UUID], why: str) -> EmailMultiAlternatives | None:
    """What was handed on, escalated or announced; None where all of it is settled by now."""
    found = list(Resource.objects.kept().filter(pk__in=resources).order_by("title", "pk"))
    if not found:
        return None
    words = SUBJECTS[why].format(
        n=count_of(len(found)) + (("  is" if len(found) == 1 else " are") if why != "escalated" else ""),
        its="its" if len(found) == 1 else "their",
    )
    return mail(account, f"Sightline: {words}".replace("  ", " "), why, found)


def mail(account: Account, subject: str, why: str, resources: list[Resource]) -> EmailMultiAlternatives:
    context = {
        "account": account,
        "why": why,
        "asked": [Asked(resource, address_of(account, resource)) for resource in resources],
        "site": settings.SITE_URL,
        "desk": f"{settings.SITE_URL}{reverse('freshness_desk')}",
        "settings_page": f"{settings.SITE_URL}{reverse('settings_home')}",
    }
    message = EmailMultiAlternatives(
        subject=subject,
        body=render_to_string("performance_support/mail/keeping.txt", context),
        to=[account.mailbox],
    )
    message.attach_alternative(render_to_string("performance_support/mail/keeping.html", context), "text/html")
    return message


def address_of(account: Account, resource: Resource) -> str:
    return f"{settings.SITE_URL}{reverse('resource_still_correct', args=[token_for(account, resource)])}"


def count_of(n: int) -> str:
    return f"{n} resource{'' if n == 1 else 's'}"
