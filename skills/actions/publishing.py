"""From draft to published and out of use."""

from collections.abc import Sequence

from django.db import transaction
from django.utils import timezone

from base import edits
from base.errors import RuleBroken
from base.rules import Rule, Severity
from skills import rules
from skills.actions.wording import must_be_in_use, recheck_with_twins, retired_now
from skills.models import Skill
from skills.signals import skills_changed
from workforce.models import Account


class CannotPublish(RuleBroken):
    """Which rules say no; each carries its sentence and its remedy."""

    def __init__(self, broken: Sequence[Rule]) -> None:
        super().__init__(" ".join(f"{rule.sentence} {rule.remedy}" for rule in broken), code=broken[0].code)
        self.broken = broken

    def reasons(self) -> list[tuple[str, str]]:
        return [(rule.code, f"{rule.sentence} {rule.remedy}") for rule in self.broken]


@transaction.atomic
def publish(skill: Skill, *, by: Account) -> Skill:
    """Offer a skill to everyone. Raises CannotPublish with each rule that blocks it; warnings do not stop it."""
    skill = edits.locked(skill)
    must_be_in_use(skill)
    if skill.is_published:
        raise RuleBroken("This skill is already published. There is nothing left to do.", code="not_a_draft")
    if broken := rules.SKILL_RULES.broken_by(Skill.objects.filter(pk=skill.pk), only=Severity.BLOCKS):
        raise CannotPublish(broken)
    values = {"state": Skill.State.PUBLISHED, "published_at": timezone.now(), "published_by": by}
    edits.save(skill, values, by=by, verb="publish")
    skills_changed.send(sender=Skill, skills=[skill.pk])
    return skill


@transaction.atomic
def withdraw(skill: Skill, *, by: Account) -> Skill:
    """Take a published skill back to draft."""
    skill = edits.locked(skill)
    if not skill.is_published:
        raise RuleBroken("This skill is not published. There is nothing to withdraw.", code="not_published")
    edits.save(skill, {"state": Skill.State.DRAFT, "published_at": None, "published_by": None}, by=by, verb="withdraw")
    skills_changed.send(sender=Skill, skills=[skill.pk])
    return skill


@transaction.atomic
def retire_skill(skill: Skill, *, by: Account) -> Skill:
    """Take a skill out of use; its contexts stay for the record and its flags are cleared."""
    skill = edits.locked(skill)
    if not skill.is_retired:
        edits.save(skill, retired_now(by), by=by, verb="retire")
        recheck_with_twins(skill)
        skills_changed.send(sender=Skill, skills=[skill.pk])
    return skill


@transaction.atomic
def restore_skill(skill: Skill, *, by: Account) -> Skill:
    """Take a retired skill back as a draft."""
    skill = edits.locked(skill)
    if skill.is_retired:
        values = {
            "state": Skill.State.DRAFT,
            "retired_at": None,
            "retired_by": None,
            "published_at": None,
            "published_by": None,
        }
        edits.save(skill, values, by=by, verb="restore")
        recheck_with_twins(skill)
    return skill
