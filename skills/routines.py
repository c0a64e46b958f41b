"""What the clock starts in this room."""

from celery import shared_task
from django.utils import timezone

from base import jobs
from skills import actions
from skills.actions.importing import WORK
from skills.models import Import, Skill
from skills.queries import vocabulary
from skills.queue import SOURCES
from workforce.models import Account, Person


@shared_task
def send_digests() -> None:
    """Once a week; every owner of open flags hears what waits."""
    actions.ask_for_digests(timezone.localdate(), by=Account.objects.system())


@shared_task
def resume_imports() -> int:
    """A worker was killed, or the queue lost the message: ask again. Returns for how many."""
    stalled = Import.objects.stalled().values_list("pk", flat=True)
    return sum(jobs.resume(Import.objects.all(), pk, WORK, import_id=str(pk)) for pk in stalled)


@shared_task
def learn_words() -> None:
    """Every hour, and after an import: what search forgives is what is written now."""
    vocabulary.rebuild()


@shared_task
def pass_on_work() -> int:
    """Look for skills whose owner has left, and flags that a leaver was to mend; returns how many skills passed on."""
    return sum(actions.pass_on_skills(leaver, by=Account.objects.system()) for leaver in leavers_with_work())


def leavers_with_work() -> list[Person]:
    owning = Person.objects.filter(account__in=Skill.objects.left_behind().values("owner"))
    assigned = [
        Person.objects.filter(left_at__isnull=False, account__in=source.rules.found.open().values("assigned_to"))
        for source in SOURCES.values()
    ]
    return list({person for people in (owning, *assigned) for person in people})
