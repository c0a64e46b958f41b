"""What somebody who left answered for."""

from django.db import transaction

from base import changes, edits
from base import flags as one
from skills.models import Skill
from skills.queue import SOURCES
from workforce.actions.leaving import note_passed_on
from workforce.models import Account, Person
from workforce.queries.heirs import heir_of

# In the letter; the list of skills has the rest.
NAMED = 20


@transaction.atomic
def pass_on_skills(leaver: Person, *, by: Account) -> int:
    """Hand a leaver's skills to who goes on with the work, and give flags that were theirs to mend back; how many."""
    leaver = edits.locked(leaver)
    heir = heir_of(leaver) if leaver.left_at else None
    if heir is None:
        return 0
    for source in SOURCES.values():
        for flag in source.rules.found.open().filter(assigned_to__person=leaver):
            one.assign(flag, to=None, by=by)
    left = list(Skill.objects.left_behind().left_by(leaver).select_for_update(of=("self",), no_key=True).order_by("pk"))
    facts = {skill: changes.assign(skill, {"owner": heir}) for skill in left}
    for skill in left:
        skill.version += 1
    Skill.objects.bulk_update(left, ["owner", "version"], batch_size=1000)
    changes.record_all("pass_on", facts, by=by, scope=leaver.pk)
    if left:
        note_passed_on(leaver, to=heir, work=in_words(left), by=by)
    return len(left)


def in_words(skills: list[Skill]) -> list[str]:
    more = len(skills) - NAMED
    return [str(skill) for skill in skills[:NAMED]] + ([f"and {more:,} more skills"] if more > 0 else [])
