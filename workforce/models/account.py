"""Who may act: a person's account, a program's key, or the system itself."""

from collections.abc import Iterator
from email.utils import formataddr
from typing import Any, ClassVar

from django.conf import settings
from django.contrib.auth.models import AbstractBaseUser, BaseUserManager
from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import Q
from django.db.models.functions import Lower
from django.urls import reverse

from base.models import Noun, both_or_neither


class Role(models.TextChoices):
    """What an account may do beyond what everybody may. *Manager* and *employee* follow from its person."""

    DESIGNER = "designer", "Designer"
    PEOPLE_ADMIN = "people_admin", "People admin"
    ADMINISTRATOR = "administrator", "Administrator"
    # Only keys have it: sees what a designer sees, changes nothing.
    READER = "reader", "Reader"


class AccountManager(BaseUserManager["Account"]):
    def create_user(self, email: str, password: str | None = None, **fields: Any) -> "Account":
        account = self.model(email=self.normalize_email(email).lower(), **fields)
        account.set_password(password)
        account.save(using=self._db)
        return account

    def get_by_natural_key(self, username: str | None) -> "Account":
        return self.get(email__iexact=username)

    def designers(self) -> models.QuerySet["Account"]:
        """People who may design now, administrators among them. See also: Account.can_design."""
        return self.active_people().filter(roles__overlap=[Role.DESIGNER, Role.ADMINISTRATOR]).order_by("full_name")

    def people_admins(self) -> models.QuerySet["Account"]:
        """See also: Account.can_manage_people. Administrators are asked last."""
        mine = models.Q(roles__contains=[Role.PEOPLE_ADMIN])
        return self.active_people().filter(mine).order_by("full_name")

    def who_look_after_people(self) -> models.QuerySet["Account"]:
        """Whom a run concerns: people admins; where there are none, administrators."""
        admins = self.people_admins()
        return admins if admins.exists() else self.active_people().filter(roles__contains=[Role.ADMINISTRATOR])

    def who_look_after_keys(self) -> models.QuerySet["Account"]:
        return self.active_people().filter(roles__overlap=[Role.PEOPLE_ADMIN, Role.ADMINISTRATOR]).order_by("pk")

    def active_people(self) -> models.QuerySet["Account"]:
        return self.filter(kind=Account.Kind.PERSON, is_active=True)

    def system(self) -> "Account":
        """The account in whose name jobs act."""
        account, _ = self.get_or_create(kind=Account.Kind.SYSTEM, defaults={"full_name": "Sightline"})
        return account


class Account(AbstractBaseUser, Noun):
    """The one kind of actor. Changes name an account; facts about people belong to `Person`."""

    class Kind(models.TextChoices):
        PERSON = "person", "Person"
        KEY = "key", "API key"
        SYSTEM = "system", "Sightline"

    kind = models.CharField(max_length=10, choices=Kind, default=Kind.PERSON)
    email = models.EmailField(null=True, blank=True)
    full_name = models.CharField(max_length=200)
    person = models.OneToOneField("workforce.Person", models.SET_NULL, null=True, blank=True, related_name="account")
    roles = ArrayField(models.CharField(max_length=20, choices=Role), default=list, blank=True)
    is_active = models.BooleanField(default=True)
    # By an administrator: then nobody signs in with it, whatever the HR system says of the person.
    closed_at = models.DateTimeField(null=True, blank=True, editable=False)
    closed_by = models.ForeignKey("self", models.PROTECT, null=True, blank=True, editable=False, related_name="+")
    # Sessions and links for a new password from before have ended, whatever becomes of the account later. PostgreSQL
    # stamps it when the account is closed, its person leaves or a role is taken (0016_sessions).
    sessions_from = models.DateTimeField(null=True, editable=False)
    # The weekly mail about what waits for them.
    wants_digest = models.BooleanField(default=True, db_default=True)
    created_at = models.DateTimeField(db_default=models.functions.Now())

    objects: ClassVar[AccountManager] = AccountManager()

    USERNAME_FIELD = "email"
    EMAIL_FIELD = "email"
    REQUIRED_FIELDS: ClassVar[list[str]] = ["full_name"]

    class Meta:
        constraints = [
            models.UniqueConstraint(Lower("email"), name="account_has_its_own_email"),
            models.UniqueConstraint(fields=["kind"], condition=Q(kind="system"), name="account_of_the_system_is_one"),
            models.CheckConstraint(
                condition=~Q(kind="person") | Q(email__isnull=False), name="account_of_a_person_has_an_email"
            ),
            models.CheckConstraint(condition=Q(roles__contained_by=Role.values), name="account_roles_are_known"),
            both_or_neither("closed_at", "closed_by"),
            models.CheckConstraint(
                condition=Q(closed_at=None) | Q(is_active=False), name="account_that_is_closed_is_not_active"
            ),
        ]

    def __str__(self) -> str:
        return self.full_name

    def get_absolute_url(self) -> str:
        return reverse("account_show", args=[self.pk])

    @property
    def name(self) -> str:
        return self.full_name

    @property
    def mailbox(self) -> str:
        """Name and address as a letter takes them, whatever signs the name has: “Holm, Anna” is one person."""
        return formataddr((" ".join(self.full_name.split()), str(self.email)))

    def get_session_auth_hash(self) -> str:
        return self.told_from_earlier(super().get_session_auth_hash())

    def get_session_auth_fallback_hash(self) -> Iterator[str]:
        return map(self.told_from_earlier, super().get_session_auth_fallback_hash())

    def told_from_earlier(self, proof: str) -> str:
        """What a session or a link has to show, so that those from before `sessions_from` do not fit any more."""
        return f"{proof}|{self.sessions_from.isoformat()}" if self.sessions_from else proof

    def has_role(self, *roles: Role) -> bool:
        """Administrators hold every role."""
        return Role.ADMINISTRATOR in self.roles or any(role in self.roles for role in roles)

    @property
    def is_administrator(self) -> bool:
        return Role.ADMINISTRATOR in self.roles

    @property
    def can_design(self) -> bool:
        return self.has_role(Role.DESIGNER)

    @property
    def can_see_drafts(self) -> bool:
        return self.has_role(Role.DESIGNER, Role.READER)

    @property
    def can_manage_people(self) -> bool:
        return self.has_role(Role.PEOPLE_ADMIN)

    @property
    def may_use_password(self) -> bool:
        """Where passwords are switched off administrators keep theirs, for the day on which the provider is away."""
        return bool(settings.PASSWORDS) or self.is_administrator

    def check_password(self, raw_password: str | None) -> bool:
        # The hash is worked out either way, so time tells nothing.
        return super().check_password(raw_password or "") and self.may_use_password

    def has_usable_password(self) -> bool:
        return super().has_usable_password() and self.may_use_password

    @property
    def needs_second_factor(self) -> bool:
        return bool(settings.SECOND_FACTOR) and self.has_role(Role.PEOPLE_ADMIN)

    def roles_in_words(self) -> list[str]:
        return [Role(role).label for role in self.roles]
