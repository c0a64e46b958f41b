"""The skills at the steps of one workflow: two queries, whatever its size."""

from collections import defaultdict
from collections.abc import Collection, Iterable
from dataclasses import dataclass, field
from uuid import UUID

from skills.models import Context, Skill, SkillFlag
from skills.models.skill import in_sight
from workforce.models import Account


@dataclass
class Placed:
    """One context as the map shows it. `is_live`: its outcome is still downstream of its step."""

    pk: UUID
    version: int
    step: UUID
    outcome: UUID
    level: int
    skill: UUID
    statement: str
    state: str
    is_live: bool
    flags: list[str] = field(default_factory=list)

    @property
    def is_draft(self) -> bool:
        return self.state == Skill.State.DRAFT

    @property
    def serves(self) -> str:
        """“Support the sales rep” of “Support the sales rep by completing …”; all of it where nothing is split off."""
        return self.statement.partition(" by ")[0]

    @property
    def behaviour(self) -> str:
        _, by, rest = self.statement.partition(" by ")
        return f"by {rest}" if by else ""


def placed_at(steps: Collection[UUID], *, account: Account) -> dict[UUID, list[Placed]]:
    """{step: its contexts, first placed first}, of the skills that this account may see."""
    contexts = (
        Context.objects.filter(step__in=steps, skill__in=Skill.objects.visible_to(account).in_use())
        .annotate(is_live=in_sight())
        .order_by("placed_at", "pk")
        .values_list(
            *("pk", "version", "step_id", "outcome_id", "required_level", "skill_id"),
            *("skill__statement", "skill__state", "is_live"),
        )
    )
    at: defaultdict[UUID, list[Placed]] = defaultdict(list)
    every = [Placed(*row) for row in contexts]
    flags = flags_of({placed.skill for placed in every})
    for placed in every:
        placed.flags = flags[placed.skill]
        at[placed.step].append(placed)
    return at


def flags_of(skills: Iterable[UUID]) -> defaultdict[UUID, list[str]]:
    """{skill: codes of its open flags}"""
    flags: defaultdict[UUID, list[str]] = defaultdict(list)
    for skill, code in SkillFlag.objects.open().filter(about__in=list(skills)).values_list("about_id", "code"):
        flags[skill].append(code)
    return flags
