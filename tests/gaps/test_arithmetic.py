"""The worked example of the design, and what must hold for any figures at all."""

from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from gaps.arithmetic import (
    Cover,
    Effort,
    Held,
    Label,
    Link,
    Needed,
    Reason,
    can_do,
    chain_cover,
    cover_of,
    effort_for,
    has_drifted,
    is_met,
    kind_of,
    label_for,
    people_needed,
    readiness,
    sentence_for,
    share_covered,
    trust_needed,
    way_between,
    weakest_link,
)

EXAMPLE = {"A": Needed(3, 3), "B": Needed(3, 6), "C": Needed(2, 5)}
SKILLS = st.sampled_from("ABCDEFGH")
NEED = st.builds(Needed, st.integers(1, 4), st.integers(1, 7))
HELD = st.builds(Held, st.integers(0, 4), st.sampled_from([20, 30, 50, 60, 70, 80, 90, 100]))
NEEDS = st.dictionaries(SKILLS, NEED, min_size=1)
STANDINGS = st.dictionaries(SKILLS, HELD)


def trusted(*levels: int) -> dict[str, Held]:
    return {skill: Held(level, 100) for skill, level in zip(EXAMPLE, levels, strict=True)}


def percent(share: Fraction | None) -> int:
    assert share is not None
    return round(100 * share)


# --- the worked example -----------------------------------------------------------------------


@pytest.mark.parametrize(
    ("levels", "met", "share", "gate"),
    [((4, 3, 1), 2, 82, ()), ((3, 1, 0), 1, 36, ("B",)), ((3, 2, 2), 2, 86, ("B",))],
)
def test_the_worked_example_of_one_person(levels, met, share, gate):
    found = readiness(EXAMPLE, trusted(*levels))

    assert (found.met, found.of, percent(found.share), found.gate) == (met, 3, share, gate)
    assert found.is_ready == (not gate)


def test_the_worked_example_of_a_chain():
    links = [Link("A", 3, share_covered(1, 1)), Link("B", 6, share_covered(1, 2)), Link("C", 5, share_covered(1, 2))]

    assert percent(chain_cover(links)) == 25
    assert weakest_link(links) == links[1]
    assert round(float(links[1].risk), 2) == 0.43


# --- one skill --------------------------------------------------------------------------------


@pytest.mark.parametrize(("criticality", "needed"), [(7, 80), (6, 80), (5, 60), (4, 60), (3, 21), (2, 21), (1, 21)])
def test_the_more_critical_the_more_trust(criticality, needed):
    assert trust_needed(criticality) == needed
    assert is_met(Needed(2, criticality), Held(2, needed))
    assert not is_met(Needed(2, criticality), Held(4, needed - 1))


def test_what_was_only_inferred_never_closes_a_gap():
    assert not is_met(Needed(1, 1), Held(4, 20))


def test_a_partial_level_is_unmet_and_still_counts():
    found = readiness({"A": Needed(4, 5)}, {"A": Held(3, 100)})
    assert (found.met, found.share) == (0, Fraction(3, 4))


def test_without_evidence_there_is_no_level_and_nothing_is_met():
    assert not is_met(Needed(1, 1), None)
    assert readiness(EXAMPLE, {}).share == 0


def test_a_role_that_needs_nothing_has_no_readiness():
    assert readiness({}, trusted(4, 4, 4)) == (0, 0, None, ())


@given(NEEDS, STANDINGS, SKILLS, HELD)
def test_better_evidence_never_lowers_anything(needs, held, skill, better):
    before = held.get(skill)
    if before and (better.level < before.level or better.trust < before.trust):
        return
    worse, now = readiness(needs, held), readiness(needs, held | {skill: better})

    assert now.share >= worse.share
    assert now.met >= worse.met
    assert set(now.gate) <= set(worse.gate)


@given(NEEDS, STANDINGS, st.randoms())
def test_the_order_of_skills_never_matters(needs, held, chance):
    names = list(needs)
    chance.shuffle(names)
    shuffled = readiness({name: needs[name] for name in names}, dict(reversed(held.items())))

    straight = readiness(needs, held)
    assert shuffled[:3] == straight[:3]
    assert set(shuffled.gate) == set(straight.gate)


@given(NEEDS, STANDINGS)
def test_all_met_and_a_full_readiness_with_trust_are_the_same(needs, held):
    full = {skill: Held(each.level, 100) for skill, each in held.items()}
    found = readiness(needs, full)
    assert (found.met == found.of) == (found.share == 1)


# --- labels -----------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("facts", "label", "kind"),
    [
        ({"current": True, "target": False}, Label.UPSKILL, "upskill"),
        ({"current": True, "target": False, "changed": True}, Label.CHANGE, "upskill"),
        ({"current": True, "target": True}, Label.CARRIES_OVER, "upskill"),
        ({"current": True, "target": True, "changed": True}, Label.CHANGE, "upskill"),
        ({"current": False, "target": True}, Label.RESKILL, "reskill"),
        ({"current": False, "target": True, "changed": True}, Label.RESKILL, "reskill"),
        ({"current": True, "target": False, "changed": True, "drifted": True}, Label.DRIFT, "reskill"),
        ({"current": True, "target": False, "drifted": True}, Label.UPSKILL, "upskill"),
        ({"current": False, "target": False}, Label.NONE, ""),
    ],
)
def test_a_label_follows_from_who_asks(facts, label, kind):
    assert label_for(**facts) == label
    assert kind_of(label) == kind


