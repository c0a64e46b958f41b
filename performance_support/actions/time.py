"""Time to learn: granted by managers, noted by whoever learns."""

import datetime as dt

from django.db import transaction
from django.utils import timezone

from base import changes, edits
from base.errors import RuleBroken
from performance_support.models import Learning, TimeGrant
from workflows.models import Step
from workforce.models import Account, Person


@transaction.atomic
def grant_time(
    manager: Person, *, minutes: int, since: dt.date, until: dt.date | None = None, by: Account
) -> TimeGrant:
    """Permit everybody who reports to this manager to learn for so many minutes a week."""
    if not Person.objects.active().reporting_to(manager).exists():
        raise RuleBroken(f"Nobody reports to {manager}, so there is nobody to grant time to.", code="leads_nobody")
    grant = TimeGrant(manager=manager, minutes=minutes, since=since, until=until, granted_by=by)
    return edits.add(grant, by=by, scope=manager, verb="grant")


@transaction.atomic
def end_grant(grant: TimeGrant, *, by: Account) -> None:
    """From today on it no longer holds; one that has not held for a day is taken back as if it had never been."""
    grant = edits.locked(grant)
    today = timezone.localdate()
    if grant.has_ended:
        raise RuleBroken("It has ended already. Grant time anew to go on.", code="has_ended")
    if grant.since >= today:
        changes.record("take_back", grant, by=by, scope=grant.manager)
        grant.delete()
    else:
        edits.save(grant, {"until": today - dt.timedelta(days=1)}, by=by, scope=grant.manager, verb="end")


@transaction.atomic
def log_learning(
    person: Person, *, form: str, minutes: int, learnt_on: dt.date | None = None, step: Step | None = None, by: Account
) -> Learning:
    """Note some minutes of one's own. No trail: others read trails, and this is for nobody else."""
    if by.person_id != person.pk:
        raise RuleBroken("Only the person themselves notes what they learnt.", code="somebody_elses")
    today = timezone.localdate()
    if (learnt_on or today) > today:
        raise RuleBroken("That day has not come yet. Note it when it is done.", code="not_yet")
    noted = Learning(person=person, form=form, minutes=minutes, learnt_on=learnt_on or today, step=step)
    noted.full_clean()
    noted.save(force_insert=True)
    return noted


@transaction.atomic
def forget_learning(noted: Learning, *, by: Account) -> None:
    """Take back what one noted."""
    if by.person_id != noted.person_id:
        raise RuleBroken("Only the person themselves takes this back.", code="somebody_elses")
    noted.delete()
