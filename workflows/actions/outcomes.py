"""What steps produce."""

import datetime as dt
from decimal import Decimal
from typing import Any

from django.utils import timezone

from base import edits
from base.errors import RuleBroken
from workflows.actions.editing import editing, must_be_in_use
from workflows.models import Measurement, Outcome, Step
from workforce.models import Account


def add_outcome(step: Step, *, statement: str, by: Account, **values: Any) -> Outcome:
    """Say what a step produces, for whom, and how that is measured."""
    with editing(step.workflow, by=by) as edit:
        must_be_in_use(edits.locked(step), before="you give it an outcome")
        return edit.add(Outcome(produced_by=step, statement=statement, **values))


def change_outcome(outcome: Outcome, *, seen: int | None = None, by: Account, **values: Any) -> Outcome:
    """Reword an outcome or bring its figures up to date. `seen` is the version the editor had before them."""
    with editing(outcome.produced_by.workflow, by=by, structure=False) as edit:
        outcome = edits.locked(outcome, seen=seen)
        must_be_in_use(outcome)
        edit.save(outcome, values)
        return outcome


def record_measurement(
    outcome: Outcome, *, value: Decimal, measured_on: dt.date, note: str = "", by: Account
) -> Measurement:
    """Say what an outcome was found to be on a day; the newest value is the current one."""
    with editing(outcome.produced_by.workflow, by=by, structure=False) as edit:
        outcome = edits.locked(outcome)
        must_be_in_use(outcome)
        if not outcome.measure:
            raise RuleBroken("Say what is measured before recording a value.", code="no_measure")
        if measured_on > timezone.localdate():
            raise RuleBroken("This day has not come yet. Give the day it was measured.", code="not_yet")
        found = Measurement.objects.filter(outcome=outcome, measured_on=measured_on).first()
        if found:
            edit.save(found, {"value": value, "note": note, "recorded_by": by})
        else:
            found = edit.add(
                Measurement(outcome=outcome, value=value, measured_on=measured_on, note=note, recorded_by=by)
            )
        if not Measurement.objects.later_than(found).exists():
            edit.save(outcome, {"current": value})
        return found


def retire_outcome(outcome: Outcome, *, by: Account) -> Outcome:
    """Take an outcome out of use; contexts that point to it lose their line of sight and are flagged."""
    with editing(outcome.produced_by.workflow, by=by) as edit:
        outcome = edits.locked(outcome)
        edit.retire(outcome)
        return outcome


def restore_outcome(outcome: Outcome, *, by: Account) -> Outcome:
    """Take a retired outcome back into use."""
    with editing(outcome.produced_by.workflow, by=by) as edit:
        outcome = edits.locked(outcome)
        must_be_in_use(outcome.produced_by, before="you restore what it produces")
        edit.restore(outcome)
        return outcome
