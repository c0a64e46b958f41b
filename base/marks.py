"""The small marks that stand in every page. Plain functions, so that Django's and Jinja's templates share them.

The ones drawn from a handful of values are kept: a map shows hundreds.
"""

from functools import cache
from typing import Literal

from django.utils.html import format_html
from django.utils.safestring import SafeString

Tone = Literal["", "on", "ok", "warn", "block"]
Trust = Literal["", "weak", "old", "changed"]

# The worst credible consequence when a step fails, worded so that two people rate alike.
CRITICALITY = {
    1: "nobody downstream notices",
    2: "own rework and lost time",
    3: "the next step waits or has to ask again",
    4: "the customer notices; a small loss",
    5: "lost customer or material loss",
    6: "regulatory breach or serious harm to our name",
    7: "severe injury, or a threat to the business",
}
LEVELS = {
    0: "none",
    1: "with supervision",
    2: "alone on routine",
    3: "to the full standard",
    4: "can teach and assess",
}
TRUST = {
    "": "",
    "weak": ", weak evidence",
    "old": ", evidence expired",
    "changed": ", evidence outdated by a change",
}


@cache
def icon(name: str) -> SafeString:
    """One picture from `templates/parts/icons.html`; the words beside it carry the meaning."""
    return format_html(
        '<svg class="i" viewBox="0 0 16 16" aria-hidden="true"><use href="#i-{}"/></svg>',
        name,
    )


@cache
def crit(criticality: int | None) -> SafeString:
    """Criticality 1–7 as number, rising bars and colour; a quiet word where nobody has rated it."""
    if criticality is None:
        return format_html('<span class="tag">{}</span>', "not rated")
    bars = "c-low" if criticality <= 2 else "c-mid" if criticality <= 4 else "c-high" if criticality == 5 else "c-stop"
    return format_html(
        '<span class="crit c{0}" title="Criticality {0} of 7: {1}">{2}<span class="vh">criticality </span>{0}</span>',
        criticality,
        CRITICALITY[criticality],
        icon(bars),
    )


@cache
def level(value: int, trust: Trust = "") -> SafeString:
    """Level 0–4 as number and shade; `trust` adds the pattern that says how far to believe it."""
    return format_html(
        '<span class="lvl l{0} {1}" title="Level {0}, {2}{3}">'
        '<span class="vh">level </span>{0}<span class="vh">{3}</span></span>',
        value,
        trust,
        LEVELS[value],
        TRUST[trust],
    )


def tag(words: str, tone: Tone = "", picture: str = "") -> SafeString:
    """A state in a word: draft, published, retired, held."""
    return format_html('<span class="tag {}">{}{}</span>', tone, icon(picture) if picture else "", words)


def flag(sentence: str, tone: Tone = "warn", picture: str = "warn") -> SafeString:
    """What a rule found, on one line."""
    return format_html('<span class="flag {}">{}<span>{}</span></span>', tone, icon(picture), sentence)


def who(name: str) -> SafeString:
    """Somebody's initials; always beside the name, which is why readers skip it."""
    return format_html('<span class="who" aria-hidden="true">{}</span>', initials(name))


def initials(name: str) -> str:
    """First and last: “Maren Holt” is MH, “Cher” is C, nothing is a question mark."""
    words = [word for word in name.split() if word[0].isalpha()]
    return "".join(word[0] for word in (words[:1] + words[1:][-1:])).upper() or "?"
