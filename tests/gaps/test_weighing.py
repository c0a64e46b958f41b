"""Why a level is what it is: the same order as the table of standings."""

import datetime as dt
import random
from uuid import UUID

import pytest
from django.utils import timezone

from gaps.models import Standing, Type
from gaps.queries import said, standing
from gaps.weighing import Because, Said, weigh
from tests.make import make_evidence, make_person, make_skill, make_step

NOW = dt.datetime(2026, 6, 1, 12, tzinfo=dt.UTC)
TODAY = NOW.date()


def view(n: int, level: int = 3, trust: int = 60, days_ago: int = 0, until: int = 30, **facts: object) -> Said:
    seen, end = NOW - dt.timedelta(days=days_ago), TODAY + dt.timedelta(days=until)
    usual = {"type": "manager", "source": f"s{n}", **facts}
    return Said(UUID(int=n), level, trust, observed_at=seen, valid_until=end, **usual)  # type: ignore[arg-type]


def test_trust_goes_before_the_newest() -> None:
    found = weigh([view(1, trust=60), view(2, trust=100, days_ago=90)], today=TODAY)

    assert [(row.said.id.int, row.because) for row in found.rows] == [(2, Because.DECIDES), (1, Because.LESS_TRUSTED)]


def test_of_the_same_trust_the_newest_decides() -> None:
    found = weigh([view(1, days_ago=9), view(2)], today=TODAY)

    assert [row.because for row in found.rows] == [Because.DECIDES, Because.OLDER]


def test_what_ran_out_last_says_that_there_is_no_level() -> None:
    found = weigh([view(1, until=-1), view(2, until=-9, trust=100)], today=TODAY)

    assert [row.because for row in found.rows] == [Because.RAN_OUT_LAST, Because.RAN_OUT]
    assert found.decides is None
    assert found.is_lapsed


def test_what_was_withdrawn_decides_nothing() -> None:
    found = weigh([view(1, is_withdrawn=True)], today=TODAY)

    assert (found.first, found.is_lapsed) == (None, False)


def test_a_source_speaks_by_its_newest_word_only() -> None:
    found = weigh([view(1, level=1, days_ago=9, source="a"), view(2, level=3, source="a")], today=TODAY)

    assert not found.is_disputed


@pytest.mark.parametrize("seed", range(12))
@pytest.mark.django_db
def test_what_decides_here_decides_in_the_table(seed: int) -> None:
    chance, now = random.Random(seed), timezone.now()
    person, skill, step = make_person(), make_skill(), make_step()
    for _ in range(chance.randint(1, 7)):
        seen = now - dt.timedelta(days=chance.choice([0, 5, 5, 90]))
        until = now.date() + dt.timedelta(days=chance.choice([-9, -1, 0, 40]))
        make_evidence(
            person, skill, chance.randint(0, 4), type=chance.choice([Type.MANAGER, Type.EXERCISE, Type.OWN]),
            observed_at=seen, valid_until=until, step=chance.choice([None, step]), source=chance.choice("ab"),
        )  # fmt: skip
    standing.recompute(standing.pairs([(person.pk, skill.pk)]))
    table = Standing.objects.get()

    [found] = said.about(person)

    assert found.said.first is not None
    assert (found.said.first.id, found.level) == (table.evidence_id, table.level)
    assert (found.said.levels[:1], found.said.levels[-1:]) == (
        [level for level in [table.lowest] if level is not None],
        [level for level in [table.highest] if level is not None],
    )
    assert len(found.said.levels) == table.sources
