"""The sample company shows what this room is for: each promise of demo/README.md has its example."""

from datetime import timedelta
from decimal import Decimal
from pathlib import Path

import pytest
import time_machine
from django.conf import settings
from django.db import transaction
from django.utils import timezone

from gaps.arithmetic import Label
from gaps.management import sample_growth
from gaps.models import Cause, CoverTarget, Evidence, Goal, Overrule, Standing
from gaps.queries.gaps import Wanted, gaps
from gaps.queries.reckoning import Whose
from gaps.queries.standing import begin_day
from gaps.queries.trend import trend
from skills.management import sample_company
from workflows.models import Measurement, Outcome
from workforce.models import Person

DEMO = Path(settings.BASE_DIR) / "demo"


pytestmark = pytest.mark.django_db


@pytest.fixture(scope="module", autouse=True)
def company(django_db_setup, django_db_blocker):
    """Loaded once; every test rolls back to it, and the module rolls back to nothing."""
    with django_db_blocker.unblock(), transaction.atomic():
        sample_growth.load(sample_company.load(DEMO))
        yield
        transaction.set_rollback(True)


def named(name: str) -> Person:
    return Person.objects.get(display_name=name)


def of(name: str, skill: str) -> Standing:
    return Standing.objects.get(person=named(name), skill__name=skill)


def test_everybody_whose_role_asks_for_something_has_something_said_about_them_or_not():
    performers = Person.objects.active().filter(job_title__job_role__requirements__isnull=False).distinct()
    silent = performers.filter(standings=None)

    assert 0 < silent.count() < performers.count() / 4


def test_one_is_contested_one_disputed_one_expired_and_one_outdated_at_its_step():
    assert of("Tom Becker", "Read the order back").is_contested
    own = of("Tom Becker", "Call when a date slips")
    assert (own.level, own.lowest, own.highest) == (1, 1, 3)
    assert of("Yuki Tanaka", "Place one order together").is_lapsed
    sofia = of("Sofia Lind", "Remind with the reason known")
    assert (sofia.level, sofia.trust, sofia.changed_step.name) == (3, 100, "Remind the late payer by phone")
    assert (sofia.level_there, sofia.trust_there) == (3, 60)


def test_the_receiver_accepted_work():
    assert {said.observer.display_name for said in Evidence.objects.filter(type="accepted")} == {
        "Marcus Webb",
        "Yuki Tanaka",
    }


def test_only_the_one_who_leaves_can_verify_a_bank_account_in_the_team():
    team = Person.objects.reporting_to(named("Priya Raman"))
    able = Standing.objects.filter(
        person__in=team, skill__name="Verify a changed bank account", level__gte=3, trust__gte=60
    )
    assert [one.person.display_name for one in able] == ["Nadia Petrova"]


def test_goals_causes_and_words_against_the_rules():
    assert {(goal.person.display_name, goal.state) for goal in Goal.objects.all()} == {
        ("Tom Becker", "agreed"),
        ("Lena Fischer", "proposed"),
    }
    assert Cause.objects.valid().exclude(kind__in=Cause.Kind.for_training()).count() == 1
    assert Overrule.objects.valid().count() == 2
    assert CoverTarget.objects.get().people == 3


def test_what_is_overruled_or_caused_otherwise_stands_among_the_gaps_of_the_team():
    elena, aisha = named("Elena Rossi"), named("Aisha Karim")
    found = gaps(Wanted(Whose(people=[elena.pk, aisha.pk])))
    assert [gap.skill_name for gap in found if gap.cause] == ["Ask how and where the customer buys"]
    assert [gap.label for gap in found if gap.is_overruled] == [Label.RESKILL]


def test_an_outcome_was_measured_until_its_current_value():
    outcome = Outcome.objects.get(statement="First order live")
    values = [measured.value for measured in Measurement.objects.of(outcome)]
    assert values == [13, Decimal("12.5"), 10, Decimal("9.5"), 9]
    assert outcome.current == 9


def test_half_a_year_later_most_has_run_out():
    held = Standing.objects.held().count()
    with time_machine.travel(timezone.now() + timedelta(days=180)):
        begin_day()
        assert Standing.objects.held().count() < held / 2


def test_the_figures_of_the_last_weeks_are_kept_and_move():
    last = trend(Whose())
    known = [point for point in last.points if point.is_known]

    assert len(known) == 28, "27 days that were kept, and today"
    assert known[-1].met != known[0].met
    assert len({point.met for point in known}) > 3, "a line, and no cliff"
    leavers = Person.objects.filter(left_at__isnull=False).count()
    assert {point.people for point in known} == {known[-1].people, known[-1].people + leavers}


def test_what_the_work_asks_is_how_it_began_and_no_role_has_drifted():
    assert Label.DRIFT not in {gap.label for gap in gaps(Wanted(Whose()))}
