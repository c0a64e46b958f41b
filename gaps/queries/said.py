"""All that was said about one person, by skill, with what became of it and why it counts or not."""

import datetime as dt
from collections.abc import Iterable
from dataclasses import dataclass
from uuid import UUID

from django.db.models import Prefetch
from django.utils import formats, timezone

from base.marks import Trust as Look
from gaps.models import Contest, Evidence, Trust, Type
from gaps.queries.past import end_of
from gaps.weighing import Because, Said, Weighed, Weighing, weigh
from skills.models import Skill
from workforce.models import Person


@dataclass(frozen=True)
class EvidenceRow:
    """One piece of evidence as the record shows it."""

    evidence: Evidence
    trust: int
    because: Because
    today: dt.date
    # What decides in its place.
    first: Said | None
    moment: dt.datetime

    @property
    def decides(self) -> bool:
        return self.because is Because.DECIDES

    @property
    def is_withdrawn(self) -> bool:
        return self.because is Because.WITHDRAWN

    @property
    def is_expired(self) -> bool:
        return self.because in {Because.RAN_OUT, Because.RAN_OUT_LAST}

    @property
    def is_outdated(self) -> bool:
        return has_changed(self.evidence)

    @property
    def contests(self) -> list[Contest]:
        return [each for each in self.evidence.contests.all() if each.contested_at <= self.moment]

    @property
    def open_contest(self) -> Contest | None:
        return next((each for each in self.contests if not is_answered(each, self.moment)), None)

    @property
    def is_contested(self) -> bool:
        return self.open_contest is not None and not self.is_withdrawn

    @property
    def counts(self) -> bool:
        return not (self.is_withdrawn or self.is_expired)

    @property
    def look(self) -> Look:
        """How the level is drawn."""
        return "" if self.counts and not self.is_outdated else "changed" if self.counts else "old"

    @property
    def why(self) -> str:
        """Why it decides, or does not."""
        return sentence(self)


def sentence(row: EvidenceRow) -> str:
    end = row.evidence.valid_until
    until = formats.date_format(end, "j F Y") if end else ""
    against = f"{row.trust} % against {row.first.trust} %" if row.first else ""
    return {
        Because.DECIDES: "Decides: nothing that still counts is trusted more.",
        Because.RAN_OUT_LAST: f"The last word. It ran out on {until}, so there is no level now.",
        Because.WITHDRAWN: "Withdrawn: it no longer counts.",
        Because.RAN_OUT: f"Ran out on {until}.",
        Because.LESS_TRUSTED: f"Does not decide: trusted less, {against}.",
        Because.OLDER: "Does not decide: trusted as much, but older.",
        Because.LOWER: "Does not decide: of two from the same moment the higher level counts.",
    }[row.because]


@dataclass(frozen=True)
class SkillSaid:
    """One skill: every piece of evidence, what decides first."""

    skill: UUID
    name: str
    statement: str
    said: Weighing
    rows: list[EvidenceRow]

    @property
    def level(self) -> int | None:
        """None where nothing that still counts says one; that is not level 0."""
        return self.said.decides.level if self.said.decides else None

    @property
    def last(self) -> EvidenceRow | None:
        """What decides, or decided until it ran out."""
        return self.rows[0] if self.said.first else None

    @property
    def valid_until(self) -> dt.date | None:
        return self.said.decides.valid_until if self.said.decides else None

    @property
    def own_view(self) -> Said | None:
        return self.said.newest_of(Type.OWN)

    @property
    def managers_view(self) -> Said | None:
        return self.said.newest_of(Type.MANAGER)

    @property
    def views_differ(self) -> bool:
        own, managers = self.own_view, self.managers_view
        return own is not None and managers is not None and own.level != managers.level


def about(person: Person, *, skill: Skill | None = None, as_of: dt.date | None = None) -> list[SkillSaid]:
    """By skill, in the order of their statements. Three queries."""
    today = as_of or timezone.localdate()
    moment = end_of(today)
    found = Evidence.objects.about(person).filter(recorded_at__lte=moment)
    if skill:
        found = found.filter(skill=skill)
    contests = Contest.objects.select_related("answer__answered_by", "contested_by").order_by("contested_at", "pk")
    rows = found.select_related(
        "skill", "step__workflow", "observer", "recorded_by", "withdrawal__withdrawn_by"
    ).prefetch_related(Prefetch("contests", contests))
    trusted = dict(Trust.objects.values_list("type", "percent"))
    return [
        of_skill(evidence, trusted, today, moment) for evidence in by_skill(rows.order_by("skill__statement", "skill"))
    ]


def by_skill(rows: Iterable[Evidence]) -> list[list[Evidence]]:
    found: dict[UUID, list[Evidence]] = {}
    for row in rows:
        found.setdefault(row.skill_id, []).append(row)
    return list(found.values())


def of_skill(rows: list[Evidence], trusted: dict[str, int], today: dt.date, moment: dt.datetime) -> SkillSaid:
    known = {row.pk: row for row in rows}
    weighing = weigh([what_counts(row, trusted[row.type], moment) for row in rows], today=today)

    def shown(each: Weighed) -> EvidenceRow:
        return EvidenceRow(known[each.said.id], each.said.trust, each.because, today, weighing.first, moment)

    skill = rows[0].skill
    return SkillSaid(skill.pk, skill.name, skill.statement, weighing, [shown(each) for each in weighing.rows])


def what_counts(row: Evidence, trust: int, moment: dt.datetime) -> Said:
    return Said(
        row.pk,
        row.level,
        trust,
        row.type,
        str(row.observer_id or row.source),
        row.observed_at,
        row.valid_until,
        is_withdrawn=hasattr(row, "withdrawal") and row.withdrawal.withdrawn_at <= moment,
        changed_step=row.step_id if has_changed(row) else None,
    )


def has_changed(row: Evidence) -> bool:
    return row.step is not None and row.step_revision is not None and row.step_revision < row.step.revision


def is_answered(contest: Contest, moment: dt.datetime) -> bool:
    return hasattr(contest, "answer") and contest.answer.answered_at <= moment
