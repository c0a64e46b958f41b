"""What follows in this room when the work below it changes, or the people who do it."""

from collections.abc import Collection
from typing import Any
from uuid import UUID

from django.dispatch import receiver

from skills import rules
from skills.models import Skill
from workflows.signals import work_changed
from workforce.signals import performers_changed


@receiver(work_changed)
def recheck_skills(workflows: Collection[UUID], **_: Any) -> None:
    """An edit of the work can break, mend or unrate the contexts that sit on it: flag them in the same transaction."""
    touched = Skill.objects.in_use().filter(contexts__step__workflow__in=workflows).values_list("pk", flat=True)
    rules.recheck(touched.distinct())


@receiver(performers_changed)
def recheck_performers(job_roles: Collection[UUID], **_: Any) -> None:
    """Somebody else performs the steps of these job roles, or nobody does any more."""
    touched = Skill.objects.in_use().performed_by(job_roles).values_list("pk", flat=True)
    rules.recheck_performers(touched.distinct())
