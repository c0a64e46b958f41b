"""After a wrong run: whoever it let leave comes back, together, by the rules of everybody who comes back."""

from django.db import transaction

from base import edits
from base.errors import RuleBroken
from workforce.actions.runs import NOBODY, close_run, open_run
from workforce.models import Account, Run
from workforce.queries.returning import how_many_could_return


@transaction.atomic
def restore_leavers(run: Run, *, reason: str, by: Account) -> Run:
    """Have all taken back whom this run let leave and who are still gone, each with the status they had.

    In the background, as a run that nobody sent; asked for twice, it is the same one. Raises RuleBroken where there is
    nobody any more: they are back already, left again since, or left too long ago.
    """
    run = edits.locked(run)
    if under_way := run.returns.wanted().first():
        return under_way
    if not how_many_could_return(run):
        raise RuleBroken(NOBODY, code="nobody_to_restore")
    back = open_run(run.source.name, mode=Run.Mode.DELTA, takes_back=run, reason=reason, by=by)
    return close_run(back, by=by)
