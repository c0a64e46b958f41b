"""Standing is the most trusted unexpired evidence; whatever happened, the table equals its recomputation."""

import datetime as dt
import random
from itertools import pairwise
from typing import Any
from uuid import UUID

import pytest
import time_machine
from django.db import connection
from django.utils import timezone
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from base.errors import RuleBroken
from gaps import actions
from gaps.models import Contest, Evidence, Standing, Trust, Type, Withdrawal
from gaps.queries import standing
from gaps.routines import begin_day
from tests.make import make_account, make_designer, make_evidence, make_outcome, make_person, make_skill, make_step
from workflows import actions as work
from workforce.models import Person

pytestmark = pytest.mark.django_db
DAY = dt.timedelta(days=1)


def ago(days: float) -> dt.datetime:
    return timezone.now() - days * DAY


@pytest.fixture
def anna():
    return make_person(display_name="Anna")


@pytest.fixture
def skill():
    return make_skill("Check the register entry")


def say(person, skill, level, type=Type.MANAGER, **facts: Any) -> Evidence:
    return actions.record_evidence(person, skill, level=level, type=type, by=facts.pop("by", make_account()), **facts)


def stands(person, skill) -> tuple[int | None, int | None]:
    found = Standing.objects.get(person=person, skill=skill)
    return found.level, found.trust


def test_a_person_without_evidence_has_no_level(anna, skill):
    assert not Standing.objects.of(anna).exists()


def test_the_most_trusted_counts_not_the_average_and_not_the_newest(anna, skill):
    say(anna, skill, 3, Type.EXERCISE, observed_at=ago(90))
    say(anna, skill, 1, Type.OWN)

    found = Standing.objects.get()
    assert (found.level, found.trust, found.type) == (3, 80, Type.EXERCISE)
    assert (found.lowest, found.highest, found.sources, found.is_disputed) == (1, 3, 2, True)


def test_the_newest_counts_on_a_tie(anna, skill):
    say(anna, skill, 2, observed_at=ago(1))
    say(anna, skill, 4, observed_at=ago(40))

    assert stands(anna, skill) == (2, 60)


def test_who_changed_their_mind_does_not_disagree_with_themselves(anna, skill):
    by = make_account(person=make_person())
    say(anna, skill, 1, observed_at=ago(40), by=by)
    say(anna, skill, 3, by=by)

    assert not Standing.objects.get().is_disputed


def test_what_ran_out_no_longer_counts_and_says_what_it_was(anna, skill):
    with time_machine.travel(ago(200)):
        say(anna, skill, 3)
    begin_day()

    found = Standing.objects.get()
    assert (found.level, found.trust, found.is_lapsed) == (None, None, True)
    assert (found.evidence.level, found.valid_until, found.changes_on) == (3, found.evidence.valid_until, None)


def test_when_the_best_runs_out_the_next_best_counts(anna, skill):
    say(anna, skill, 4, Type.OBSERVED, **vouched(skill), observed_at=ago(300))
    say(anna, skill, 2)
    assert stands(anna, skill) == (4, 100)

    with time_machine.travel(timezone.now() + 70 * DAY):
        begin_day()
        assert stands(anna, skill) == (2, 60)


def test_evidence_counts_to_the_end_of_its_last_day(anna, skill):
    last = say(anna, skill, 3).valid_until
    with time_machine.travel(dt.datetime.combine(last, dt.time(12), dt.UTC)):
        standing.begin_day()
        assert stands(anna, skill) == (3, 60)
    with time_machine.travel(dt.datetime.combine(last + DAY, dt.time(12), dt.UTC)):
        standing.begin_day()
        assert stands(anna, skill) == (None, None)


def test_a_credential_counts_until_it_expires_or_for_good(anna, skill):
    say(anna, skill, 3, Type.CREDENTIAL, valid_until=timezone.localdate() + 900 * DAY)
    assert Standing.objects.get().valid_until == timezone.localdate() + 900 * DAY
    say(anna, skill, 4, Type.CREDENTIAL)
    assert (Standing.objects.get().level, Standing.objects.get().valid_until) == (4, None)


def test_what_is_withdrawn_no_longer_counts(anna, skill):
    say(anna, skill, 1, Type.OWN)
    wrong = say(anna, skill, 4)

    actions.withdraw_evidence(wrong, reason="Another Anna was meant", by=make_account())
    assert stands(anna, skill) == (1, 30)
    actions.withdraw_evidence(Evidence.objects.standing().get(), reason="Mistyped", by=make_account())
    assert not Standing.objects.exists()


def test_contested_evidence_counts_until_it_is_answered(anna, skill):
    own, manager = make_account(person=anna), make_account()
    said = say(anna, skill, 1, by=manager)

    raised = actions.contest(said, reason="I have done it alone for a year", by=own)
    assert (stands(anna, skill), Standing.objects.get().is_contested) == ((1, 60), True)
    actions.answer_contest(raised, verdict="stands", reason="Two of five were sent back", by=make_account())
    assert (stands(anna, skill), Standing.objects.get().is_contested) == ((1, 60), False)