@pytest.mark.parametrize("label", list(Label))
def test_every_label_says_why(label):
    reason = Reason("Sales rep", "Credit analyst", "Check credit", "The order is live", "12 October 2026")
    sentence = sentence_for(label, reason)

    assert sentence.endswith(".")
    assert label is Label.NONE or "Check credit" in sentence
    assert ("Credit analyst" in sentence) == (label in {Label.RESKILL, Label.CARRIES_OVER})
    assert ("12 October" in sentence) == (label in {Label.CHANGE, Label.DRIFT})


def test_a_role_drifts_when_half_of_its_weight_is_new():
    assert has_drifted(new=[6], all_of=[6, 3, 3])
    assert not has_drifted(new=[5], all_of=[5, 3, 3])
    assert not has_drifted(new=[], all_of=[])


# --- cover ------------------------------------------------------------------------------------


@pytest.mark.parametrize(("criticality", "target"), [(None, 1), (1, 1), (4, 1), (5, 2), (6, 2), (7, 3)])
def test_a_critical_step_needs_more_people(criticality, target):
    assert people_needed(criticality) == target


@pytest.mark.parametrize(
    ("people", "target", "state"),
    [(0, 1, Cover.NONE), (1, 1, Cover.COVERED), (1, 2, Cover.SINGLE), (2, 3, Cover.THIN), (9, 3, Cover.COVERED)],
)
def test_cover_has_four_states(people, target, state):
    assert cover_of(people, target) == state


def test_one_expert_does_not_hide_the_gaps_of_others():
    expert = {"A": Held(4, 100), "B": Held(4, 100)}
    half, other_half = {"A": Held(3, 100)}, {"B": Held(3, 100)}
    needs = {"A": Needed(3, 6), "B": Needed(3, 6)}

    assert can_do(needs, {"expert": expert, "half": half, "other half": other_half}) == {"expert"}
    assert can_do(needs, {"half": half, "other half": other_half}) == set()
    assert readiness(needs, half).gate == ("B",)


LINKS = st.lists(st.tuples(st.integers(1, 7), st.integers(0, 5), st.integers(1, 4)), min_size=1)


@given(LINKS, st.integers(0, 20))
def test_removing_cover_never_helps(steps, which):
    which %= len(steps)
    crit, people, target = steps[which]
    fewer = [*steps[:which], (crit, max(0, people - 1), target), *steps[which + 1 :]]

    assert chain_cover(links_of(fewer)) <= chain_cover(links_of(steps))
    assert risk_of(links_of(fewer)) >= risk_of(links_of(steps))


def links_of(steps: list[tuple[int, int, int]]) -> list[Link]:
    return [Link(i, crit, share_covered(n, t)) for i, (crit, n, t) in enumerate(steps)]


def risk_of(links: list[Link]) -> Fraction:
    worst = weakest_link(links)
    return worst.risk if worst else Fraction(0)


@given(LINKS, st.randoms())
def test_the_order_of_steps_never_matters(steps, chance):
    links = links_of(steps)
    shuffled = chance.sample(links, len(links))

    assert chain_cover(shuffled) == chain_cover(links)
    assert risk_of(shuffled) == risk_of(links)


def test_a_chain_without_a_hole_has_no_weakest_link():
    assert weakest_link([Link("A", 7, share_covered(3, 3))]) is None
    assert weakest_link([]) is None
    assert chain_cover([]) == 1


# --- roles ------------------------------------------------------------------------------------


def test_the_way_to_another_role_counts_shared_and_missing():
    one = {"A": Needed(3, 3), "B": Needed(1, 6)}
    other = {"B": Needed(3, 6), "C": Needed(2, 2)}

    way = way_between(one, other)

    assert (way.needs, way.shares, way.lacks, way.levels) == (2, 1, 1, 4)
    assert way.transfer == Fraction(6, 3) / 8
    assert way.distance == 1 - way.transfer


@given(NEEDS)
def test_nobody_has_a_way_to_go_to_the_own_role(needs):
    way = way_between(needs, needs)
    assert (way.lacks, way.transfer, way.levels, way.effort) == (0, 1, 0, Effort.READY)


@given(NEEDS, NEEDS, SKILLS, NEED)
def test_needing_more_today_never_takes_one_further_away(one, other, skill, need):
    if skill in one and need.level < one[skill].level:
        return
    nearer = way_between(one | {skill: need}, other)
    assert nearer.transfer >= way_between(one, other).transfer
    assert nearer.lacks <= way_between(one, other).lacks


def test_what_only_lacks_evidence_is_a_small_effort():
    assert effort_for(0) == Effort.READY
    assert effort_for(0, unmet=4) == Effort.SMALL
    assert [effort_for(levels) for levels in (3, 4, 12, 13, 40, 41)] == [
        Effort.SMALL, Effort.MEDIUM, Effort.MEDIUM, Effort.LARGE, Effort.LARGE, Effort.VERY_LARGE,
    ]  # fmt: skip
