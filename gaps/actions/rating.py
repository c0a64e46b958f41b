"""Ratings that exist elsewhere: taken in, planned by a scale that somebody saw, brought in, stopped, taken back.

The work itself is in `gaps/bringing.py`.
"""

from collections.abc import Collection, Mapping
from typing import BinaryIO

from django.db import transaction
from django.utils import timezone

from base import changes, jobs
from base.errors import RuleBroken
from base.outbox import send_later
from base.tables import shape
from base.tables.limits import MB, CannotRead
from gaps import ratings
from gaps.models import RatingList, Type
from gaps.ratings import Band
from workforce.models import Account

State = RatingList.State
WORK = "gaps.tasks.work_on_ratings"
# What a list may say: what was seen at a step names its step and its observer, and comes one by one.
TYPES = (Type.INFERRED, Type.MANAGER, Type.PEER, Type.OWN, Type.EXERCISE, Type.CREDENTIAL)
# A page takes no more than it lets through the door; a command reads from a disk.
MOST_BYTES = 150 * MB


@transaction.atomic
def add_ratings(file: BinaryIO, *, file_name: str, by: Account) -> RatingList:
    """Take in a file. Raises CannotRead for what is no list. Nothing is planned before its scale is chosen."""
    found = examined(file)
    plan = RatingList.objects.create(
        file_name=file_name[-200:], shape=found.as_json(), mapping=ratings.guess(found.header), created_by=by
    )
    plan.keep(file)
    changes.record("add", plan, by=by)
    return plan


def examined(file: BinaryIO, *, sheet: str = "") -> shape.Shape:
    found = shape.examine(file, columns=ratings.Columns(), sheet=sheet, most=MOST_BYTES)
    if not found.header_at:
        raise CannotRead("The first line must name the columns, such as person, skill, level.", code="no_header")
    return found


@transaction.atomic
def look_at_sheet(plan: RatingList, *, sheet: str, by: Account) -> RatingList:
    """Read the columns from another sheet."""
    plan = locked(plan, State.MAPPING, State.PLANNED, State.REFUSED)
    with plan.open() as file:
        found = examined(file, sheet=sheet)
    RatingList.objects.filter(pk=plan.pk).update(
        shape=found.as_json(), mapping=ratings.guess(found.header), state=State.MAPPING
    )
    plan.refresh_from_db()
    return plan


@transaction.atomic
def plan_ratings(
    plan: RatingList,
    *,
    source: str,
    type: str,
    scale: str,
    bands: Collection[Band],
    mapping: Mapping[str, str],
    by: Account,
) -> RatingList:
    """Say whose ratings they are, which column is which and what their scale means, and ask for the plan."""
    plan = locked(plan, State.MAPPING, State.PLANNED, State.REFUSED)
    source = " ".join(source.split())
    if not source:
        raise RuleBroken("Say where the ratings come from. The same name finds them again.", code="no_source")
    if type not in TYPES:
        raise RuleBroken(f"A list brings {', '.join(TYPES)}. What was seen names its step.", code="no_such_type")
    if scale not in ratings.SCALES or not bands:
        raise RuleBroken("Choose the scale of the list. It is never guessed.", code="no_scale")
    chosen = {field: name for field, name in mapping.items() if name and field in ratings.FIELDS}
    ratings.must_lead_somewhere(plan.shape["header"], chosen)
    ask(
        plan, State.READING, source=source[:200], type=type, scale=scale, bands=[list(band) for band in bands],
        mapping=chosen, day=timezone.localdate(), done=0, total=0,
    )  # fmt: skip
    return plan


@transaction.atomic
def apply_ratings(plan: RatingList, *, by: Account) -> RatingList:
    """Record what is new, in the background; a stopped list goes on where it stopped."""
    plan = locked(plan, State.PLANNED, State.STOPPED)
    if plan.state == State.PLANNED and not plan.new:
        raise RuleBroken("The list brings nothing new. Correct its rows, and bring it again.", code="nothing_new")
    done = plan.done if plan.state == State.STOPPED else 0
    changes.record("apply", plan, by=by, facts={"ratings": (None, plan.new)})
    ask(plan, State.APPLYING, applied_at=timezone.now(), applied_by=by, done=done, total=plan.new)
    return plan


@transaction.atomic
def stop_ratings(plan: RatingList, *, by: Account) -> RatingList:
    """Let it rest after the piece that is being written. What is in stays in."""
    plan = locked(plan, State.READING, State.APPLYING, State.UNDOING)
    changes.record("stop", plan, by=by, facts={"ratings": (plan.total, plan.done)})
    if plan.state == State.UNDOING:
        jobs.call_off(plan, state=State.APPLIED, done=plan.total - plan.done)
    else:
        jobs.call_off(plan, state=State.MAPPING if plan.state == State.READING else State.STOPPED)
    return plan


@transaction.atomic
def undo_ratings(plan: RatingList, *, reason: str, by: Account) -> RatingList:
    """Withdraw all that the list said, in the background, as new records: the evidence stays to be seen."""
    plan = locked(plan, State.APPLIED, State.STOPPED)
    if not reason.strip():
        raise RuleBroken("Say why. Whoever was rated reads it beside the rating.", code="no_reason")
    changes.record("undo", plan, by=by, facts={"reason": (None, reason.strip())})
    ask(
        plan, State.UNDOING, undone_at=timezone.now(), undone_by=by, undo_reason=reason.strip()[:400], reached="",
        total=plan.done, done=0,
    )  # fmt: skip
    return plan


def locked(plan: RatingList, *states: State) -> RatingList:
    plan = RatingList.objects.select_for_update(of=("self",)).get(pk=plan.pk)
    if plan.state not in states:
        raise RuleBroken(
            f"The list is {State(plan.state).label.lower()} now. Reload the page to see where it stands.",
            code="wrong_state",
        )
    if not plan.pieces.exists() and plan.state not in {State.APPLIED, State.UNDOING}:
        raise RuleBroken("The file was thrown away after a week. Upload it again.", code="file_gone")
    return plan


def ask(plan: RatingList, state: State, **facts: object) -> None:
    jobs.want(plan, state=state, **facts)
    send_later(WORK, list_id=str(plan.pk))
