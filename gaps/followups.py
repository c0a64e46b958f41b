"""What follows in this room when the rooms below change."""

from collections.abc import Collection
from typing import Any
from uuid import UUID

from django.dispatch import receiver

from base.outbox import send_later
from gaps.queries import requirements, standing
from skills.signals import skills_changed
from workflows.signals import work_changed


@receiver(work_changed)
def follow_work(workflows: Collection[UUID], **_: Any) -> None:
    """Steps need other things, other roles perform them, and what was seen at a changed step is outdated there."""
    if not requirements.rebuild_if_alone(requirements.of_workflows(workflows)):
        send_later("gaps.tasks.rebuild_requirements", workflows=[str(pk) for pk in workflows], skills=[])
    standing.recompute(standing.at_changed_steps(workflows))


@receiver(skills_changed)
def follow_skills(skills: Collection[UUID], **_: Any) -> None:
    """Skills are published or withdrawn, and placed elsewhere or at another level."""
    if not requirements.rebuild_if_alone(requirements.of_skills(skills)):
        send_later("gaps.tasks.rebuild_requirements", workflows=[], skills=[str(pk) for pk in skills])
