"""What happened to a workflow, and which of it can still be taken back."""

from collections.abc import Collection
from dataclasses import dataclass
from uuid import UUID

from django.db.models import Max, QuerySet

from base.models import Change, Retirable
from workflows.models import Handoff, Outcome, Step, Workflow

NOUNS: dict[str, type[Retirable]] = {"workflow": Workflow, "step": Step, "outcome": Outcome, "handoff": Handoff}
REVERSED = {"retire": "restore", "restore": "retire", "move": "move"}


@dataclass(frozen=True)
class Undo:
    """The verb that takes a change back; `position` where it is a move."""

    verb: str
    position: int | None = None


def trail(workflow: Workflow) -> QuerySet[Change]:
    """Every change to a workflow and to what is in it, newest first."""
    return Change.objects.filter(scope=workflow.pk).order_by("-id")


def undoable(changes: Collection[Change]) -> dict[int, Undo]:
    """{change: how to take it back}, for those that nothing has overtaken since. As many queries as kinds of nouns."""
    reversible = [change for change in changes if change.verb in REVERSED and change.noun in NOUNS]
    latest = latest_verbs({change.subject for change in reversible})
    found = still_there(reversible)
    return {
        change.pk: undo
        for change in reversible
        if (noun := found.get(change.subject)) and (undo := way_back(change, noun, latest[change.subject]))
    }


def way_back(change: Change, noun: Retirable, latest: dict[str, int]) -> Undo | None:
    """None where a later change has made this one history."""
    if latest[change.verb] != change.pk or latest.get(REVERSED[change.verb], 0) > change.pk:
        return None
    if change.verb != "move":
        return Undo(REVERSED[change.verb])
    before, after = change.facts["position"]
    stands = isinstance(noun, Step) and not noun.is_retired and noun.position == after
    return Undo("move", position=before) if stands else None


def latest_verbs(subjects: Collection[UUID]) -> dict[UUID, dict[str, int]]:
    latest: dict[UUID, dict[str, int]] = {}
    rows = Change.objects.filter(subject__in=subjects, verb__in=REVERSED).values_list("subject", "verb")
    for subject, verb, last in rows.annotate(last=Max("pk")):
        latest.setdefault(subject, {})[verb] = last
    return latest


def still_there(changes: Collection[Change]) -> dict[UUID, Retirable]:
    found: dict[UUID, Retirable] = {}
    for noun, model in NOUNS.items():
        if subjects := {change.subject for change in changes if change.noun == noun}:
            found |= model._default_manager.in_bulk(subjects)
    return found
