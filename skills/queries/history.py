"""What happened to one skill and its contexts, newest first."""

from django.db.models import Q

from base.models import Change
from skills.models import Skill
from workforce.models import Account

SHOWN = 30


# What became of flags, and which drafts it was compared or merged with: for those who see drafts.
FOR_DESIGNERS = Q(noun__in=["skillflag", "difference"]) | Q(verb__in=["tell_apart", "absorb", "merge", "take_apart"])


def history_of(skill: Skill, *, seen_by: Account) -> list[Change]:
    """The newest changes in the skill's scope that this account may know of; one query."""
    changes = Change.objects.filter(scope=skill.pk).order_by("-id")
    return list((changes if seen_by.can_see_drafts else changes.exclude(FOR_DESIGNERS))[:SHOWN])
