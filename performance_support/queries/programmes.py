"""Who takes part in a programme and why it is an upskill or a reskill for them; what was so before and is so now."""

import datetime as dt
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from typing import NamedTuple
from uuid import UUID

from django.utils import timezone

from gaps.models import Evidence, Need
from gaps.queries import cover as covering
from gaps.queries import gaps as lacking
from gaps.queries.cover import StepCover
from gaps.queries.gaps import Gap
from gaps.queries.reckoning import Whose
from performance_support.models import Participant, Programme, Talk, TimeGrant
from performance_support.queries import time
from skills.models import Context
from workflows.models import Step


@dataclass(frozen=True)
class Learner:
    """One who takes part. `kind`: upskill, reskill, or nothing where nothing was lacking."""

    participant: Participant
    kind: str
    reason: str
    # Of the programme's skills: how many they lacked when it began, and how many they lack now.
    lacked: int
    lacks: int
    grant: TimeGrant | None
    talks: frozenset[str]

    @property
    def has_talked_before(self) -> bool:
        return Talk.Moment.BEFORE in self.talks

    @property
    def has_talked_after(self) -> bool:
        return Talk.Moment.AFTER in self.talks


class Change(NamedTuple):
    """A figure before the first day, and now."""

    title: str
    before: int
    now: int
    is_better_when: str = "more"


class Covered(NamedTuple):
    before: StepCover
    now: StepCover


@dataclass(frozen=True)
class Growth:
    learners: list[Learner]
    changes: list[Change]
    cover: list[Covered]
    # The day that counts as before: the last one before it began, or today.
    since: dt.date


def work_of(programme: Programme) -> list[Step]:
    """Its steps, and those at which its skills are placed."""
    placed = Context.objects.filter(skill__in=programme.skills.all()).values("step")
    named = Step.objects.live().filter(pk__in=[step.pk for step in programme.steps.all()])
    by_skill = Step.objects.live().filter(pk__in=placed)
    return list((named | by_skill).select_related("workflow").order_by("workflow__name", "position").distinct())


def skills_of(programme: Programme) -> set[UUID]:
    """What it is about: its skills, and those that its steps need."""
    needed = Need.objects.filter(step__in=programme.steps.all()).values_list("skill", flat=True)
    return {*needed, *(skill.pk for skill in programme.skills.all())}


def growth(programme: Programme, people: Collection[UUID]) -> Growth:
    """Of those among these people who take part; a fixed number of queries."""
    rows = programme.participants.filter(person__in=people).select_related(
        "person__team", "person__job_title__job_role"
    )
    participants = list(rows.prefetch_related("talks").order_by("person__display_name", "pk"))
    taking_part = [participant.person_id for participant in participants]
    today, skills, work = timezone.localdate(), skills_of(programme), work_of(programme)
    since = min(programme.starts_on - dt.timedelta(days=1), today)
    whose = Whose(people=taking_part)
    before, now = (of_skills(lacking.gaps(lacking.Wanted(whose), as_of=day), skills) for day in (since, today))
    granted = time.grants_of(taking_part, max(today, programme.starts_on))
    learners = [learner_of(each, before, now, granted.get(each.person_id)) for each in participants]
    steps = [step.pk for step in work]
    covers = [covering.cover(covering.Wanted(whose, steps=steps), as_of=day) for day in (since, today)]
    said = Evidence.objects.filter(person__in=taking_part, skill__in=skills)
    changes = [
        Change("Skills that somebody lacks", len(before), len(now), "fewer"),
        Change("People who lack none", lacking_none(taking_part, before), lacking_none(taking_part, now)),
        Change(
            "Pieces of evidence about them",
            said.filter(recorded_at__date__lte=since).count(),
            said.count(),
        ),
    ]
    return Growth(learners, changes, [Covered(*pair) for pair in zip(*covers, strict=True)], since)


def of_skills(found: Sequence[Gap], skills: Collection[UUID]) -> list[Gap]:
    return [gap for gap in found if gap.skill in skills]


def lacking_none(people: Collection[UUID], gaps: Collection[Gap]) -> int:
    return len({*people} - {gap.person for gap in gaps})


def learner_of(participant: Participant, before: list[Gap], now: list[Gap], grant: TimeGrant | None) -> Learner:
    """A reskill where anything it is about belongs to another role; the most critical gap says why."""
    lacked = [gap for gap in before if gap.person == participant.person_id]
    telling = sorted(lacked, key=lambda gap: (gap.kind != "reskill", -gap.criticality, gap.skill_name))
    first = telling[0] if telling else None
    talks = frozenset(talk.moment for talk in participant.talks.all())
    return Learner(
        participant,
        first.kind if first else "",
        first.reason if first else "",
        len(lacked),
        sum(gap.person == participant.person_id for gap in now),
        grant,
        talks,
    )
