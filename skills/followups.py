"""What follows in this room when the work below it changes."""

from collections.abc import Collection
from typing import Any
from uuid import UUID

from django.dispatch import receiver

from skills import rules
from skills.models import Skill
from workflows.signals import work_changed


@receiver(work_changed)
def recheck_skills(workflows: Collection[UUID], **_: Any) -> None:
    """An edit of the work can break, mend or unrate the contexts that sit on it: flag them in the same transaction."""
    touched = Skill.objects.in_use().filter(contexts__step__workflow__in=workflows).values_list("pk", flat=True)
    rules.recheck(touched.distinct())
