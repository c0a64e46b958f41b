"""A file of people brought by hand: its columns chosen, checked in a dry run, and sent as a run like any other."""

import logging
from collections.abc import Iterator, Mapping
from itertools import islice
from typing import BinaryIO
from uuid import UUID

from django.db import OperationalError, transaction
from django.utils import timezone

from base import changes, jobs
from base.errors import RuleBroken
from base.jobs import LostLease
from base.outbox import send_later
from base.tables import shape
from base.tables.limits import MAX_BYTES, MAX_ROWS, MB, CannotRead
from workforce.actions.runs import PATIENCE, add_page, close_run, open_run, source_named
from workforce.feeds import columns
from workforce.feeds.rows import ACCEPTED
from workforce.models import Account, Run, Source, Upload, UploadPiece

log = logging.getLogger(__name__)
State = Upload.State
WORK = "workforce.routines.work_on_upload"
AT_ONCE = 10_000  # rows of a page
NAMES = {"display_name", "given_name", "family_name"}
BY_PROGRAM = (
    "Send it over the API instead, in pages. A part of a snapshot would say that everybody in the other part has left."
)
OURS = "Something went wrong on our side while the file was read. Nothing was changed: try again."


@transaction.atomic
def add_upload(file: BinaryIO, *, file_name: str, source: str, mode: str, by: Account) -> Upload:
    """Take in a file. Raises RuleBroken with what to do where it is no list of people."""
    found = examined(file)
    owner = source_named(source)
    upload = Upload.objects.create(
        source=owner,
        mode=mode,
        file_name=file_name[-200:],
        shape=found.as_json(),
        mapping=columns.guess(found.header, remembered(owner)),
        created_by=by,
    )
    upload.keep(file)
    changes.record("add", upload, by=by)
    return upload


def examined(file: BinaryIO, *, sheet: str = "") -> shape.Shape:
    try:
        found = shape.examine(file, columns=columns, sheet=sheet)
    except CannotRead as why:
        raise in_words_for_people(why) from None
    if not found.header_at:
        raise RuleBroken("The first line must name the columns, such as “Employee ID”, “Name”.", code="no_header")
    return found


def in_words_for_people(why: CannotRead) -> CannotRead:
    """Splitting helps a list of skills, and would do harm here."""
    limits = {"too_large": f"{MAX_BYTES // MB} MB", "too_many_rows": f"{MAX_ROWS:,} rows"}
    if why.code in limits:
        return CannotRead(f"A file may have up to {limits[why.code]}. {BY_PROGRAM}", code=why.code)
    return why


def remembered(source: Source) -> dict[str, str]:
    """The columns as somebody last chose them for this source."""
    chosen = source.uploads.exclude(state=State.MAPPING).order_by("-created_at").values_list("mapping", flat=True)
    return chosen.first() or {}


@transaction.atomic
def look_again(upload: Upload, *, sheet: str, by: Account) -> Upload:
    """Read the columns from another sheet."""
    upload = locked(upload, State.MAPPING, State.CHECKED, State.REFUSED)
    with upload.open() as file:
        found = examined(file, sheet=sheet)
    mapping = columns.guess(found.header, remembered(upload.source))
    Upload.objects.filter(pk=upload.pk).update(shape=found.as_json(), mapping=mapping, state=State.MAPPING)
    upload.refresh_from_db()
    return upload


@transaction.atomic
def map_upload(upload: Upload, *, mapping: Mapping[str, str], by: Account) -> Upload:
    """Say which column is which, and have the file checked: nothing changes yet."""
    upload = locked(upload, State.MAPPING, State.CHECKED, State.REFUSED)
    chosen = {field: name for field, name in mapping.items() if name and field in ACCEPTED}
    if "source_id" not in chosen:
        raise RuleBroken("Choose the column that tells people apart for good, such as an employee id.", code="no_id")
    if not NAMES & chosen.keys():
        raise RuleBroken("Choose the column with the name, or given and family name.", code="no_name_column")
    if len(set(chosen.values())) < len(chosen):
        raise RuleBroken("A column can say one thing only. Choose another for one of the two.", code="column_twice")
    if unknown := [name for name in chosen.values() if name not in upload.shape["header"]]:
        raise RuleBroken(f"The file has no column “{unknown[0]}”. Choose one that it has.", code="no_such_column")
    ask(upload, State.CHECKING, mapping=chosen, dry_run=None)
    return upload


