"""How far one big transaction is, told from within it.

Nothing that it writes can be seen before it commits. What its connection is called can, at once and by everybody who
signs in to the database as we do; and when its worker dies, the name goes with the connection.
"""

import datetime as dt
from dataclasses import dataclass
from uuid import UUID

from django.db import connection

STAGING, WAITING, COMPARING, MANAGERS, WRITING = "staging", "waiting", "comparing", "managers", "writing"
# In the order in which a run goes through them. A name of a connection has room for 63 characters.
IN_WORDS = {
    STAGING: "Rows laid out",
    WAITING: "Waits for its turn",
    COMPARING: "Compared with the people who are here",
    MANAGERS: "Managers found, loops taken back",
    WRITING: "People and their trail written",
}


@dataclass(frozen=True)
class Phase:
    name: str
    began_at: dt.datetime | None


def say(run: UUID | None, phase: str) -> None:
    """Until the transaction ends. Without a run nobody watches."""
    if run is not None:
        with connection.cursor() as cursor:
            cursor.execute("SELECT set_config('application_name', %s, true)", [f"run {run.hex} {phase}"])


def said(run: UUID) -> Phase | None:
    """The phase of a run that some worker has in hand now, and since when it is at work; None where nobody is."""
    called = f"run {run.hex} "
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT application_name, xact_start FROM pg_stat_activity "
            "WHERE datname = current_database() AND starts_with(application_name, %s)",
            [called],
        )
        found = cursor.fetchone()
    return Phase(found[0].removeprefix(called), found[1]) if found else None
