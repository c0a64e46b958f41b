"""Deliveries of one webhook together."""

from django.db.models import F
from django.db.models.functions import Now

from workforce.models import Delivery, Webhook
from workforce.models.webhook import DeliveryQuerySet


def give_up(webhook: Webhook) -> int:
    """Nobody waits for what is on its way; a call under way still says how it went. Returns how many."""
    waiting = Delivery.objects.filter(webhook=webhook).free()
    return waiting.update(
        state=Delivery.State.FAILED, wanted_at=None, next_at=None, leased_until=None, fence=F("fence") + 1
    )


def take_up(given_up: DeliveryQuerySet) -> int:
    """They are due now, with all their tries before them. Returns how many."""
    return given_up.update(
        state=Delivery.State.WAITING,
        wanted_at=Now(),
        next_at=Now(),
        leased_until=None,
        fence=F("fence") + 1,
        attempts=0,
    )
