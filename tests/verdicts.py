"""How the tables of who may do what are read, and the word in them that an answer comes to."""

import re
from collections.abc import Iterator
from contextlib import contextmanager

from django.db import transaction
from django.http import HttpResponse
from django.urls import reverse


def rows(table: str) -> list[list[str]]:
    """Columns are two blanks or more apart; a dot means that the address names nothing."""
    lines = [line for line in table.splitlines() if line and not line.startswith("#")]
    return [["" if word == "." else word for word in re.split(r"\s{2,}", line.strip())] for line in lines]


@contextmanager
def undone() -> Iterator[None]:
    """Whatever is done within, the house stands as before."""
    with transaction.atomic():
        yield
        transaction.set_rollback(True)


def verdict(answer: HttpResponse) -> str:
    """One word of the tables for an answer; anything unexpected as it is."""
    status, address = answer.status_code, answer.get("Location", "")
    if status in {301, 302} and address.startswith(reverse("account_login") + "?next="):
        return "door"
    words = {401: "401", 403: "no", 404: "gone", 405: "-"}
    return words.get(status, "yes" if status < 500 else str(status))


def as_table(names: list[str], words: str) -> dict[str, str]:
    return dict(zip(names, words.split(), strict=True))


def without_idle(table: dict[str, str]) -> dict[str, str]:
    """A stranger is led to the door before anybody looks whether the page takes that."""
    return {who: said for who, said in table.items() if said not in {"-", "door"}}
