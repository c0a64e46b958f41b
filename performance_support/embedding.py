"""A step's support inside another system: from which origins, and the short-lived link for who has no session there."""

from collections.abc import Sequence
from uuid import UUID

from django.conf import settings
from django.core import signing
from django.urls import reverse
from django.utils.html import escape

from base.errors import RuleBroken
from base.headers import policy
from workflows.models import Step
from workforce.models import Account, ApiKey

SALT = "step embed"
# Long enough to load a page, too short to be passed on.
GOOD_FOR = 10 * 60


def link_to(step: Step, *, by: Account) -> str:
    """An address that shows this step's support, as `by` sees it, for ten minutes and without a session."""
    token = signing.dumps([str(step.pk), str(by.pk)], salt=SALT, compress=True)
    return f"{address_of(step)}?token={token}"


def address_of(step: Step) -> str:
    return f"{settings.SITE_URL}{reverse('step_embed', args=[step.pk])}"


def iframe(step: Step) -> str:
    """What another system's page holds, where it writes markup."""
    return (
        f'<iframe src="{address_of(step)}" title="{escape(step.name)}"\n'
        '        width="100%" height="480" referrerpolicy="origin"></iframe>'
    )


def script(step: Step) -> str:
    """The same, where it may run a script; the key of the step is all that changes from page to page."""
    return (
        f'<div data-sightline-step="{step.pk}"></div>\n'
        f'<script src="{settings.SITE_URL}{reverse("embed_script")}" async></script>'
    )


def reader_of(token: str, step: UUID) -> Account:
    """Whose link it is. Raises RuleBroken where it is worn out, not whole or of another step."""
    try:
        where, who = signing.loads(token, salt=SALT, max_age=GOOD_FOR)
    except signing.SignatureExpired:
        raise RuleBroken("This view has expired. Load the page around it again.", code="expired") from None
    except (signing.BadSignature, ValueError):
        raise RuleBroken("Sign in to Sightline to see the support for this step.", code="not_a_link") from None
    account = Account.objects.filter(pk=who, is_active=True).first()
    if where != str(step) or account is None or not holds(account):
        raise RuleBroken("This view was made for something else. Load the page around it again.", code="not_a_link")
    return account


def holds(account: Account) -> bool:
    """Revoking a key ends the links it has asked for."""
    return account.kind == Account.Kind.PERSON or ApiKey.objects.usable().filter(account=account).exists()


def framing_policy(framers: Sequence[str]) -> str:
    """The page's policy, with the origins that may frame it; nobody where there are none."""
    allowed = " ".join(framers) or "'none'"
    return policy().replace("frame-ancestors 'none'", f"frame-ancestors {allowed}")


def is_from_elsewhere(fetched_for: str, referrer: str) -> bool:
    """Framed by an origin that is not allowed, as far as the browser says; its own refusal comes on top."""
    if fetched_for != "iframe":
        return False
    return not any(referrer == origin or referrer.startswith(f"{origin}/") for origin in settings.EMBED_ORIGINS)
