"""People as a source tells them: the one way in which a person is added, changed, or leaves, whoever asks."""

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any
from uuid import UUID

from django.db import transaction
from django.utils import timezone

from base import changes
from base.changes import Actor
from base.errors import RuleBroken
from workforce import guards
from workforce.actions.announcing import announce
from workforce.feeds import rows
from workforce.guards import Guard
from workforce.models import Account, Run, Source
from workforce.queries import chains, corrections, differences, incoming, locks, phases, writing
from workforce.signals import accounts_ended

CHANGED = {"add": "created", "change": "updated", "leave": "left", "restore": "restored"}


@dataclass
class Tally:
    """How many people were created, updated, …; which guards looked; whether something waits."""

    counts: dict[str, int] = field(default_factory=dict)
    guards: list[Guard] = field(default_factory=list)
    is_held: bool = False


def sync_run(run: Run, *, by: Actor) -> Tally:
    """Apply what a run has staged, or write down what it would do. Inside the caller's transaction."""
    phases.say(run.pk, phases.COMPARING)
    incoming.leave_one_of_each(run.pk)
    people = incoming.count_of_people()
    corrections.heed(run.source, run.pk, is_dry=run.is_dry, by=by)
    differences.compare(run.source, is_snapshot=run.is_snapshot, opened_at=run.opened_at, today=timezone.localdate())
    rejected = differences.turn_away(run.pk)
    differences.keep_shared_addresses_out(run.source, run.pk)
    tally = Tally(guards=looked(run, people))
    held = 0
    if not run.is_dry:
        note_lapsed(writing.supersede(run), answer=run, by=by)
        held = hold(run, guards.held_by(tally.guards))
    settled(run.source, run.pk)
    tally.counts = {**counted(people, rejected), "held": held}
    # Rows without an id are no people, so nothing above has seen them.
    tally.counts["rejected"] += nameless_rows(run)
    # Whatever is dry waits for nobody.
    tally.is_held = not run.is_dry and any(guard.is_tripped for guard in tally.guards)
    if run.is_dry:
        writing.write_down(run)
        chains.unsettle()
    else:
        tally.counts["managers_found"] = written(run.source, run.pk, by)
        writing.note_versions(run)
    return tally


def sync_staged(source: Source, *, heeds_corrections: bool = False, run: UUID | None = None, by: Actor) -> Tally:
    """Apply what is staged without guards: somebody asked for exactly this. Inside the caller's transaction."""
    if heeds_corrections:
        corrections.heed(source, None, is_dry=False, by=by)
    phases.say(run, phases.COMPARING)
    people = incoming.count_of_people()
    differences.compare(source, is_snapshot=False, opened_at=timezone.now(), today=timezone.localdate())
    rejected = differences.turn_away(None)
    for code, count in rejected.items():
        if count:
            raise RuleBroken(differences.REFUSED_SENTENCES[code], code=code)
    differences.keep_shared_addresses_out(source, None)
    if settled(source, None) and incoming.names_managers():
        raise RuleBroken("This chain of managers would end where it began. Name another manager.", code="manager_loop")
    tally = Tally(counts=counted(people, rejected))
    written(source, run, by)
    return tally


@transaction.atomic
def sync_rows(
    source: Source, people: Sequence[Mapping[str, Any]], *, heeds_corrections: bool = True, by: Actor
) -> Tally:
    """Apply a few rows at once and whole. Raises RuleBroken with what is wrong with the first bad one."""
    page = rows.checked([dict(person) for person in people], now=timezone.now())
    if page.problems:
        raise RuleBroken(page.problems[0].detail, code=page.problems[0].code)
    locks.alone_with(source)
    incoming.stage_lines(page.content)
    incoming.leave_one_of_each(None)
    return sync_staged(source, heeds_corrections=heeds_corrections, by=by)


def note_lapsed(runs: list[UUID], *, answer: Run, by: Actor) -> None:
    """Nobody decided about these, and this one has answered what they asked."""
    for lapsed in Run.objects.filter(pk__in=runs).select_related("source"):
        changes.record("expire", lapsed, by=by, facts={"answered_by": (None, answer)})
        announce(lapsed)


def settled(source: Source, run: UUID | None) -> int:
    """Managers found and loops taken back; afterwards only real differences are left."""
    phases.say(run, phases.MANAGERS)
    loops = chains.settle(source, run)
    differences.forget_what_is_as_before()
    return loops


def written(source: Source, run: UUID | None, by: Actor) -> int:
    phases.say(run, phases.WRITING)
    done = writing.write(source, run=run, today=timezone.localdate(), by=by)
    chains.unsettle()
    if done.ended:
        accounts_ended.send(sender=Account, accounts=done.ended)
    return done.late


def looked(run: Run, people: int) -> list[Guard]:
    blanks: Counter[str] = Counter()
    rows = 0
    for count, names in run.pages.values_list("rows", "blanks"):
        rows += count
        blanks.update(names)
    sums = differences.sums(run.source)
    measured = guards.Measured(people=people, rows=rows, blanks=blanks, nameless=nameless_rows(run), **sums)
    return guards.looked(run.source, measured, is_snapshot=run.is_snapshot)


def nameless_rows(run: Run) -> int:
    return run.problems.rejected().filter(source_id="").count()


def hold(run: Run, what: set[str]) -> int:
    if not what:
        return 0
    which = {name: name in what for name in ("leavers", "managers", "titles", "blanks")}
    return writing.hold(run, which=which, key_fields=run.source.key_fields)


def counted(people: int, rejected: Mapping[str, int]) -> dict[str, int]:
    """Every person who came is created, updated, left, restored, unchanged or rejected; leavers may not have come."""
    found = differences.counts()
    counts = dict.fromkeys(CHANGED.values(), 0)
    mentioned = 0
    for (verb, is_missing), count in found.items():
        counts[CHANGED[verb]] += count
        mentioned += 0 if is_missing else count
    turned_away = sum(rejected.values()) + differences.turned_away_before()
    return {**counts, "rejected": turned_away, "unchanged": people - mentioned - turned_away}
