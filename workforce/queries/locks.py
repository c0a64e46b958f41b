"""One at a time."""

from django.db import connection

from workforce.models import Run, Source


def alone_with(source: Source) -> None:
    """Wait until nobody else changes the people of this source; held until commit."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(hashtext('people of'), hashtext(%s))", [source.name])


def hold_open(run: Run) -> str:
    """The run's state, which stays what it is until commit. Shared: pages may come side by side, a close waits."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT state FROM workforce_run WHERE id = %s FOR SHARE", [run.pk])
        state: str = cursor.fetchone()[0]
    return state
