"""The signed link with which another system shows a step to somebody who has no session here."""

import datetime as dt
from typing import Any
from uuid import UUID

from django.utils import timezone
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response

from base.api import ReadViews
from performance_support import embedding
from performance_support.models import Resource
from workflows.access import step_for
from workforce.keys import DesignScope


class EmbedLink(serializers.Serializer[Any]):
    url = serializers.CharField(help_text="For the `src` of an iframe, from an origin that is allowed.")
    expires_at = serializers.DateTimeField(help_text="Ask for a new one each time a page is shown.")


class EmbedViews(ReadViews):
    """A link that shows one step's support, as the key sees it."""

    permission_classes = [DesignScope]
    queryset = Resource.objects.none()
    outgoing = EmbedLink

    def retrieve(self, request: Request, step_pk: UUID) -> Response:
        """Changes nothing, so a key that only reads may ask for it. Not kept anywhere: it wears out by itself."""
        until = timezone.now() + dt.timedelta(seconds=embedding.GOOD_FOR)
        url = embedding.link_to(step_for(self.by, step_pk), by=self.by)
        return Response(EmbedLink({"url": url, "expires_at": until}).data, headers={"Cache-Control": "no-store"})
