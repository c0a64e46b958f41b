"""Who comes in through an OpenID provider."""

from typing import Protocol

from allauth.socialaccount.models import SocialAccount
from django.db import transaction

from base import changes
from base.errors import RuleBroken
from workforce.actions.people import open_account
from workforce.models import Account, Person

PROVIDER = "oidc"


class Vouched(Protocol):
    """What the provider says, proven to be its word."""

    @property
    def issuer(self) -> str: ...
    @property
    def subject(self) -> str: ...
    @property
    def email(self) -> str: ...
    @property
    def is_verified(self) -> bool: ...
    @property
    def link(self) -> str: ...


class NotKnown(RuleBroken):
    """The code is for the log; whoever was refused reads one sentence, whatever the reason."""

    def __init__(self, code: str) -> None:
        super().__init__("Sightline knows nobody who signs on like this. Ask your people admin.", code=code)


@transaction.atomic
def admit(vouched: Vouched, *, by: Account) -> SocialAccount:
    """Let somebody in whom a provider vouches for: by the link of an earlier time, else by the verified work e-mail.

    Returns the link; its `user` is the account. Raises NotKnown. The rule, with its reasons, is decision 12.
    """
    known = SocialAccount.objects.select_related("user__person").filter(provider=PROVIDER, uid=vouched.link).first()
    link = known or link_to(account_of(person_of(vouched), vouched.email.lower(), by=by), vouched, by=by)
    must_be_at_work(link.user)
    link.extra_data = told_by(vouched)
    link.save()  # which stamps when it was last used
    return link


def person_of(vouched: Vouched) -> Person:
    """Exactly one person at work has this verified address."""
    if not vouched.email or not vouched.is_verified:
        raise NotKnown("email_not_verified")
    # Beyond ASCII, letters that look alike or fold into each other could make one address out of two.
    if not vouched.email.isascii():
        raise NotKnown("email_not_plain")
    found = list(Person.objects.select_for_update(of=("self",)).active().at_address(vouched.email)[:2])
    if len(found) != 1:
        raise NotKnown("several_people" if found else "nobody")
    return found[0]


def account_of(person: Person, email: str, *, by: Account) -> Account:
    """The person's account, if its sign-in is this very address; a new one without roles where there is none.

    Not any address of the person: whoever may put a work e-mail right could otherwise open an administrator's account.
    """
    theirs = Account.objects.filter(person=person).first()
    addressed = Account.objects.filter(email__iexact=email).first()
    if theirs is None and addressed is None:
        return open_account(email, full_name=person.display_name, person=person, by=by)
    account = addressed
    if account is None or (theirs or account) != account or account.person_id not in {None, person.pk}:
        raise NotKnown("another_account")
    if account.person is None:
        account.person = person
        account.save(update_fields=["person"])
        changes.record("link", account, by=by, facts={"person": (None, person)})
    return account


def link_to(account: Account, vouched: Vouched, *, by: Account) -> SocialAccount:
    """Remember the subject, so that the next time no address is looked at. One subject of an issuer per account."""
    must_be_at_work(account)
    others = SocialAccount.objects.filter(user=account, provider=PROVIDER, extra_data__issuer=vouched.issuer)
    if others.exists():
        raise NotKnown("another_subject")
    changes.record("link", account, by=by, facts={"sign_on": (None, vouched.issuer)})
    return SocialAccount.objects.create(user=account, provider=PROVIDER, uid=vouched.link, extra_data=told_by(vouched))


def told_by(vouched: Vouched) -> dict[str, str]:
    return {"issuer": vouched.issuer, "subject": vouched.subject, "email": vouched.email}


def must_be_at_work(account: Account) -> None:
    """Keys and the system sign on nowhere, leavers not any more."""
    if account.kind != Account.Kind.PERSON or not account.is_active:
        raise NotKnown("account_not_active")
    if account.person and account.person.status not in Person.Status.at_work():
        raise NotKnown("person_not_active")