def test_a_contest_that_is_right_withdraws_the_evidence(anna, skill):
    raised = actions.contest(say(anna, skill, 1), reason="Not me", by=make_account(person=anna))

    actions.answer_contest(raised, verdict="withdrawn", reason="True, another Anna", by=make_account())
    assert not Standing.objects.exists()


def test_nobody_lets_a_statement_of_their_own_stand(anna, skill):
    manager = make_account()
    raised = actions.contest(say(anna, skill, 1, by=manager), reason="No", by=make_account(person=anna))

    with pytest.raises(RuleBroken) as refusal:
        actions.answer_contest(raised, verdict="stands", reason="Yes", by=manager)
    assert refusal.value.code == "own_statement"
    assert Contest.objects.unanswered().exists()


# --- steps that change ------------------------------------------------------------------------


def vouched(skill) -> dict[str, Any]:
    """Somebody at level 3 who saw it at a step."""
    expert = make_person()
    say(expert, skill, 3, Type.EXERCISE)
    step = make_step()
    make_outcome(step)
    return {"observer": expert, "step": step}


def test_what_was_seen_before_its_step_changed_does_not_count_there(anna, skill):
    seen = vouched(skill)
    say(anna, skill, 4, Type.OBSERVED, **seen)
    say(anna, skill, 2, Type.OWN)

    work.change_step(seen["step"], name="Do it another way", by=make_designer())

    found = Standing.objects.get(person=anna)
    assert (found.level, found.trust) == (4, 100)
    assert found.at(seen["step"]) == (2, 30)
    assert found.at(make_step()) == (4, 100)


def test_nothing_counts_there_when_all_was_seen_before(anna, skill):
    seen = vouched(skill)
    say(anna, skill, 4, Type.OBSERVED, **seen)
    work.change_step(seen["step"], name="Do it another way", by=make_designer())

    assert Standing.objects.get(person=anna).at(seen["step"]) is None


def test_what_is_seen_after_the_change_counts_again(anna, skill):
    seen = vouched(skill)
    say(anna, skill, 4, Type.OBSERVED, **seen)
    work.change_step(seen["step"], name="Do it another way", by=make_designer())
    say(anna, skill, 3, Type.OBSERVED, **seen)

    found = Standing.objects.get(person=anna)
    assert (found.level, found.changed_step, found.at(seen["step"])) == (3, None, (3, 100))


def test_a_second_change_outdates_what_was_seen_after_the_first(anna, skill):
    seen = vouched(skill)
    say(anna, skill, 4, Type.OBSERVED, **seen)
    work.change_step(seen["step"], name="Do it another way", by=make_designer())
    say(anna, skill, 2, Type.OWN, step=seen["step"])
    assert Standing.objects.get(person=anna).at(seen["step"]) == (2, 30)

    work.change_step(seen["step"], name="Do it a third way", by=make_designer())
    assert Standing.objects.get(person=anna).at(seen["step"]) is None


def test_a_better_rating_of_a_step_outdates_nothing(anna, skill):
    seen = vouched(skill)
    say(anna, skill, 4, Type.OBSERVED, **seen)
    work.change_step(seen["step"], criticality=7, by=make_designer())

    assert Standing.objects.get(person=anna).changed_step is None


# --- equal to its recomputation ---------------------------------------------------------------

statements = st.tuples(
    st.integers(0, 1),  # who
    st.integers(0, 1),  # which skill
    st.sampled_from(list(Type)),
    st.integers(0, 4),
    st.integers(0, 420),  # days ago
    st.sampled_from([None, 0, 1]),  # step
    st.integers(1, 2),  # its revision then
    st.booleans(),  # withdrawn
)


def facts_of(one: Standing) -> tuple[Any, ...]:
    there = (one.changed_step_id, one.level_there, one.trust_there)
    summed = (one.lowest, one.highest, one.sources)
    return (
        one.person_id,
        one.skill_id,
        one.level,
        one.trust,
        one.type,
        one.observed_at,
        one.valid_until,
        *there,
        *summed,
    )


def test_the_order_of_evidence_never_matters_and_the_table_equals_python():
    people, skills = [make_person() for _ in range(2)], [make_skill() for _ in range(2)]
    steps = [make_step() for _ in range(2)]
    type(steps[0]).objects.filter(pk=steps[0].pk).update(revision=2)
    trust = {one.type: one for one in Trust.objects.all()}
    now, by = timezone.now(), make_account()

    def told(order: list) -> set[tuple[Any, ...]]:
        for person in people:
            erase(person)
        for who, which, kind, level, days, at, revision, is_withdrawn in order:
            step = None if at is None and kind not in Type.at_a_step() else steps[at or 0]
            moment, months = now - days * DAY, trust[kind].months or 6
            said = make_evidence(
                people[who],
                skills[which],
                level,
                type=kind,
                observed_at=moment,
                valid_until=(moment + months * 30 * DAY).date(),
                source=f"Source {days % 3}",
                step=step,
                step_revision=None if step is None else (1 if step is steps[1] else revision),
            )
            if is_withdrawn:
                actions.withdraw_evidence(said, reason="So", by=by)
        standing.recompute(standing.pairs([(p.pk, s.pk) for p in people for s in skills]))
        return {facts_of(one) for one in Standing.objects.filter(person__in=people)}

    @settings(max_examples=25, deadline=None, database=None, suppress_health_check=list(HealthCheck))
    @given(history=st.lists(statements, min_size=1, max_size=12), seed=st.integers(0, 99))
    def hold(history: list, seed: int) -> None:
        first = told(history)
        assert first == by_hand(people, skills)
        assert told(random.Random(seed).sample(history, len(history))) == first

    hold()


