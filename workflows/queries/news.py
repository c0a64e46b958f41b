"""What somebody else did to a workflow while it was open in front of you."""

from dataclasses import dataclass

from base import trail
from base.models import Change
from workflows.models import Workflow
from workforce.models import Account


@dataclass(frozen=True)
class News:
    """The newest change, and how many others came with it."""

    who: str
    did: str
    noun: str
    name: str
    others: int


def news_since(workflow: Workflow, revision: int, *, but: Account) -> News | None:
    """The edits after a revision, unless all of them are the account's own. One query, none while nothing changed."""
    if workflow.revision <= revision:
        return None
    missed = Change.objects.filter(scope=workflow.pk).order_by("-id")[: min(workflow.revision - revision, 50)]
    others = [change for change in missed if change.by != but.pk]
    if not others:
        return None
    last = others[0]
    return News(last.by_name, trail.did(last.verb), last.noun, last.name, len(others) - 1)
