"""A skill as it stands on the map and in the list. By hand: of hundreds of them even Jinja takes its time."""

from collections.abc import Callable
from html import escape

from django.urls import reverse
from django.utils.safestring import SafeString

from base.marks import icon
from skills.queries.placed import Placed

NO_ID = "00000000-0000-0000-0000-000000000000"
Chip = Callable[[Placed], SafeString]
Warnings = Callable[[Placed], list[str]]


def address_around(name: str) -> tuple[str, str]:
    """What stands before and after the id: looking an address up for every skill would cost more than drawing it."""
    before, _, after = reverse(name, args=[NO_ID]).partition(NO_ID)
    return before, after


class Chips:
    """`address` is where a query begins; `chosen` is the context that is chosen."""

    def __init__(self, address: str, *, chosen: str | None, may_edit: bool, warnings: Warnings) -> None:
        self.address, self.chosen, self.may_edit, self.warnings = escape(address), chosen, may_edit, warnings
        self.before, self.after = address_around("context_move")

    def on_map(self, placed: Placed) -> SafeString:
        flag = self.flag(placed) if placed.flags or not placed.is_live else ""
        draft = '<span class="vh">Draft: </span>' if placed.is_draft else ""
        states = f"skill{' draft' * placed.is_draft}{' lost' * (not placed.is_live)}"
        words = f"<b>{escape(placed.serves)}</b> <span>{escape(placed.behaviour)}</span>"
        return SafeString(f'<a class="{states}" {self.attributes(placed)}>{draft}{flag}{words}</a>')

    def in_list(self, placed: Placed) -> SafeString:
        link = f'<a class="calm" {self.attributes(placed)}>{escape(placed.statement)}</a>'
        level = f'<span class="quiet">level {placed.level}{", draft" * placed.is_draft}</span>'
        said = " ".join(self.warnings(placed))
        flag = f'<span class="flag">{icon("warn")}<span>{escape(said)}</span></span>' if said else ""
        return SafeString(f"{link} {level}{flag}")

    def attributes(self, placed: Placed) -> str:
        query = f"{self.address}skill={placed.skill}&amp;context={placed.pk}"
        drag = f' data-drag="{self.before}{placed.pk}{self.after}" draggable="true"' if self.may_edit else ""
        current = ' aria-current="true"' if placed.pk == self.chosen else ""
        return f'id="at-{placed.pk}" href="{query}" hx-get="{query}"{drag}{current}'

    def flag(self, placed: Placed) -> str:
        said = escape(" ".join(self.warnings(placed)))
        picture = icon("warn" if placed.is_live else "gone")
        return f'<span class="flag" title="{said}">{picture}<span class="vh">{said} </span></span>' if said else ""
