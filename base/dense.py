"""Templates of hundreds of small parts, such as the map: Jinja2, where Django's own cost twenty times more."""

import datetime as dt
from collections.abc import Callable, Mapping
from functools import cache
from typing import Any
from urllib.parse import quote
from uuid import UUID

from django.template.defaultfilters import floatformat
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils import timezone
from django.utils.html import escape
from django.utils.safestring import SafeString, mark_safe
from jinja2 import Environment, StrictUndefined

from base import marks

MARKS = (marks.icon, marks.crit, marks.level, marks.tag, marks.flag, marks.who)


def environment(**options: Any) -> Environment:
    """The same marks as `base.templatetags.sightline` gives to Django's templates."""
    env = Environment(**{"undefined": StrictUndefined, "trim_blocks": True, "lstrip_blocks": True, **options})  # noqa: S701 - Django's backend switches autoescape on
    known = {mark.__name__: mark for mark in MARKS}
    env.globals.update(known, url=reverse, day=day, quote=quote, floatformat=floatformat)
    # The same behind a bar, `level|crit`: a third of the price where there are hundreds, since nothing is looked up.
    env.filters.update(known)
    return env


def day(moment: dt.date, *, year: bool = True) -> str:
    """“3 May 2026”, and without its year “3 May”: where people are, for a moment."""
    local = timezone.localtime(moment) if isinstance(moment, dt.datetime) else moment
    return f"{local:%-d %b %Y}" if year else f"{local:%-d %b}"


def dense(template: str, context: Mapping[str, Any]) -> SafeString:
    """One part of a page, ready to stand in a Django template."""
    return mark_safe(render_to_string(template, dict(context), using="dense"))  # noqa: S308 - the engine escapes


@cache
def addressed(route: str, count: int) -> Callable[..., str]:
    """The addresses of a page about so many things, by their ids: hundreds of `reverse` cost more than the rest."""
    pattern = pattern_of(route, count)
    return lambda *ids: pattern % ids


def opening(route: str, count: int, question: str = "") -> Callable[..., SafeString]:
    """The attributes of links to such pages, each with its address twice: for browsers, and for htmx."""
    address = pattern_of(route, count) + escape(f"?{question}" if question else "").replace("%", "%%")
    pattern = f'href="{address}" hx-get="{address}"'

    def attributes(*ids: UUID) -> SafeString:
        texts = tuple(map(str, ids))
        return SafeString(pattern % (texts + texts))

    return attributes


@cache
def pattern_of(route: str, count: int) -> str:
    blanks = [UUID(int=number) for number in range(1, count + 1)]
    pattern = reverse(route, args=blanks)
    for blank in blanks:
        pattern = pattern.replace(str(blank), "%s")
    return pattern
