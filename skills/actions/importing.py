"""A list of skills: taken in, planned, brought in, stopped, undone. The work itself is in `skills/carrying.py`."""

from collections.abc import Collection, Mapping
from typing import Any, BinaryIO

from django.db import transaction
from django.utils import timezone

from base import changes, jobs
from base.errors import RuleBroken
from base.outbox import send_later
from skills.lists import columns, shape
from skills.models import Import, ImportRow
from skills.models.imports import ImportRowQuerySet
from skills.queries import bringing
from workforce.models import Account

State = Import.State
Choice = ImportRow.Choice
WORK = "skills.tasks.work_on_import"


@transaction.atomic
def add_import(file: BinaryIO, *, file_name: str, name: str = "", by: Account) -> Import:
    """Take in a file. Raises CannotRead for what is no list; a list in a known format is planned at once."""
    found = shape.examine(file)
    mapping = columns.guess(found.header, found.dialect)
    plan = Import.objects.create(
        name=" ".join(name.split())[:120] or shape.list_name(file_name, found),
        file_name=file_name[-200:],
        shape=found.as_json(),
        mapping=mapping,
        created_by=by,
    )
    plan.keep(file)
    changes.record("add", plan, by=by)
    if columns.is_certain(mapping, found.dialect):
        ask(plan, State.READING)
    return plan


@transaction.atomic
def look_again(plan: Import, *, sheet: str = "", has_header: bool | None = None, by: Account) -> Import:
    """Read the columns from another sheet, or take the first row for a skill instead of a header."""
    plan = locked(plan, State.MAPPING, State.PLANNED, State.REFUSED)
    with plan.open() as file:
        found = shape.examine(file, sheet=sheet, has_header=has_header)
    set_facts(plan, shape=found.as_json(), mapping=columns.guess(found.header, found.dialect), state=State.MAPPING)
    return plan


@transaction.atomic
def map_columns(plan: Import, *, name: str, mapping: Mapping[str, str], by: Account) -> Import:
    """Say which column is which, and plan."""
    plan = locked(plan, State.MAPPING, State.PLANNED, State.REFUSED)
    chosen = {field: header for field, header in mapping.items() if header}
    if unknown := [header for header in chosen.values() if header not in plan.shape["header"]]:
        raise RuleBroken(f"The list has no column “{unknown[0]}”. Choose one that it has.", code="no_such_column")
    if not chosen.keys() & {columns.NAME, columns.STATEMENT}:
        raise RuleBroken("Choose the column with the name or the one with the statement.", code="no_name_column")
    set_facts(plan, name=" ".join(name.split())[:120] or plan.name, mapping=chosen)
    ask(plan, State.READING)
    return plan


@transaction.atomic
def choose_rows(plan: Import, *, rows: Collection[int], choice: str, by: Account) -> int:
    """Take these rows in, leave them out, or let them stand for the skill they look like; returns how many changed."""
    plan = locked(plan, State.PLANNED, State.STOPPED)
    return choosable(plan, choice).filter(pk__in=rows).update(choice=choice)


@transaction.atomic
def choose_every(plan: Import, *, verdict: str, choice: str, by: Account) -> int:
    """The same for every row of a verdict."""
    plan = locked(plan, State.PLANNED, State.STOPPED)
    return choosable(plan, choice).judged(verdict).update(choice=choice)


def choosable(plan: Import, choice: str) -> ImportRowQuerySet:
    rows = ImportRow.objects.filter(owner=plan, result="").exclude(choice=choice)
    if choice == Choice.EXISTING:
        return rows.filter(verdict=ImportRow.Verdict.LOOK_ALIKE, skill__isnull=False)
    return rows.exclude(verdict__in=[ImportRow.Verdict.REJECTED, ImportRow.Verdict.UNCHANGED])


@transaction.atomic
def apply_import(plan: Import, *, by: Account) -> Import:
    """Bring in what is chosen, in the background; a stopped import goes on where it stopped."""
    plan = locked(plan, State.PLANNED, State.STOPPED)
    if not plan.rows.chosen().filter(result="").exists():
        raise RuleBroken("Nothing is chosen. Choose at least one row to bring in.", code="nothing_chosen")
    done = bringing.count_of(plan, bringing.DONE)
    # From the first row on: what was chosen while it stood still may lie before the place it had reached.
    set_facts(plan, total=done + bringing.count_of(plan, bringing.CHOSEN), done=done, reached=0)
    set_facts(plan, applied_at=timezone.now(), applied_by=by)
    changes.record("apply", plan, by=by, facts={"rows": (None, plan.total)})
    ask(plan, State.APPLYING)
    return plan


@transaction.atomic
def stop_import(plan: Import, *, by: Account) -> Import:
    """Let it rest after the piece that is being written. What is in stays in."""
    plan = locked(plan, State.READING, State.APPLYING, State.UNDOING)
    rest = {State.READING: State.MAPPING, State.UNDOING: State.APPLIED}.get(State(plan.state), State.STOPPED)
    jobs.call_off(plan, state=rest)
    changes.record("stop", plan, by=by, facts={"rows": (plan.total, plan.done)})
    return plan


@transaction.atomic
def undo_import(plan: Import, *, by: Account) -> Import:
    """Take back what it brought in, in the background, where nobody has touched it since."""
    plan = locked(plan, State.APPLIED, State.STOPPED)
    set_facts(plan, total=bringing.count_of(plan, bringing.DONE), done=0, reached=0)
    set_facts(plan, undone_at=timezone.now(), undone_by=by)
    changes.record("undo", plan, by=by, facts={"rows": (None, plan.total)})
    ask(plan, State.UNDOING)
    return plan


def locked(plan: Import, *states: State) -> Import:
    plan = Import.objects.select_for_update(of=("self",)).get(pk=plan.pk)
    if plan.state not in states:
        raise RuleBroken(
            f"The list is {State(plan.state).label.lower()} now. Reload the page to see where it stands.",
            code="wrong_state",
        )
    return plan


def ask(plan: Import, state: State) -> None:
    jobs.want(plan, state=state)
    send_later(WORK, import_id=str(plan.pk))


def set_facts(plan: Import, **facts: Any) -> None:
    for field, value in facts.items():
        setattr(plan, field, value)
    plan.save(update_fields=list(facts))
