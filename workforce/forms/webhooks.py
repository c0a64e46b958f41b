"""Whom to call, and what to send again."""

import datetime as dt
from typing import Any

from django import forms
from django.utils import timezone

from base.forms import EditForm
from workforce.models import Webhook
from workforce.models.webhook import Told


class WebhookForm(EditForm):
    """An address and what it wants to hear of."""

    url = forms.CharField(
        max_length=2000,
        label="Address",
        help_text="It is called with POST. Only https to the open internet.",
        widget=forms.URLInput(
            attrs={"autocomplete": "off", "autofocus": True, "placeholder": "https://receiver.example.com/sightline"}
        ),
    )
    kinds = forms.MultipleChoiceField(
        label="It hears of",
        choices=Told.choices,
        widget=forms.CheckboxSelectMultiple,
        initial=[Told.APPLIED, Told.HELD],
    )

    def said(self, field: str, value: Any) -> str:
        return ", ".join(Told(kind).label for kind in value) if field == "kinds" else str(value)


class ReplayForm(EditForm):
    """Since when; the browser's field has no time zone, and UTC is what the page says."""

    since = forms.DateTimeField(
        label="What was given up since",
        help_text="UTC.",
        widget=forms.DateTimeInput(attrs={"type": "datetime-local"}, format="%Y-%m-%dT%H:%M"),
    )

    def __init__(self, webhook: Webhook, *, data: Any = None) -> None:
        since = webhook.failing_since or webhook.off_since or timezone.now() - dt.timedelta(days=7)
        super().__init__(data=data, initial={"since": since.astimezone(dt.UTC)})
