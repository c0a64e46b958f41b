"""One value at a time: what an HR system writes, as we keep it, or the reason why not."""

import datetime as dt
import re
import unicodedata
from functools import lru_cache

# Written where a form wanted a day and nobody had one; 0001-01-01 is what .NET calls “no date”.
NO_DAY_UNTIL = dt.date(1900, 1, 1)
# No calendar has it; MySQL does, and with it BambooHR.
NOTHING_AS_A_DAY = "0000-00-00"
# 4712-12-31, 9999-01-01, 9999-12-31: an open end.
OPEN_END_FROM = dt.date(2200, 1, 1)
# How far a source's clock may be ahead of ours.
SKEW = dt.timedelta(days=1)
DAY = re.compile(r"(\d{4})-(\d\d)-(\d\d)(?:[T ]\d\d:\d\d(?::\d\d(?:\.\d+)?)?(?:Z|[+-]\d\d:?\d\d)?)?")
# With dots the day comes first, wherever people write it so. Strokes mean one thing here and another there.
DOTTED = re.compile(r"(\d{1,2})\.\s?(\d{1,2})\.\s?(\d{4})")
TICKS = re.compile(r"/Date\((-?\d{1,15})([+-]\d{4})?\)/")
EMAIL = re.compile(r"[^@\s]+@[^@\s.]+(?:\.[^@\s.]+)+")
STATUSES = {
    "active": {"active", "true", "1", "yes", "employed"},
    "leave": {"leave", "on_leave", "on leave", "loa"},
    "pending": {"pending", "prehire", "pre-hire", "onboarding"},
    "inactive": {"inactive", "false", "0", "no", "left", "terminated", "retired", "deceased"},
}
STATUS_OF = {word: status for status, words in STATUSES.items() for word in words}


class NotTaken(Exception):  # noqa: N818 - it is an answer, not a fault
    """This value cannot be kept. The sentence says what to send instead."""

    def __init__(self, code: str, sentence: str) -> None:
        super().__init__(sentence)
        self.code, self.sentence = code, sentence


def text(value: object, longest: int) -> str:
    """White space of every kind becomes one space: names with no-break spaces and line ends are still one name."""
    if value == "":
        return ""
    kept = " ".join(plain(value).split())
    if not kept.isprintable():
        kept = readable(kept)
    if len(kept) > longest:
        raise NotTaken("too_long", f"At most {longest} characters are kept here, and this has {len(kept)}.")
    return kept


def plain(value: object) -> str:
    if isinstance(value, str):
        return value
    if value is None:
        return ""
    if isinstance(value, int) and not isinstance(value, bool) and abs(value) < 10**18:
        return str(value)
    raise NotTaken("not_text", "Send a text here, not a list, an object, a fraction or true/false.")


def readable(value: str) -> str:
    """Joiners and direction marks belong to names in many scripts; control characters and half characters do not."""
    kinds = {unicodedata.category(character) for character in value}
    if kinds & {"Cc", "Cs"}:
        raise NotTaken("unreadable", "There are control characters or broken characters in it. Check the encoding.")
    return value if kinds - {"Cf", "Zs"} else ""


@lru_cache(maxsize=100_000)
def identity(value: object) -> str:
    """A key is kept as it is, but for spaces around it."""
    kept = plain(value).strip()
    if not kept.isprintable() and any(unicodedata.category(c) in {"Cc", "Cs", "Zl", "Zp"} for c in kept):
        raise NotTaken("unreadable", "There are control characters or broken characters in it. Check the encoding.")
    if len(kept) > 200:
        raise NotTaken("too_long", f"At most 200 characters are kept here, and this has {len(kept)}.")
    return kept


def email(value: object, longest: int = 254) -> str:
    kept = text(value, longest)
    if kept and not EMAIL.fullmatch(kept):
        raise NotTaken("bad_email", f"“{kept[:80]}” is no e-mail address.")
    return kept


@lru_cache(maxsize=1000)
def status(value: object) -> str | None:
    """One of STATUSES, or None where the source says nothing."""
    word = str(value).strip().lower() if isinstance(value, bool) else text(value, 60).lower()
    if word and word not in STATUS_OF:
        raise NotTaken("bad_status", f"“{word}” is none of active, leave, pending, inactive.")
    return STATUS_OF.get(word)


@lru_cache(maxsize=50_000)
def day(value: object) -> str | None:
    """A day as YYYY-MM-DD, or None where the source has none and writes a placeholder. See also: first_day."""
    written = text(value, 60)
    if not written or written.startswith(NOTHING_AS_A_DAY):
        return None
    found = day_written(written)
    if found is None:
        raise NotTaken("bad_date", f"“{written}” is no day. Send YYYY-MM-DD.")
    return None if found <= NO_DAY_UNTIL or found >= OPEN_END_FROM else found.isoformat()


@lru_cache(maxsize=50_000)
def first_day(value: object) -> str | None:
    """As `day`, but nobody starts at an open end."""
    written = text(value, 60)
    if (found := day_written(written)) and found >= OPEN_END_FROM:
        raise NotTaken("bad_date", f"“{written}” cannot be a first day.")
    return day(value)


def day_written(written: str) -> dt.date | None:
    if ticks := TICKS.fullmatch(written):
        return day_of(ticks)
    if parts := DAY.fullmatch(written):
        return calendar_day(*parts.groups())
    if parts := DOTTED.fullmatch(written):
        return calendar_day(*reversed(parts.groups()))
    return None


def calendar_day(*parts: str) -> dt.date | None:
    """Year, month, day; None for the 31st of February."""
    try:
        return dt.date(*(int(part) for part in parts))
    except ValueError:
        return None


def from_ticks(ticks: re.Match[str]) -> dt.datetime:
    """Milliseconds since 1970, as SAP writes them."""
    try:
        return dt.datetime.fromtimestamp(int(ticks[1]) / 1000, dt.UTC)
    except (OverflowError, ValueError, OSError):
        raise NotTaken("bad_date", f"“{ticks[0]}” is no day. Send YYYY-MM-DD.") from None


def day_of(ticks: re.Match[str]) -> dt.date:
    """The offset says where the day is counted."""
    hours, minutes = (int(ticks[2][:3]), int(ticks[2][0] + ticks[2][3:])) if ticks[2] else (0, 0)
    return (from_ticks(ticks) + dt.timedelta(hours=hours, minutes=minutes)).date()


@lru_cache(maxsize=10_000)
def moment(value: object) -> str | None:
    """When the source says it changed something, in UTC, as a text that sorts; without an offset it is taken as UTC."""
    written = text(value, 60)
    if not written:
        return None
    if ticks := TICKS.fullmatch(written):
        return from_ticks(ticks).isoformat()
    try:
        found = dt.datetime.fromisoformat(written)
        return (found.astimezone(dt.UTC) if found.tzinfo else found.replace(tzinfo=dt.UTC)).isoformat()
    except (ValueError, OverflowError):
        raise NotTaken("bad_date", f"“{written}” is no moment. Send YYYY-MM-DDThh:mm:ssZ.") from None
