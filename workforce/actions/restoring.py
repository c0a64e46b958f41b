"""After a wrong run: whoever it let leave comes back, together, by the rules of everybody who comes back."""

from dataclasses import dataclass

from django.db import transaction

from base import changes, edits
from base.errors import RuleBroken
from workforce.actions.syncing import sync_rows
from workforce.models import RESTORABLE, Account, Run
from workforce.queries.returning import could_return


@dataclass(frozen=True)
class Return:
    """How many came back, and of which run."""

    run: Run
    count: int


@transaction.atomic
def restore_leavers(run: Run, *, reason: str, by: Account) -> Return:
    """Take back all whom this run let leave and who are still gone, each with the status they had.

    Raises RuleBroken where there is nobody any more: they are back already, left again since, or left too long ago.
    """
    run = edits.locked(run)
    people = could_return(run)
    if not people:
        raise RuleBroken(
            f"Nobody is left to take back: they are here, or left more than {RESTORABLE.days} days ago.",
            code="nobody_to_restore",
        )
    sync_rows(run.source, people, heeds_corrections=False, by=by)
    changes.record("take_back_leavers", run, by=by, facts={"count": (None, len(people)), "reason": (None, reason)})
    return Return(run, len(people))
