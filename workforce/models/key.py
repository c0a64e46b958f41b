"""How a program proves who it is."""

import datetime as dt
import hashlib
from collections.abc import Collection
from typing import Protocol, Self

from django.conf import settings
from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import Q
from django.utils import timezone

from base.models import Noun, both_or_neither
from workforce.models.account import Account, Role


def digest_of(secret: str) -> str:
    """A plain hash is enough: the secret is 256 random bits, so there is nothing to guess slowly."""
    return hashlib.sha256(secret.encode()).hexdigest()


class Scope(models.TextChoices):
    READ = "read", "Read"
    DESIGN = "design", "Design: workflows and skills"
    HRIS = "hris", "HR sync: people and runs"


ROLES_OF: dict[str, Role] = {
    Scope.READ: Role.READER,
    Scope.DESIGN: Role.DESIGNER,
    Scope.HRIS: Role.PEOPLE_ADMIN,
}
# Whose role lets them give it to a key: what people are called who may do all that the scope may.
GIVERS: dict[str, str] = {
    Scope.READ: "administrator",
    Scope.DESIGN: "designer",
    Scope.HRIS: "people admin",
}


class Holder(Protocol):
    """An account, or what is known of it."""

    @property
    def kind(self) -> str: ...
    @property
    def roles(self) -> list[str]: ...
    @property
    def is_active(self) -> bool: ...


def scopes_of(holder: Holder) -> list[Scope]:
    """What this account may let a key do, today: what it may do itself. See also: ApiKeyQuerySet.resting."""
    if holder.kind == Account.Kind.SYSTEM:
        return list(Scope)
    if not holder.is_active:
        return []
    is_administrator = Role.ADMINISTRATOR in holder.roles
    return [scope for scope in Scope if is_administrator or ROLES_OF[scope] in holder.roles]


def open_to(owner: Holder, scopes: Collection[str]) -> list[Scope]:
    """Which of its scopes a key may use today."""
    return [scope for scope in scopes_of(owner) if scope in scopes]


# Whoever looks after the program hears of the end while there is time to change the key.
SOON = dt.timedelta(days=14)


class ApiKeyQuerySet(models.QuerySet["ApiKey"]):
    def usable(self) -> Self:
        """See also: ApiKey.state."""
        return self.filter(Q(expires_at=None) | Q(expires_at__gt=timezone.now()), revoked_at=None)

    def expired(self) -> Self:
        return self.filter(expires_at__lte=timezone.now(), revoked_at=None)

    def revoked(self) -> Self:
        return self.exclude(revoked_at=None)

    def resting(self) -> Self:
        """Whose owner may not do all of it any more. See also: ApiKey.resting_scopes."""
        lacking = Q(owner__is_active=False)
        for scope, role in ROLES_OF.items():
            lacking |= Q(scopes__contains=[scope]) & ~Q(owner__roles__overlap=[role, Role.ADMINISTRATOR])
        return self.usable().filter(lacking).exclude(owner__kind=Account.Kind.SYSTEM)

    def owned_by(self, account: Account) -> Self:
        return self.usable().filter(owner=account)

    def in_state(self, state: str) -> Self:
        """Usable, resting, expired or revoked; anything else is all of them."""
        states = {"usable": self.usable, "rests": self.resting, "expired": self.expired, "revoked": self.revoked}
        return states.get(state, self.all)()

    def of_scope(self, scope: str) -> Self:
        return self.filter(scopes__contains=[scope])

    def matching(self, words: str) -> Self:
        """Part of the name, or how the key begins."""
        return self.filter(Q(name__icontains=words) | Q(prefix__startswith=words))

    def newest_first(self) -> Self:
        return self.order_by("-created_at", "pk").select_related("created_by", "owner", "revoked_by")


class ApiKey(Noun):
    """A key is shown once and stored as a hash; it acts through an account of its own.

    It may do what its scopes say and its owner may do, both, at the moment it is used (`open_scopes`).
    """

    account = models.OneToOneField(settings.AUTH_USER_MODEL, models.PROTECT, related_name="key")
    name = models.CharField(max_length=120)
    # The first characters, so that people can tell their keys apart.
    prefix = models.CharField(max_length=12)
    digest = models.CharField(max_length=64, unique=True)
    scopes = ArrayField(models.CharField(max_length=10, choices=Scope))
    created_at = models.DateTimeField(db_default=models.functions.Now())
    created_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    # Who answers for it: who made it, until somebody else takes it over.
    owner = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="keys")
    # When people were told that it rests; nothing while it does not.
    rest_told_at = models.DateTimeField(null=True, editable=False)
    expires_at = models.DateTimeField(null=True, blank=True)
    last_used_at = models.DateTimeField(null=True, editable=False)
    revoked_at = models.DateTimeField(null=True, editable=False)
    revoked_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+")

    objects = ApiKeyQuerySet.as_manager()

    class Meta:
        constraints = [
            both_or_neither("revoked_at", "revoked_by"),
            models.CheckConstraint(condition=Q(scopes__contained_by=Scope.values), name="apikey_scopes_are_known"),
        ]

    def __str__(self) -> str:
        return self.name

    @property
    def state(self) -> str:
        """See also: ApiKeyQuerySet.in_state."""
        if self.revoked_at:
            return "revoked"
        if self.expires_at and self.expires_at <= timezone.now():
            return "expired"
        return "rests" if self.resting_scopes else "usable"

    @property
    def open_scopes(self) -> list[Scope]:
        """What it may do today."""
        return open_to(self.owner, self.scopes)

    @property
    def resting_scopes(self) -> list[Scope]:
        """What its owner may not do any more, and so it may not either. See also: ApiKeyQuerySet.resting."""
        held = scopes_of(self.owner)
        return [scope for scope in Scope if scope in self.scopes and scope not in held]

    @property
    def rests_in_part(self) -> bool:
        """Some of its scopes rest, and its program may still use the others."""
        return bool(self.resting_scopes and self.open_scopes)

    @property
    def why_it_rests(self) -> str:
        """Part of a sentence, to go on after "because"."""
        if self.owner.closed_at:
            return f"the account of {self.owner} is closed"
        if not self.owner.is_active:
            return f"{self.owner} has left"
        return f"{self.owner} is no {' and no '.join(GIVERS[scope] for scope in self.resting_scopes)} any more"

    @property
    def ends_soon(self) -> bool:
        has_ended = self.state in {"revoked", "expired"}
        return not has_ended and self.expires_at is not None and self.expires_at <= timezone.now() + SOON

    def scopes_in_words(self) -> list[tuple[str, bool]]:
        """Each scope, and whether it rests."""
        resting = self.resting_scopes
        return [(Scope(scope).label, scope in resting) for scope in self.scopes]