def erase(person) -> None:
    with connection.cursor() as cursor:
        cursor.execute("SELECT set_config('sightline.erasing', %s, true)", [str(person.pk)])
        Evidence.objects.about(person).delete()
        cursor.execute("SELECT set_config('sightline.erasing', '', true)")
    Standing.objects.of(person).delete()


def by_hand(people, skills) -> set[tuple[Any, ...]]:
    """The same in Python, from section 6 of the design."""
    found = set()
    trust = dict(Trust.objects.values_list("type", "percent"))
    today = timezone.localdate()
    for person in people:
        for skill in skills:
            said = list(Evidence.objects.standing().filter(person=person, skill=skill).select_related("step"))
            if not said:
                continue
            held = [one for one in said if one.valid_until >= today]

            def rank(one: Evidence) -> tuple[Any, ...]:
                return (trust[one.type], one.observed_at, one.level)

            def is_old(one: Evidence) -> bool:
                return one.step is not None and one.step_revision < one.step.revision

            if held:
                best = max(held, key=rank)
                changed = best.step_id if is_old(best) else None
                rest = [one for one in held if not (is_old(one) and one.step_id == changed)]
                there = max(rest, key=rank) if changed and rest else None
                newest: dict[Any, Evidence] = {}
                for one in sorted(held, key=lambda one: (one.observed_at, one.level)):
                    newest[one.type, one.source] = one
                levels = [one.level for one in newest.values()]
                summed = (min(levels), max(levels), len(levels))
                level, points = best.level, trust[best.type]
            else:
                best = max(said, key=lambda one: (one.valid_until, *rank(one)))
                changed = there = level = points = None
                summed = (None, None, 0)
            beside = (changed, there and there.level, there and trust[there.type])
            what = (level, points, best.type, best.observed_at, best.valid_until)
            found.add((person.pk, skill.pk, *what, *beside, *summed))
    return found


def test_recomputing_everything_changes_nothing_that_was_kept(anna, skill):
    say(anna, skill, 3)
    say(make_person(), skill, 2, Type.OWN)
    before = {facts_of(one) for one in Standing.objects.all()}

    assert standing.recompute_everything() == 0
    Standing.objects.all().delete()
    assert standing.recompute_everything() == 2
    assert {facts_of(one) for one in Standing.objects.all()} == before


def test_a_larger_company_is_recomputed_in_more_parts_and_nobody_falls_between_them(skill, monkeypatch):
    monkeypatch.setattr(standing, "LEAST_PARTS", 2)
    monkeypatch.setattr(standing, "AT_ONCE", 1)
    people = [make_person(pk=UUID(int=place)) for place in (0, 2**128 // 3, 2**128 // 3 + 1, 2**128 - 1)]
    assert standing.parts() == Person.objects.count() > 2
    for person in people:
        say(person, skill, 3)
    Standing.objects.all().delete()

    assert standing.recompute_everything() == len(people)
    for of in (2, 3, 2_500):
        spans = [standing.part_of_everybody(part, of=of).facts for part in range(of)]
        borders = pairwise(spans)
        assert all(UUID(one["last"]).int + 1 == UUID(next["first"]).int for one, next in borders)
        assert (UUID(spans[0]["first"]).int, UUID(spans[-1]["last"]).int) == (0, 2**128 - 1)


def test_where_somebody_stood_on_a_past_day_can_be_recomputed(anna, skill):
    first = make_evidence(anna, skill, 2, recorded_at=ago(30), observed_at=ago(30))
    make_evidence(anna, skill, 3, recorded_at=ago(10), observed_at=ago(20), type=Type.PEER)
    Withdrawal.objects.create(evidence=first, reason="Mistyped", withdrawn_at=ago(10), withdrawn_by=make_account())

    def level_on(moment: dt.datetime) -> list[int]:
        return [row["level"] for row in standing.as_of(moment, [anna.pk])]

    assert (level_on(ago(40)), level_on(ago(15)), level_on(ago(5))) == ([], [2], [3])


def test_trust_that_changed_moves_everybody(anna, skill):
    say(anna, skill, 3, Type.OWN)
    say(anna, skill, 1, Type.PEER, observer=make_person())
    actions.change_trust(Trust.objects.get(type=Type.OWN), percent=55, by=make_account())
    standing.recompute_everything()

    assert stands(anna, skill) == (3, 55)
