"""Who may what: the accounts of people, as administrators decide about them; and how people sign on."""

from collections.abc import Callable
from dataclasses import dataclass
from uuid import UUID

from django.conf import settings
from django.contrib.auth import update_session_auth_hash
from django.core.paginator import Paginator
from django.http import HttpResponse
from django.urls import reverse
from django.views.decorators.http import require_safe

from base import dialogs
from base.pages import asking, page, typed
from workforce import actions, sign_on
from workforce.access import account_for, may_administer
from workforce.forms import AccountForm, ReasonForm, RolesForm
from workforce.forms.accounts import GIVEN
from workforce.models import Account, ApiKey
from workforce.queries import accounts
from workforce.requests import SignedIn

PAGE = 50
NEWEST = 20
STATES = {"active": "May sign in", "closed": "May not sign in", "all": "Everybody"}


@require_safe
def account_list(request: SignedIn) -> HttpResponse:
    may_administer(request.user)
    asked = request.GET
    state = asked.get("state", "") if asked.get("state") in STATES else "active"
    role, words = asked.get("role", ""), typed(asked, "q")
    found = accounts.accounts(role=role, state=state, words=words)
    context = {
        "page_of": Paginator(found, PAGE).get_page(asked.get("page")),
        "state": state,
        "states": STATES,
        "role": role,
        "roles": GIVEN,
        "is_narrowed": bool(role or words or state != "active"),
    }
    return page(request, "workforce/settings/account_list.html", context, regions=["accounts"])


@require_safe
def account_show(request: SignedIn, pk: UUID) -> HttpResponse:
    account = account_for(request.user, pk)
    context = {
        "account": account,
        "is_own": account.pk == request.user.pk,
        "links": accounts.links_of(account),
        "keys": ApiKey.objects.owned_by(account).newest_first(),
        "trail": accounts.trail_of(account.pk)[:NEWEST],
    }
    return page(request, "workforce/settings/account_show.html", context, regions=["account"])


@asking
def account_open(request: SignedIn) -> HttpResponse:
    may_administer(request.user)
    form = AccountForm(data=request.POST if request.method == "POST" else None)
    if request.method == "POST":
        opened, form = dialogs.attempt(form, lambda facts: actions.open_account(by=request.user, **facts))
        if opened:
            return dialogs.go(request, opened)
    return dialogs.ask(request, "workforce/settings/account_open.html", {"form": form})


@asking
def account_roles(request: SignedIn, pk: UUID) -> HttpResponse:
    account = account_for(request.user, pk)
    if "keep" in request.POST:
        return dialogs.done(request, f"{account} stays as it is.", to=account)
    form = RolesForm(account, data=request.POST if request.method == "POST" else None)
    if request.method == "POST":
        changed, form = dialogs.attempt(
            form, lambda facts: actions.change_roles(account, seen=form.version_seen, by=request.user, **facts)
        )
        if changed:
            if changed.pk == request.user.pk:
                keep_signed_in(request, changed)
            held = ", ".join(changed.roles_in_words()) or "no role"
            return dialogs.done(request, f"{changed} has {held} now.", to=account)
    context = {"form": form, "account": account, "title": "Change roles", "verb": "Save", "keys": keys_of(account)}
    return dialogs.ask(request, "workforce/settings/account_decide.html", context)


def keep_signed_in(request: SignedIn, account: Account) -> None:
    """Who gives up a role of their own has ended their sessions; but this one."""
    account.refresh_from_db(fields=["sessions_from"])
    update_session_auth_hash(request, account)


@dataclass(frozen=True)
class Decision:
    """A question to an administrator, and what is so once it is answered."""

    act: Callable[..., Account]
    title: str
    verb: str
    words: str
    told: str
    stop: str = ""


CLOSING = Decision(
    actions.close_account,
    title="Close this account?",
    verb="Close it",
    words="Nobody signs in with it from the next request on. What was done with it stays in the trail, and it can be "
    "opened again.",
    told="may not sign in any more",
    stop="yes",
)
REOPENING = Decision(
    actions.reopen_account,
    title="Open this account again?",
    verb="Open it",
    words="It can be signed in with again, with the roles it had, unless the person has left.",
    told="may sign in again",
)
RESETTING = Decision(
    actions.reset_factor,
    title="Reset the second factor?",
    verb="Reset it and tell them",
    words="For somebody who has lost both phone and recovery codes. Make sure that it is them who ask: call them, or "
    "see them. They hear of it by mail at once.",
    told="signs in without a code now",
)
FORGETTING = Decision(
    actions.forget_sign_on,
    title="Forget the sign-on?",
    verb="Forget it",
    words="The next sign-on goes by the verified work e-mail again: for somebody whose user the provider made anew.",
    told="signs on by work e-mail next time",
)


@asking
def account_close(request: SignedIn, pk: UUID) -> HttpResponse:
    return decide(request, pk, CLOSING)


@asking
def account_reopen(request: SignedIn, pk: UUID) -> HttpResponse:
    return decide(request, pk, REOPENING)


@asking
def factor_reset(request: SignedIn, pk: UUID) -> HttpResponse:
    return decide(request, pk, RESETTING)


@asking
def sign_on_forget(request: SignedIn, pk: UUID) -> HttpResponse:
    return decide(request, pk, FORGETTING)


def decide(request: SignedIn, pk: UUID, decision: Decision) -> HttpResponse:
    """Ask why, do it, say what is so now."""
    account = account_for(request.user, pk)
    form = ReasonForm(account, data=request.POST if request.method == "POST" else None)
    if request.method == "POST":
        decided, form = dialogs.attempt(form, lambda facts: decision.act(account, by=request.user, **facts))
        if decided:
            return dialogs.done(request, f"{decided} {decision.told}.", to=account)
    asked = {"title": decision.title, "verb": decision.verb, "words": decision.words, "stop": decision.stop}
    if decision is CLOSING:
        asked["keys"] = keys_of(account)
    return dialogs.ask(request, "workforce/settings/account_decide.html", {"form": form, "account": account, **asked})


def keys_of(account: Account) -> str:
    """Which programs would be refused, in words."""
    return ", ".join(f"“{key}”" for key in ApiKey.objects.owned_by(account).order_by("name"))


@require_safe
def sign_on_show(request: SignedIn) -> HttpResponse:
    """How people come in here. It is set in the environment, so there is nothing to change on this page."""
    may_administer(request.user)
    is_configured = sign_on.is_configured()
    context = {
        "is_configured": is_configured,
        "name": settings.OIDC_NAME,
        "issuer": settings.OIDC_ISSUER,
        "verified_claim": settings.OIDC_VERIFIED_CLAIM,
        "callback": request.build_absolute_uri(reverse("sign_on_callback")),
        "passwords": settings.PASSWORDS,
        "second_factor": settings.SECOND_FACTOR,
        "without_factor": accounts.without_factor(),
        "asked": is_configured and "ask" in request.GET,
        "answers": is_configured and "ask" in request.GET and sign_on.answers(request),
    }
    return page(request, "workforce/settings/sign_on_show.html", context)
