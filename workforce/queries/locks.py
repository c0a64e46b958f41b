"""One at a time."""

from django.db import connection

from workforce.models import Run, Source

PATIENCE = "10s"


def alone_with(source: Source) -> None:
    """Wait until nobody else changes the people of this source; held until commit.

    Neither for this nor for anything else does the transaction wait longer than PATIENCE: a run of a million takes a
    minute, and neither a page nor a worker should stand in its line. Raises OperationalError; see also: base/busy.py.
    """
    with connection.cursor() as cursor:
        cursor.execute("SELECT set_config('lock_timeout', %s, true)", [PATIENCE])
        cursor.execute("SELECT pg_advisory_xact_lock(hashtext('people of'), hashtext(%s))", [source.name])


def hold_open(run: Run) -> str:
    """The run's state, which stays what it is until commit. Shared: pages may come side by side, a close waits."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT state FROM workforce_run WHERE id = %s FOR SHARE", [run.pk])
        state: str = cursor.fetchone()[0]
    return state
