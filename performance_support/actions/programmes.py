"""Programmes: planned by whoever leads the people, and what they record around them."""

import datetime as dt
from collections.abc import Collection, Iterable

from django.db import transaction
from django.utils import timezone

from base import changes, edits
from base.errors import RuleBroken
from base.outbox import send_later
from gaps.letters import leader_of
from performance_support import rules
from performance_support.models import Arrangement, Participant, Programme, Talk, TalkRequest
from performance_support.models.programme import SAID
from skills.models import Skill
from workflows.models import Step, Workflow
from workforce.models import Account, Person, Team

# So long before the first day the managers are asked to talk, and for so long after the last.
TALK_BEFORE = 14
TALK_AFTER = 30


@transaction.atomic
def add_programme(
    *,
    name: str,
    starts_on: dt.date,
    ends_on: dt.date,
    people: Collection[Person],
    purpose: str = "",
    steps: Collection[Step] = (),
    skills: Collection[Skill] = (),
    by: Account,
) -> Programme:
    """Plan who learns what work, from when until when."""
    must_be_whole(people, steps, skills)
    facts = {"name": name, "purpose": purpose, "starts_on": starts_on, "ends_on": ends_on}
    programme = edits.add(Programme(owner=by, **facts), by=by)
    programme.steps.set(steps)
    programme.skills.set(skills)
    take_in(programme, people)
    rules.recheck_programmes([programme.pk])
    return programme


def must_be_whole(people: Collection[Person], steps: Collection[Step], skills: Collection[Skill]) -> None:
    if not people:
        raise RuleBroken("Choose at least one person who takes part.", code="nobody_takes_part")
    if not steps and not skills:
        raise RuleBroken("Choose at least one step or skill, so that it serves the work.", code="serves_nothing")


def take_in(programme: Programme, people: Iterable[Person]) -> None:
    Participant.objects.bulk_create([Participant(programme=programme, person=person) for person in people])


@transaction.atomic
def change_programme(
    programme: Programme,
    *,
    people: Collection[Person] | None = None,
    steps: Collection[Step] | None = None,
    skills: Collection[Skill] | None = None,
    among: Collection[Person] | None = None,
    seen: int | None = None,
    by: Account,
    **facts: object,
) -> Programme:
    """Other days, people or work; what is not named stays. `among`: whom the editor sees, so nobody else goes."""
    programme = edits.locked(programme, seen=seen)
    had = {participant.person for participant in programme.participants.select_related("person")}
    had_steps, had_skills = [*programme.steps.all()], [*programme.skills.all()]
    unseen = had - {*among} if among is not None else set()
    wanted: set[Person] = had if people is None else {*people} | unseen
    steps, skills = had_steps if steps is None else steps, had_skills if skills is None else skills
    must_be_whole(wanted, steps, skills)
    edits.save(programme, facts, by=by)
    if (had, {*had_steps}, {*had_skills}) != (wanted, {*steps}, {*skills}):
        programme.steps.set(steps)
        programme.skills.set(skills)
        programme.participants.filter(person__in=had - wanted).delete()
        take_in(programme, wanted - had)
        # Another version, so that a second editor is shown it instead of overwriting it.
        programme.version += 1
        programme.save(update_fields=["version"])
        before, after = in_words(had, had_steps, had_skills), in_words(wanted, steps, skills)
        changes.record("change", programme, by=by, facts={"holds": (before, after)})
    rules.recheck_programmes([programme.pk])
    return programme


def in_words(people: Collection[Person], steps: Collection[Step], skills: Collection[Skill]) -> str:
    """The trail outlives people, so it counts them."""
    return f"{len(people)} people; {', '.join(sorted(map(str, [*steps, *skills])))}"


@transaction.atomic
def archive_programme(programme: Programme, *, by: Account) -> None:
    """It is no longer watched; what it was stays."""
    programme = edits.locked(programme)
    edits.retire(programme, by=by)
    rules.recheck_programmes([programme.pk])


@transaction.atomic
def restore_programme(programme: Programme, *, by: Account) -> None:
    """Out of the archive, watched again."""
    programme = edits.locked(programme)
    edits.restore(programme, by=by)
    rules.recheck_programmes([programme.pk])


@transaction.atomic
def arrange(
    programme: Programme, *, team: Team | None, workflow: Workflow, fact: str, words: str, by: Account
) -> Arrangement:
    """Say who does what, where and when, so that a fact holds for a team; said again, the newer words stand."""
    if fact not in SAID:
        raise RuleBroken("This fact is seen in what is there; nobody needs to say it.", code="fact_is_derived")
    programme = edits.locked(programme)
    said, _ = Arrangement.objects.get_or_create(
        programme=programme,
        team=team,
        workflow=workflow,
        fact=fact,
        defaults={"words": words.strip(), "noted_by": by},
    )
    said.words, said.noted_by, said.noted_at = words.strip(), by, timezone.now()
    said.full_clean(exclude=["programme", "team", "workflow"])
    said.save()
    changes.record("arrange", programme, by=by, facts={fact: ("", said.words)})
    rules.recheck_programmes([programme.pk])
    return said


@transaction.atomic
def note_talks(programme: Programme, *, people: Collection[Person], moment: str, by: Account) -> int:
    """That a manager talked with these people, before or after; with how many for the first time."""
    programme = edits.locked(programme)
    if moment == Talk.Moment.AFTER and not programme.is_over:
        raise RuleBroken("It has not ended yet. Talk afterwards, and note it then.", code="not_over")
    waiting = programme.participants.filter(person__in=people).exclude(talks__moment=moment)
    talks = [Talk(participant=participant, moment=moment, noted_by=by) for participant in waiting]
    Talk.objects.bulk_create(talks)
    if talks:
        changes.record("talk", programme, by=by, facts={moment: (0, len(talks))})
        rules.recheck_programmes([programme.pk])
    return len(talks)


@transaction.atomic
def set_goal(participant: Participant, *, goal: str, by: Account) -> Participant:
    """What one wants from it, in one's own words; empty takes it back."""
    if by.person_id != participant.person_id:
        raise RuleBroken("Only the one who takes part sets this goal. Ask them.", code="somebody_elses")
    participant = edits.locked(participant)
    words = goal.strip()
    edits.save(
        participant,
        {"goal": words, "goal_set_at": timezone.now() if words else None},
        by=by,
        scope=participant.programme,
    )
    rules.recheck_programmes([participant.programme_id])
    return participant


@transaction.atomic
def ask_for_talks(*, by: Account) -> int:
    """Remind managers of the talks before and after, once each; how many. `by` is who looked."""
    asked = 0
    for moment, programmes in (
        (Talk.Moment.BEFORE, Programme.objects.begins_within(TALK_BEFORE)),
        (Talk.Moment.AFTER, Programme.objects.ended_ago(1, most=TALK_AFTER)),
    ):
        for programme in programmes:
            asked += ask_about(programme, moment)
    return asked


def ask_about(programme: Programme, moment: str) -> int:
    waiting = programme.participants.exclude(talks__moment=moment).select_related("person")
    leaders = {leader for each in waiting if each.person.is_at_work and (leader := leader_of(each.person))}
    asked = 0
    for leader in sorted(leaders, key=str):
        request, is_new = TalkRequest.objects.get_or_create(programme=programme, account=leader, moment=moment)
        if is_new:
            send_later("performance_support.tasks.ask_for_talk", request=request.pk)
            asked += 1
    return asked
