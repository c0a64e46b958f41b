"""The context-free skills beside the map."""

import re
from functools import cached_property
from typing import NamedTuple

from skills.queries.suggestions import Suggestion, likely_places
from skills.queries.tray import Loose, loose, loose_by_reason
from skills.rules import SKILL_RULES
from workflows.queries.whole import Whole

SHOWN, STEP, MOST = 8, 50, 500
# They tie words together and say nothing about the work.
TIES = {"after", "been", "before", "from", "have", "into", "over", "than", "that", "their", "them", "then", "this"}
TIES |= {"what", "when", "where", "which", "while", "with"}


class Reason(NamedTuple):
    code: str
    title: str
    skills: int


class Entry(NamedTuple):
    skill: Loose
    why: str
    suggestion: Suggestion | None
    number: int | None


class Tray:
    """`asked` holds what the address says: q, why, more."""

    def __init__(self, whole: Whole, *, asked: dict[str, str]) -> None:
        self.whole = whole
        self.search, self.reason = asked.get("q", "")[:200], asked.get("why", "")
        self.more = int(asked["more"]) if re.fullmatch(r"\d{1,4}", asked.get("more", "")) else 0
        self.limit = min(max(self.more, SHOWN), MOST)

    @cached_property
    def counted(self) -> dict[str, int]:
        return loose_by_reason()

    @property
    def total(self) -> int:
        return sum(self.counted.values())

    @property
    def reasons(self) -> list[Reason]:
        return [Reason(code, SKILL_RULES[code].title, count) for code, count in self.counted.items()]

    @cached_property
    def found(self) -> list[Loose]:
        """One more than is shown, to know whether there are more."""
        return loose(words=self.words, search=self.search, reason=self.reason, limit=self.limit + 1)

    @property
    def words(self) -> set[str]:
        """What this workflow speaks about."""
        names = [performed.step.name for performed in self.whole.steps]
        names += [produced.outcome.statement for produced in self.whole.outcomes.values()]
        return set(re.findall(r"[^\W\d_]{4,}", " ".join(names).lower())) - TIES

    @cached_property
    def entries(self) -> list[Entry]:
        shown = self.found[: self.limit]
        likely = likely_places([skill.pk for skill in shown], workflow=self.whole.workflow.pk)
        return [self._entry(skill, likely.get(skill.pk)) for skill in shown]

    def _entry(self, skill: Loose, suggestion: Suggestion | None) -> Entry:
        why = f"{SKILL_RULES[skill.code].title} since {skill.since:%-d %b}"
        if skill.says_little:
            why += ", and it says little"
        number = self.whole.by_step[suggestion.step].number if suggestion else None
        return Entry(skill, why, suggestion, number)

    @property
    def has_more(self) -> bool:
        return len(self.found) > self.limit and self.limit < MOST

    @property
    def next_limit(self) -> int:
        return min(self.limit + STEP, MOST)
