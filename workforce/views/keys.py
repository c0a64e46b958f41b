"""Keys for programs: who has one, what it may do, and its end."""

from uuid import UUID

from django.core.paginator import Paginator
from django.http import HttpResponse
from django.urls import reverse
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe
from django_htmx.http import trigger_client_event

from base import dialogs
from base.forms import EditForm
from base.pages import asking, page, typed
from workforce import actions
from workforce.access import key_for, may_give, may_look_after_keys, scopes_for
from workforce.forms import KeyForm
from workforce.models import ApiKey, Scope
from workforce.requests import SignedIn
from workforce.views.going import Place

PAGE = 50
STATES = {"usable": "Usable", "rests": "Resting", "expired": "Expired", "revoked": "Revoked"}
# What a key of this scope can read at once, to see whether it works.
FIRST_READ = {Scope.DESIGN: "api-skill-list", Scope.READ: "api-skill-list", Scope.HRIS: "api-person-list"}


@require_safe
def key_list(request: SignedIn) -> HttpResponse:
    may_look_after_keys(request.user)
    asked = request.GET
    state, scope = asked.get("state", "usable"), asked.get("scope", "")
    keys = ApiKey.objects.newest_first().in_state(state)
    if scope in Scope.values:
        keys = keys.of_scope(scope)
    if words := typed(asked, "q"):
        keys = keys.matching(words)
    mine = set(scopes_for(request.user))
    page_of = Paginator(keys, PAGE).get_page(asked.get("page"))
    context = {
        "page_of": page_of,
        "keys": [(key, set(key.scopes) <= mine) for key in page_of],
        "resting": ApiKey.objects.resting().count(),
        "state": state if state in STATES else "all",
        "states": STATES,
        "scope": scope,
        "scopes": Scope.choices,
        "is_narrowed": bool(scope or words),
    }
    return page(request, "workforce/settings/key_list.html", context, regions=["keys"])


@asking
@never_cache
def key_add(request: SignedIn) -> HttpResponse:
    """Make a key. Its secret is in the answer to this request, and nowhere afterwards."""
    may_look_after_keys(request.user)
    form = KeyForm(scopes_for(request.user), data=request.POST or None)
    if request.method == "POST":
        may_give(request.user, request.POST.getlist("scopes"))
        made, form = dialogs.attempt(form, lambda facts: actions.create_key(by=request.user, **facts))
        if made:
            return key_shown(request, *made)
    return dialogs.ask(request, "workforce/settings/key_add.html", {"form": form})


def key_shown(request: SignedIn, key: ApiKey, secret: str) -> HttpResponse:
    address = request.build_absolute_uri(reverse(FIRST_READ[Scope(key.scopes[0])]))
    curl = f'curl -H "Authorization: Bearer {secret}" "{address}?page_size=1"'
    response = dialogs.ask(request, "workforce/settings/key_shown.html", {"key": key, "secret": secret, "curl": curl})
    return trigger_client_event(response, "work-changed", {}) if request.htmx else response  # type: ignore[attr-defined]


@asking
def key_revoke(request: SignedIn, pk: UUID) -> HttpResponse:
    key = key_for(request.user, pk, to_decide=True)
    form = EditForm(key, data=request.POST if request.method == "POST" else None)
    if request.method == "POST":
        revoked, form = dialogs.attempt(form, lambda _: actions.revoke_key(key, by=request.user))
        if revoked:
            return dialogs.done(request, f"“{key}” opens nothing any more.", to=Place("key_list"))
    return dialogs.ask(request, "workforce/settings/key_revoke.html", {"form": form, "key": key})


@asking
def key_take_over(request: SignedIn, pk: UUID) -> HttpResponse:
    key = key_for(request.user, pk, to_decide=True)
    form = EditForm(key, data=request.POST if request.method == "POST" else None)
    if request.method == "POST":
        taken, form = dialogs.attempt(form, lambda _: actions.take_over_key(key, by=request.user))
        if taken:
            return dialogs.done(request, f"You answer for “{key}” now. It goes on as it is.", to=Place("key_list"))
    return dialogs.ask(request, "workforce/settings/key_take_over.html", {"form": form, "key": key})
