"""The accounts of people, as administrators look at them."""

from uuid import UUID

from allauth.mfa.models import Authenticator
from allauth.socialaccount.models import SocialAccount
from django.db.models import Exists, OuterRef, Q, QuerySet

from base.models import Change
from workforce.models import Account, Role


def accounts(*, role: str = "", state: str = "", words: str = "") -> QuerySet[Account]:
    """By name; `state` is active, closed, or all. Adds `has_factor` and `signs_on`."""
    found = with_ways_in(Account.objects.filter(kind=Account.Kind.PERSON)).select_related("person", "closed_by")
    if role in Role.values:
        found = found.filter(roles__contains=[role])
    if state in {"active", "closed"}:
        found = found.filter(is_active=state == "active")
    if words:
        found = found.filter(Q(full_name__icontains=words) | Q(email__icontains=words))
    return found.order_by("full_name", "pk")


def with_ways_in(accounts: QuerySet[Account]) -> QuerySet[Account]:
    factor = Authenticator.objects.filter(user=OuterRef("pk"), type=Authenticator.Type.TOTP)
    link = SocialAccount.objects.filter(user=OuterRef("pk"))
    return accounts.annotate(has_factor=Exists(factor), signs_on=Exists(link))


def without_factor() -> QuerySet[Account]:
    """Whose role opens much, and whose password alone would open it."""
    whose = Account.objects.active_people().filter(roles__overlap=[Role.ADMINISTRATOR, Role.PEOPLE_ADMIN])
    return with_ways_in(whose.exclude(authenticator__type=Authenticator.Type.TOTP)).order_by("full_name")


def links_of(account: Account) -> QuerySet[SocialAccount]:
    return SocialAccount.objects.filter(user=account)


def trail_of(account: UUID) -> QuerySet[Change]:
    """What was done about an account, newest first."""
    return Change.objects.filter(subject=account).order_by("-id")


def administrators() -> QuerySet[Account]:
    return Account.objects.active_people().filter(roles__contains=[Role.ADMINISTRATOR]).order_by("pk")
