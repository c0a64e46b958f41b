"""One page, one template; htmx replaces a named region of it."""

import datetime as dt
from collections.abc import Collection, Mapping
from typing import Any
from uuid import UUID

from django.http import HttpRequest, QueryDict
from django.template.response import TemplateResponse
from django.utils.cache import patch_vary_headers
from django.views.decorators.http import require_http_methods
from django_htmx.http import push_url, reselect, reswap

# A page that asks by GET and takes the answer by POST.
asking = require_http_methods(["GET", "HEAD", "POST"])


def typed(query: QueryDict, name: str, most: int = 200) -> str:
    """What somebody typed, as it stands in an address; PostgreSQL knows no NUL, so neither do we."""
    return query.get(name, "").replace("\x00", "").strip()[:most]


def as_id(text: str) -> UUID | None:
    """The id that an address names; None for any other text."""
    try:
        return UUID(text)
    except ValueError:
        return None


def question(query: QueryDict) -> str:
    """What is asked, without the page one is on and without what is empty: for links that ask it again."""
    kept = query.copy()
    for name in [name for name, value in kept.items() if name == "after" or not value]:
        del kept[name]
    return kept.urlencode()


def moment(text: str) -> dt.datetime:
    """A moment that an address names, in UTC. Raises ValueError for any other text."""
    found = dt.datetime.fromisoformat(text)
    if found.tzinfo is None:
        raise ValueError("no time zone")
    try:
        return found.astimezone(dt.UTC)
    except OverflowError:
        raise ValueError("beyond the calendar") from None


def page(
    request: HttpRequest,
    template: str,
    context: Mapping[str, Any],
    *,
    regions: Collection[str] = (),
    status: int = 200,
) -> TemplateResponse:
    """Render the whole page, or only the region that htmx is about to replace.

    The view lists its regions because the target is a request header, and a header is the visitor's.
    """
    htmx = request.htmx  # type: ignore[attr-defined]
    wanted = htmx.target if htmx and not htmx.history_restore_request else None
    name = f"{template}#{wanted}" if wanted in regions else template
    response = TemplateResponse(
        request, name, {**context, "region": wanted if wanted in regions else None}, status=status
    )
    patch_vary_headers(response, ["HX-Request", "HX-Target"])
    if wanted == "dialog" and wanted in regions:
        # The link may stand in a region that asks for itself, and would pass on how: as a whole, its own part only, and
        # as the page's address. A question is none of that.
        reswap(reselect(push_url(response, False), "unset"), "innerHTML")
    return response
