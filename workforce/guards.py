"""What makes a run wait for a person's decision (design section 8). Arithmetic only."""

from collections.abc import Mapping
from dataclasses import asdict, dataclass
from typing import Any

from workforce.models import Source


@dataclass(frozen=True)
class Guard:
    """`holds` names what waits when it trips: leavers, managers, titles, blanks. Everything else of the run flows."""

    code: str
    found: int
    limit: int
    of: int
    holds: tuple[str, ...]
    is_tripped: bool
    sentence: str


@dataclass(frozen=True)
class Measured:
    """How many people a run brings and would change, beside how many there are."""

    people: int
    rows: int
    leavers: int
    managers: int
    titles: int
    active: int
    managed: int
    blanks: Mapping[str, int]
    # Rows that were turned away without telling whom they are about.
    nameless: int = 0


# In a small team one person is soon a fifth of everybody, and no sign of a broken feed.
FEW = {"managers": 1, "titles": 2, "blanks": 1}


def share(percent: int, of: int) -> int:
    """So many of them, rounded down: 5 % of 199 is 9."""
    return of * percent // 100


def looked(source: Source, measured: Measured, *, is_snapshot: bool) -> list[Guard]:
    """Every guard with what it found, tripped or not."""
    found = [leavers(source, measured), managers(source, measured), titles(source, measured)]
    found += [blanks(source, measured, name) for name in source.key_fields]
    return [*found, rows(source, measured), nameless(measured)] if is_snapshot else found


def leavers(source: Source, measured: Measured) -> Guard:
    limit = max(source.leavers_number, share(source.leavers_percent, measured.active))
    return Guard(
        "leavers", measured.leavers, limit, measured.active, ("leavers",), measured.leavers > limit,
        f"{measured.leavers:,} of {measured.active:,} active people would leave, now or on a day to come; "
        f"up to {limit:,} may without asking.",
    )  # fmt: skip


def managers(source: Source, measured: Measured) -> Guard:
    limit = max(FEW["managers"], share(source.managers_percent, measured.managed))
    return Guard(
        "managers", measured.managers, limit, measured.managed, ("managers",), measured.managers > limit,
        f"{measured.managers:,} of {measured.managed:,} people would lose their manager, or get one whom nobody "
        f"knows; up to {limit:,} may.",
    )  # fmt: skip


def titles(source: Source, measured: Measured) -> Guard:
    limit = max(FEW["titles"], share(source.titles_percent, measured.active))
    return Guard(
        "titles", measured.titles, limit, measured.active, ("titles",), measured.titles > limit,
        f"{measured.titles:,} of {measured.active:,} people would change their job title; up to {limit:,} may.",
    )  # fmt: skip


def blanks(source: Source, measured: Measured, name: str) -> Guard:
    found, limit = measured.blanks.get(name, 0), max(FEW["blanks"], share(source.blanks_percent, measured.rows))
    return Guard(
        f"blank_{name}", found, limit, measured.rows, ("blanks", "leavers"), found > limit,
        f"{found:,} of {measured.rows:,} rows have no {name}; up to {limit:,} may.",
    )  # fmt: skip


def rows(source: Source, measured: Measured) -> Guard:
    """A snapshot that was cut off looks like people who left. An empty one is never believed."""
    former = source.snapshot_rows if source.snapshot_rows is not None else measured.active
    limit = -(-former * source.rows_percent // 100) if source.snapshot_rows is not None else min(1, former)
    return Guard(
        "rows", measured.people, limit, former, ("leavers",), measured.people < limit,
        f"It brings {measured.people:,} people where the last one brought {former:,}; at least {limit:,} are expected.",
    )  # fmt: skip


def nameless(measured: Measured) -> Guard:
    """Whoever seems to be missing may stand in a row that nobody could read."""
    return Guard(
        "nameless_rows", measured.nameless, 0, measured.rows, ("leavers",),
        measured.nameless > 0 and measured.leavers > 0,
        f"{measured.nameless:,} rows do not tell whom they are about, so nobody knows who is really missing.",
    )  # fmt: skip


def as_facts(guards: list[Guard]) -> list[dict[str, Any]]:
    return [asdict(guard) for guard in guards]


def held_by(guards: list[Guard]) -> set[str]:
    return {what for guard in guards if guard.is_tripped for what in guard.holds}


HOLDING = {
    "leavers": "whoever would leave",
    "managers": "whoever would lose their manager",
    "titles": "whose title would change",
    "blanks": "fields that would become blank",
}


def shown(facts: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """What every guard found, for a page: the ones that hold first, with a bar of 200 for how far beyond."""
    told = sorted(facts, key=lambda guard: not guard["is_tripped"])
    return [
        {
            **guard,
            "tone": "block" if guard["is_tripped"] else "ok",
            "picture": "block" if guard["is_tripped"] else "ok",
            "holding": ", ".join(HOLDING.get(what, what) for what in guard["holds"]),
            "width": scaled(guard["found"], guard["of"]),
            "mark": scaled(guard["limit"], guard["of"]),
        }
        for guard in told
    ]


def scaled(part: int, whole: int) -> int:
    return min(200, 200 * part // max(whole, 1))


def would_trip(source: Source, fact: Mapping[str, Any]) -> bool:
    """What a guard of an earlier run (`as_facts`) would have said under these thresholds. See also: looked."""
    code, found, of = str(fact["code"]), int(fact["found"]), int(fact["of"])
    if code == "leavers":
        return found > max(source.leavers_number, share(source.leavers_percent, of))
    if code in {"managers", "titles"}:
        return found > max(FEW[code], share(getattr(source, f"{code}_percent"), of))
    if code.startswith("blank_"):
        return code.removeprefix("blank_") in source.key_fields and found > max(
            FEW["blanks"], share(source.blanks_percent, of)
        )
    # The first snapshot of a source was not measured by a share, nor are rows that name nobody.
    if code == "rows" and int(fact["limit"]) > 1:
        return found < -(-of * source.rows_percent // 100)
    return bool(fact["is_tripped"])
