"""The policy for what is known about people: what, why, how long, and what becomes of it when somebody is erased.

Each room declares its part in `retention.py`, beside its models; pages, papers and the erasure itself read this one
registry, and a test holds every column of every table against it. What is declared first is done first.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Any

from django.apps import apps
from django.conf import settings


class Fate(StrEnum):
    DELETE = "delete"
    PSEUDONYMISE = "pseudonymise"
    KEEP = "keep"

    @property
    def words(self) -> str:
        return {"delete": "Deleted", "pseudonymise": "Replaced by a made-up name", "keep": "Kept"}[self]


@dataclass(frozen=True)
class Rule:
    """About some columns of one table; without `columns` about whole rows.

    `where` is SQL with the values of `Subject`; `values` says in SQL what a column becomes.
    """

    model: str
    columns: tuple[str, ...]
    what: str
    why: str
    kept: str
    fate: Fate
    because: str = ""
    where: str = ""
    values: Mapping[str, str] = field(default_factory=dict)
    # The night deletes what is older: (column, name of the setting that holds the days).
    expires: tuple[str, str] | None = None

    @property
    def table(self) -> str:
        return str(apps.get_model(self.model)._meta.db_table)

    @property
    def kept_in_words(self) -> str:
        return f"{getattr(settings, self.expires[1])} days" if self.expires else self.kept

    @property
    def fate_in_words(self) -> str:
        return f"{self.fate.words}: {self.because}" if self.because else self.fate.words


# Rooms enter their rules here; nothing names an upper room.
RULES: list[Rule] = []
# {model: columns} that say something about work or machinery, and about nobody.
IMPERSONAL: dict[str, set[str]] = {}

OF_THE_ROW = "as long as the row that names it"
ACTORS = "who did something, so that a change can be asked about"


def delete(
    model: str, *, where: str, what: str, why: str, kept: str = "", expires: tuple[str, str] | None = None
) -> None:
    RULES.append(Rule(model, (), what, why, kept, Fate.DELETE, where=where, expires=expires))


def pseudonymise(
    model: str, *, where: str, values: Mapping[str, str], what: str, why: str, kept: str, because: str = ""
) -> None:
    RULES.append(
        Rule(model, tuple(values), what, why, kept, Fate.PSEUDONYMISE, because=because, where=where, values=values)
    )


def keep(model: str, columns: str, *, what: str, why: str, because: str, kept: str = OF_THE_ROW) -> None:
    RULES.append(Rule(model, tuple(columns.split()), what, why, kept, Fate.KEEP, because=because))


def actors(model: str, columns: str) -> None:
    """References to accounts: the account loses its name, so the reference names nobody."""
    keep(model, columns, what="which account did it", why=ACTORS, because="the account behind it loses its name")


def impersonal(model: str, columns: str) -> None:
    IMPERSONAL.setdefault(model, set()).update(columns.split())


def covered(model: str) -> set[str]:
    """The columns about which something is declared; all of them where whole rows are deleted."""
    said = set(IMPERSONAL.get(model, ()))
    for rule in RULES:
        if rule.model == model:
            said |= set(rule.columns) or {each.name for each in apps.get_model(model)._meta.concrete_fields}
    return said


# --- one person's erasure ---------------------------------------------------------------------


@dataclass(frozen=True)
class Subject:
    """Whom it is about, in every spelling under which they may be kept."""

    person: str | None
    account: str | None
    pseudonym: str
    source: str = ""
    source_id: str = ""
    # Names, addresses and ids, letter by letter.
    spellings: tuple[str, ...] = ()

    def values(self) -> dict[str, Any]:
        return {
            "person": self.person,
            "account": self.account,
            "pseudonym": self.pseudonym,
            "source": self.source,
            "source_id": self.source_id,
            "spellings": list(self.spellings),
            "patterns": [f"%{escaped(each)}%" for each in self.spellings],
        }


def escaped(text: str) -> str:
    return text.replace("\\", "\\\\").replace("%", r"\%").replace("_", r"\_")
