"""Figures of this room in words."""

from collections.abc import Mapping, Sequence
from decimal import Decimal
from fractions import Fraction
from functools import cache, lru_cache
from typing import Any
from uuid import UUID

from django import template
from django.template.defaultfilters import floatformat
from django.utils.html import format_html
from django.utils.safestring import SafeString

from base import marks
from base.dense import addressed, dense, opening
from gaps.arithmetic import Label, kind_of
from gaps.counting import Counting
from gaps.looking import Look
from gaps.queries.coming import Due
from gaps.queries.cover import StepCover
from gaps.queries.gaps import Gap
from gaps.queries.risk import OutcomeRisk
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
def on_the_day(counting: Counting | str, look: Look | str) -> str:
    """“?on=…” for pages that name the same people on the same past day; nothing for today and where nobody is named."""
    if isinstance(look, Look):
        return f"?on={look.on}" if look.on and look.shows_people else ""
    return f"?{counting.question}" if isinstance(counting, Counting) and counting.question else ""


@register.simple_tag
def leads(account: Account, look: Look | str = "") -> bool:
    """Whether anybody reports to whoever reads. Pages about a team are theirs, and know it already."""
    if isinstance(look, Look) and look.known:
        return look.leads
    return account.person_id is not None and Person.objects.filter(manager=account.person_id).exists()


@register.simple_tag
def risk_table(look: Look, risks: Sequence[OutcomeRisk], label: str, caption: str) -> SafeString:
    """Outcomes at risk, a row each, by the dense engine."""
    behind, cover = opening("risk_show", 1, look.question), opening("cover_show", 1, look.question)
    rows = (
        (risk, risk.weakest, behind(risk.outcome), cover(risk.weakest.step), hundredths(risk.risk), percent(risk.chain))
        for risk in risks
        if risk.weakest
    )
    parts = {"look": look, "rows": rows, "label": label, "caption": caption, "figure": floatformat}
    return dense("gaps/risks.html", parts)


@register.simple_tag
def steps_alone(look: Look, steps: Sequence[StepCover], closest: Mapping[UUID, str]) -> SafeString:
    """Steps that hang on one person or on nobody, and whose turn is next."""
    cover = opening("cover_show", 1, look.question)
    return dense("gaps/alone.html", {"look": look, "steps": steps, "closest": closest, "cover": cover})


@register.simple_tag
def gap_items(look: Look, gaps: Sequence[Gap]) -> SafeString:
    """Hundreds of gaps, a list of them, by the dense engine."""
    cause, overrule = opening("cause_name", 2), opening("gap_overrule", 2)
    rows = (
        (
            gap,
            gap.lacks,
            whose(gap.person, gap.person_name)
            + from_to(gap.label, gap.criticality, gap.level, gap.lacks, gap.required),
            cause(gap.person, gap.skill),
            overrule(gap.person, gap.skill),
            f"{gap.person_name}, {gap.skill_name}",
        )
        for gap in gaps
    )
    return dense("gaps/gap_items.html", {"look": look, "rows": rows})


@register.simple_tag
def due_items(found: Sequence[Due]) -> SafeString:
    """Whose evidence runs out, a line for each person, by the dense engine."""
    return dense("gaps/due.html", {"found": found, "still": addressed("still_doing", 1)})


@lru_cache(1000)
def whose(person: UUID, name: str) -> SafeString:
    """Who it is, with the way to their own page."""
    of_person = addressed("person_gaps", 1)
    return format_html('{}<b class="calm"><a href="{}">{}</a></b>', marks.who(name), of_person(person), name)


@cache
def from_to(label: Label, criticality: int, held: int | None, lacks: str, required: int) -> SafeString:
    """What kind of gap, how critical, from which level to which: hundreds of gaps share a few of these."""
    is_reskill = kind_of(label) == "reskill"
    lapsed = {"lapsed": "expired", "outdated": "outdated"}.get(lacks, "no evidence")
    return format_html(
        '<span class="kind{}">{}{}</span>{}<span class="lv">{}{}<span class="vh">of</span>{}</span>',
        " re" if is_reskill else "",
        marks.icon("branch" if is_reskill else "up"),
        label.words,
        marks.crit(criticality),
        format_html('<span class="quiet">{}</span>', lapsed)
        if held is None
        else marks.level(held, "weak" if lacks == "trust" else ""),
        marks.icon("right"),
        marks.level(required),
    )
