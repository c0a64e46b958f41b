"""Markdown as people write it: to safe HTML, and the addresses in it. No database."""

from collections.abc import Iterable, Iterator
from functools import lru_cache

import nh3
from django.core.exceptions import ValidationError
from markdown_it import MarkdownIt
from markdown_it.token import Token

from base.outward import NAMES_SOMEBODY, names_somebody

TAGS = {
    *("p", "br", "hr", "h3", "h4", "h5", "h6", "ul", "ol", "li", "blockquote", "pre", "code"),
    *("strong", "em", "s", "a", "table", "thead", "tbody", "tr", "th", "td"),
}
ATTRIBUTES = {"a": {"href", "title"}, "ol": {"start"}}
SCHEMES = {"http", "https", "mailto"}
# The page has a title, and the resource a heading of its own.
HEADINGS = {"h1": "h3", "h2": "h4", "h3": "h5", "h4": "h6", "h5": "h6"}


@lru_cache(maxsize=1)
def parser() -> MarkdownIt:
    """CommonMark with tables; HTML in it stays text, images stay out (they would tell others who reads)."""
    return MarkdownIt("commonmark", {"html": False}).enable(["table", "strikethrough"]).disable("image")


def render(text: str) -> str:
    """Safe HTML: what the parser made, cleaned again by an allow-list."""
    tokens = parser().parse(text)
    for token in tokens:
        token.tag = HEADINGS.get(token.tag, token.tag)
    html = parser().renderer.render(tokens, parser().options, {})
    return nh3.clean(html, tags=TAGS, attributes=ATTRIBUTES, url_schemes=SCHEMES, link_rel="noopener noreferrer")


def addresses_in(text: str) -> list[str]:
    """Every http(s) address that the text leads to, each once, in order."""
    found = (str(token.attrs.get("href", "")) for token in walk(parser().parse(text)) if token.type == "link_open")
    return list(dict.fromkeys(url for url in found if url.startswith(("http://", "https://"))))


def must_name_nobody(addresses: Iterable[str], *, field: str = "url") -> None:
    """Everybody would read the password in an address. Raises ValidationError."""
    if any(map(names_somebody, addresses)):
        raise ValidationError({field: NAMES_SOMEBODY})


def walk(tokens: list[Token]) -> Iterator[Token]:
    for token in tokens:
        yield token
        yield from walk(token.children or [])
