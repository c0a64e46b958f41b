"""Figures of this room in words."""

from collections.abc import Callable, Mapping, Sequence
from decimal import Decimal
from fractions import Fraction
from functools import cache
from typing import Any
from uuid import UUID

from django import template
from django.urls import reverse
from django.utils.safestring import SafeString

from base.dense import dense
from gaps.looking import Look
from gaps.queries.gaps import Gap
from workforce.models import Account, Person

register = template.Library()


@register.filter
def percent(share: Fraction | float | None) -> str:
    """“30 %”; never 100 % or 0 % for what is only close to it."""
    if share is None:
        return "none"
    rounded = round(100 * share)
    return f"{min(max(rounded, 0 if share == 0 else 1), 100 if share == 1 else 99)} %"


@register.filter
def figure(value: Decimal | None) -> str:
    """As people write it: “10”, “2.4”."""
    return "" if value is None else f"{value.normalize():f}"


@register.filter
def at(found: Mapping[Any, Any], key: Any) -> Any:
    """What stands under a key; nothing where nothing does."""
    return found.get(key)


@register.filter
def hundredths(share: Fraction) -> str:
    """“0.43”: the weakest link is a product of a rating and a share, and no percentage of anything."""
    return f"{float(share):.2f}"


@register.filter
def signed(value: int) -> str:
    """“+3”, “−2”, “0”."""
    return f"{value:+d}".replace("-", "−") if value else "0"


@register.filter
def points(share: Fraction | None) -> str:
    """A difference of two shares in percentage points: “+1.2”."""
    if share is None:
        return "none"
    said = f"{float(100 * share):+.1f}"
    return "0" if not share else said.replace("-", "−")


@register.simple_tag
def leads(account: Account) -> bool:
    """Whether anybody reports to whoever reads: pages about a team are theirs."""
    return account.person_id is not None and Person.objects.filter(manager=account.person_id).exists()


@register.simple_tag
def gap_items(look: Look, gaps: Sequence[Gap]) -> SafeString:
    """Hundreds of gaps, one item each, by the dense engine."""
    addresses = {
        "of_person": addressed("person_gaps", 1),
        "cause": addressed("cause_name", 2),
        "overrule": addressed("gap_overrule", 2),
    }
    return dense("gaps/gap_items.html", {"look": look, "gaps": gaps, **addresses})


@cache
def addressed(route: str, count: int) -> Callable[..., str]:
    """The addresses of a page about so many things, by their ids: hundreds of `reverse` cost more than the rest."""
    blanks = [UUID(int=number) for number in range(1, count + 1)]
    pattern = reverse(route, args=blanks)
    for blank in blanks:
        pattern = pattern.replace(str(blank), "%s")
    return lambda *ids: pattern % ids
