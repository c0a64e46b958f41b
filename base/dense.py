"""Templates of hundreds of small parts, such as the map: Jinja2, where Django's own cost twenty times more."""

from collections.abc import Mapping
from typing import Any

from django.template.loader import render_to_string
from django.urls import reverse
from django.utils.safestring import SafeString, mark_safe
from jinja2 import Environment, StrictUndefined

from base import marks

MARKS = (marks.icon, marks.crit, marks.level, marks.tag, marks.flag, marks.who)


def environment(**options: Any) -> Environment:
    """The same marks as `base.templatetags.sightline` gives to Django's templates."""
    env = Environment(**{"undefined": StrictUndefined, "trim_blocks": True, "lstrip_blocks": True, **options})  # noqa: S701 - Django's backend switches autoescape on
    env.globals.update(
        {mark.__name__: mark for mark in (marks.icon, marks.crit, marks.level, marks.tag, marks.flag, marks.who)},
        url=reverse,
    )
    return env


def dense(template: str, context: Mapping[str, Any]) -> SafeString:
    """One part of a page, ready to stand in a Django template."""
    return mark_safe(render_to_string(template, dict(context), using="dense"))  # noqa: S308 - the engine escapes
