"""What every measurement stands on: a database of its own, a clock, and one way to print a ratio."""

import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

from django.core.management import call_command
from django.db import connection


@contextmanager
def database(name: str) -> Iterator[None]:
    """An empty, migrated database beside the usual one; dropped at the end."""
    usual, name = connection.settings_dict["NAME"], f"sightline_bench_{name}"

    def drop() -> None:
        connection.close()
        connection.settings_dict["NAME"] = usual
        with connection.cursor() as cursor:
            cursor.execute(f'DROP DATABASE IF EXISTS "{name}" WITH (FORCE)')

    drop()
    with connection.cursor() as cursor:
        cursor.execute(f'CREATE DATABASE "{name}"')
    connection.close()
    connection.settings_dict["NAME"] = name
    try:
        call_command("migrate", verbosity=0)
        yield
    finally:
        drop()


@contextmanager
def beside(name: str) -> Iterator[dict[str, Any]]:
    """The settings of an empty database for another process; dropped at the end."""
    name = f"sightline_bench_{name}"
    drop = f'DROP DATABASE IF EXISTS "{name}" WITH (FORCE)'
    with connection.cursor() as cursor:
        cursor.execute(drop)
        cursor.execute(f'CREATE DATABASE "{name}"')
    try:
        yield {**connection.settings_dict, "NAME": name}
    finally:
        with connection.cursor() as cursor:
            cursor.execute(drop)


def seconds(work: Callable[[], object]) -> float:
    """By the clock."""
    start = time.perf_counter()
    work()
    return time.perf_counter() - start


def best_of(times: int, work: Callable[[], Any], *, before: Callable[[], Any] | None = None) -> tuple[float, Any]:
    """Seconds of the quickest try, and what it returned. The quickest is what the work costs; the rest is weather."""
    best, answer = float("inf"), None
    for _ in range(times):
        if before:
            before()
        start = time.perf_counter()
        answer = work()
        best = min(best, time.perf_counter() - start)
    return best, answer


def compare(what: str, *, ours: float, floor: float, limit: float) -> bool:
    """Print one ratio; whether it keeps within its limit."""
    ratio = ours / floor
    verdict = "ok" if ratio <= limit else "TOO SLOW"
    milliseconds = f"{ours * 1000:>10.1f} ms{floor * 1000:>10.1f} ms"
    print(f"{what:<48}{milliseconds}  {ratio:>5.2f} × (≤ {limit:g})  {verdict}", flush=True)
    return ratio <= limit
