"""Webhooks in the settings: whom we call, how the calls went, and what is sent again."""

from uuid import UUID

from django.core.paginator import Paginator
from django.http import HttpResponse
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST, require_safe
from django_htmx.http import trigger_client_event

from base import dialogs
from base.forms import EditForm
from base.pages import asking, page
from workforce import actions
from workforce.access import delivery_for, may_look_after_webhooks, webhook_for
from workforce.forms import ReplayForm, WebhookForm
from workforce.models import Delivery, Webhook
from workforce.requests import SignedIn
from workforce.views.going import Place

PAGE = 25


@require_safe
def webhook_list(request: SignedIn) -> HttpResponse:
    may_look_after_webhooks(request.user)
    context = {"webhooks": Webhook.objects.active().with_counts()}
    return page(request, "workforce/settings/webhook_list.html", context, regions=["webhooks"])


@require_safe
def webhook_show(request: SignedIn, pk: UUID) -> HttpResponse:
    """How the calls went, newest first."""
    webhook = webhook_for(request.user, pk)
    state = request.GET.get("state", "")
    deliveries = Delivery.objects.to(webhook).newest_first()
    if state in Delivery.State.values:
        deliveries = deliveries.in_state(state)
    context = {
        "webhook": webhook,
        "page_of": Paginator(deliveries, PAGE).get_page(request.GET.get("page")),
        "state": state,
        "states": Delivery.State.choices,
        "is_moving": Delivery.objects.to(webhook).waiting().exists(),
    }
    return page(request, "workforce/settings/webhook_show.html", context, regions=["webhook"])


@asking
@never_cache
def webhook_add(request: SignedIn) -> HttpResponse:
    """Add a webhook. Its secret is in the answer to this request."""
    may_look_after_webhooks(request.user)
    form = WebhookForm(data=request.POST or None)
    if request.method == "POST":
        made, form = dialogs.attempt(form, lambda facts: actions.add_webhook(**facts, by=request.user))
        if made:
            return webhook_shown(request, made)
    context = {
        "form": form,
        "title": "Add a webhook",
        "verb": "Add it and show its secret",
        "back": Place("webhook_list").get_absolute_url(),
    }
    return dialogs.ask(request, "workforce/settings/webhook_edit.html", context)


@asking
def webhook_change(request: SignedIn, pk: UUID) -> HttpResponse:
    webhook = webhook_for(request.user, pk)
    form = WebhookForm(webhook, data=request.POST or None)
    if request.method == "POST":
        changed, form = dialogs.attempt(
            form, lambda facts: actions.change_webhook(webhook, **facts, seen=form.version_seen, by=request.user)
        )
        if changed:
            return dialogs.done(request, "The webhook is changed.", to=webhook)
    context = {"form": form, "title": "Change this webhook", "verb": "Save", "back": webhook.get_absolute_url()}
    return dialogs.ask(request, "workforce/settings/webhook_edit.html", context)


@asking
@never_cache
def webhook_rotate(request: SignedIn, pk: UUID) -> HttpResponse:
    """A new secret, in the answer to this request."""
    webhook = webhook_for(request.user, pk)
    form = EditForm(webhook, data=request.POST if request.method == "POST" else None)
    if request.method == "POST":
        rotated, form = dialogs.attempt(form, lambda _: actions.rotate_webhook(webhook, by=request.user))
        if rotated:
            return webhook_shown(request, rotated)
    return dialogs.ask(request, "workforce/settings/webhook_rotate.html", {"form": form, "webhook": webhook})


def webhook_shown(request: SignedIn, webhook: Webhook) -> HttpResponse:
    response = dialogs.ask(request, "workforce/settings/webhook_shown.html", {"webhook": webhook})
    return trigger_client_event(response, "work-changed", {}) if request.htmx else response  # type: ignore[attr-defined]


@asking
def webhook_remove(request: SignedIn, pk: UUID) -> HttpResponse:
    webhook = webhook_for(request.user, pk)
    form = EditForm(webhook, data=request.POST if request.method == "POST" else None)
    if request.method == "POST":
        removed, form = dialogs.attempt(form, lambda _: actions.remove_webhook(webhook, by=request.user))
        if removed:
            return dialogs.go(request, Place("webhook_list"))
    return dialogs.ask(request, "workforce/settings/webhook_remove.html", {"form": form, "webhook": webhook})


@asking
def webhook_replay(request: SignedIn, pk: UUID) -> HttpResponse:
    """Send again what was given up since a moment."""
    webhook = webhook_for(request.user, pk)
    form = ReplayForm(webhook, data=request.POST or None)
    if request.method == "POST":
        count, form = dialogs.attempt(form, lambda facts: actions.replay_undelivered(webhook, **facts, by=request.user))
        if count is not None:
            words = f"{count} {'event is' if count == 1 else 'events are'} on the way again."
            return dialogs.done(request, words if count else "Nothing was given up since then.", to=webhook)
    return dialogs.ask(request, "workforce/settings/webhook_replay.html", {"form": form, "webhook": webhook})


@require_POST
def webhook_switch(request: SignedIn, pk: UUID) -> HttpResponse:
    webhook = webhook_for(request.user, pk)
    if "on" in request.POST:
        actions.switch_on(webhook, by=request.user)
        return dialogs.done(request, "It is called again, from the next event on.", to=webhook)
    actions.switch_off(webhook, by=request.user)
    return dialogs.done(request, "Nobody is called. What it misses can be sent again.", to=webhook)


@require_POST
def webhook_test(request: SignedIn, pk: UUID) -> HttpResponse:
    webhook = webhook_for(request.user, pk)
    actions.test_webhook(webhook, by=request.user)
    return dialogs.done(request, "A test is on its way; how it went appears below.", to=webhook)


@require_POST
def delivery_replay(request: SignedIn, pk: UUID, delivery: UUID) -> HttpResponse:
    """Send one event again, with the same id."""
    found = delivery_for(request.user, pk, delivery)
    actions.replay_delivery(found, by=request.user)
    return dialogs.done(request, "It is on its way again, with the same id.", to=found.webhook)
