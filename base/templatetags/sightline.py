"""The house's template tags: marks, and the way to a room."""

import datetime as dt
from typing import Any

from django import template
from django.http import HttpRequest
from django.template.context import RequestContext
from django.urls import NoReverseMatch
from django.utils import timezone
from django.utils.html import format_html
from django.utils.safestring import SafeString

from base import marks, trail
from base.dense import dense as rendered

register = template.Library()

for mark in (marks.icon, marks.crit, marks.level, marks.tag, marks.flag, marks.who):
    register.simple_tag(mark)
register.filter(marks.initials)
register.filter(trail.in_words)


@register.filter
def age(moment: dt.datetime) -> str:
    """“today”, “1 day”, “29 days”: a queue is worked through by the day."""
    days = (timezone.localdate() - timezone.localdate(moment)).days
    return "today" if days < 1 else "1 day" if days == 1 else f"{days} days"


@register.simple_tag(takes_context=True)
def dense(context: RequestContext, template: str) -> SafeString:
    """A part of this page by the dense engine, with all that the page has."""
    return rendered(template, context.flatten())  # type: ignore[arg-type] # names of variables


@register.simple_tag(takes_context=True)
def room(context: RequestContext, address: str, words: str) -> SafeString:
    """One entry of the room navigation, the one you are in marked; nothing where there is no room yet."""
    if not address:
        return SafeString("")
    request: HttpRequest | None = context.get("request")
    return format_html(
        '<li><a href="{}"{}>{}</a></li>',
        address,
        SafeString(' aria-current="page"') if request and is_inside(request.path, address) else "",
        words,
    )


@register.simple_tag(takes_context=True)
def entry(context: RequestContext, address: str, words: str) -> SafeString:
    """One entry of a navigation whose address is also the beginning of the others'. See also: room."""
    request: HttpRequest | None = context.get("request")
    here = SafeString(' aria-current="page"') if request and request.path == address else ""
    return format_html('<li><a href="{}"{}>{}</a></li>', address, here, words)


@register.filter
def address(thing: Any) -> str:
    """The page of a thing; nothing where there is no thing, or no such page yet."""
    try:
        return str(thing.get_absolute_url()) if thing else ""
    except NoReverseMatch:
        return ""


def is_inside(path: str, address: str) -> bool:
    return path == address or (address != "/" and path.startswith(address))
