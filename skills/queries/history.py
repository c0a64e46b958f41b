"""What happened to one skill and its contexts, newest first."""

from base.models import Change
from skills.models import Skill

SHOWN = 30


def history_of(skill: Skill) -> list[Change]:
    """The newest changes in the skill's scope; one query."""
    return list(Change.objects.filter(scope=skill.pk).order_by("-id")[:SHOWN])