@transaction.atomic
def apply_upload(upload: Upload, *, by: Account) -> Upload:
    """Send the file as it was checked. Asked twice, it is sent once."""
    upload = locked(upload, State.CHECKED, State.APPLYING, State.APPLIED)
    if upload.state == State.CHECKED:
        if upload.dry_run is None or upload.dry_run.state != Run.State.APPLIED:
            raise RuleBroken(
                "The file is not checked yet. Wait for its dry run, or choose the columns again.", code="unchecked"
            )
        ask(upload, State.APPLYING, applied_at=timezone.now(), applied_by=by)
        changes.record("apply", upload, by=by)
    return upload


def locked(upload: Upload, *states: State) -> Upload:
    upload = Upload.objects.select_for_update(of=("self",)).select_related("source", "dry_run").get(pk=upload.pk)
    if upload.state not in states:
        raise RuleBroken(f"This file is {upload.get_state_display().lower()} now. Reload the page.", code="wrong_state")
    if not upload.pieces.exists() and upload.state != State.APPLIED:
        raise RuleBroken("The file was thrown away after three days. Upload it again.", code="file_gone")
    return upload


def ask(upload: Upload, state: State, **facts: object) -> None:
    jobs.want(upload, state=state, **facts)
    send_later(WORK, upload_id=str(upload.pk))


# --- the work -----------------------------------------------------------------------------------


def work_on_upload(pk: UUID) -> bool:
    """Read the file into a run. False where there is nothing to do, or another worker has it."""
    upload = jobs.claim(Upload.objects.select_related("source", "created_by", "applied_by"), pk)
    if upload is None:
        return False
    try:
        bring(upload)
    except LostLease:
        return False
    except OperationalError:
        log.warning("Upload %s is left for another try", pk, exc_info=True)
        return False
    except RuleBroken as refusal:
        why = in_words_for_people(refusal) if isinstance(refusal, CannotRead) else refusal
        jobs.finish(upload, state=State.REFUSED, failure=why.message)
    except Exception:
        log.exception("Upload %s failed", pk)
        jobs.finish(upload, state=State.REFUSED, failure=OURS)
    return True


@transaction.atomic
def bring(upload: Upload) -> Run:
    """All rows in one closed run, or no run: whoever comes after a killed worker begins anew."""
    jobs.renew(upload)
    is_dry = upload.state == State.CHECKING
    by = upload.created_by if is_dry else upload.applied_by or upload.created_by
    run = open_run(upload.source.name, mode=upload.mode, is_dry=is_dry, by=by)
    for at, people in pages_of(upload):
        add_page(run, people, at=at, by=by)
    close_run(run, by=by)
    if is_dry:
        jobs.finish(upload, state=State.CHECKED, dry_run=run)
    else:
        jobs.finish(upload, state=State.APPLIED, run=run)
        upload.pieces.all().delete()
    return run


def pages_of(upload: Upload) -> Iterator[tuple[int, list[object]]]:
    """(row of the file, people) of each page."""
    found = upload.found
    reader = columns.Reader(found.header, upload.mapping)
    with upload.open() as file:
        rows = shape.records(file, found)
        while piece := list(islice(rows, AT_ONCE)):
            yield piece[0][0], [reader.row_of(cells) for _, cells in piece]


def resume_uploads() -> int:
    """A worker was killed, or the queue lost the message: ask again. Returns how many."""
    stalled = Upload.objects.stalled().values_list("pk", flat=True)
    return sum(jobs.resume(Upload.objects.all(), pk, WORK, upload_id=str(pk)) for pk in stalled)


def forget_files() -> int:
    """What nobody sent within three days is personal data that nobody needs. Returns how many pieces went."""
    old = UploadPiece.objects.filter(owner__created_at__lt=timezone.now() - PATIENCE, owner__wanted_at=None)
    return old.delete()[0]
