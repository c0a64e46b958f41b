"""What people put right here against what the source says, and one person at a time."""

import datetime as dt

import pytest
import time_machine
from django.utils import timezone

from base.errors import RuleBroken
from base.models import Change
from tests.workforce.feed import admin, deliver, person, problems, row
from workforce import actions
from workforce.models import Correction, Person, Source

pytestmark = pytest.mark.django_db


def corrected(field: str = "job_title", value: str = "Head of Sales") -> Person:
    deliver([row(1, work_email="a@example.com")])
    return actions.correct_person(person(1), field=field, value=value, reason="They told us", by=admin())


def verbs() -> list[str]:
    return list(Change.objects.filter(subject=person(1).pk).order_by("id").values_list("verb", flat=True))


def test_a_correction_stands_against_the_source_and_says_so_once():
    corrected()

    runs = [deliver([row(1, job_title="Sales Rep")]) for _ in range(2)]

    assert person(1).job_title.name == "Head of Sales"
    assert [problems(run) for run in runs] == [[("E1", "corrected_here")], []]
    assert verbs() == ["add", "change", "correct", "keep"]
    assert Correction.objects.get().source_value == "Sales Rep"


def test_a_correction_ends_when_the_source_agrees():
    corrected()

    deliver([row(1, job_title="Head of Sales")])

    assert not Correction.objects.exists()
    deliver([row(1, job_title="Director")])
    assert person(1).job_title.name == "Director"


def test_in_a_field_of_the_source_the_source_wins_and_the_trail_says_so():
    corrected("work_email", "b@example.com")

    deliver([row(1, work_email="a@example.com")])

    assert person(1).work_email == "a@example.com"
    assert not Correction.objects.exists()
    assert verbs()[-2:] == ["overrule", "change"]


def test_which_one_wins_is_a_rule_of_the_source():
    corrected()
    Source.objects.update(corrections_stand=[])

    deliver([row(1)])

    assert person(1).job_title.name == "Clerk"


def test_putting_back_what_the_source_says_ends_the_correction():
    corrected()

    actions.correct_person(person(1), field="job_title", value="Clerk", by=admin())

    assert not Correction.objects.exists()


def test_a_dry_run_leaves_corrections_alone():
    corrected()

    deliver([row(1, job_title="Sales Rep")], is_dry=True)

    assert Correction.objects.get().source_value == "Clerk"


def test_who_is_employed_is_not_ours_to_correct():
    deliver([row(1)])

    with pytest.raises(RuleBroken, match="belongs to the HR system"):
        actions.correct_person(person(1), field="status", value="active", by=admin())


# --- one person at a time -----------------------------------------------------------------------


def test_somebody_leaves_on_a_day_to_come():
    deliver([row(1)])
    later = timezone.localdate() + dt.timedelta(days=5)

    told = actions.terminate_person(person(1), end_date=later, by=admin())

    assert (told.status, told.end_date) == ("active", later)


def test_somebody_leaves_today():
    deliver([row(1)])

    assert actions.terminate_person(person(1), by=admin()).status == "inactive"


def test_nobody_leaves_before_they_start():
    deliver([row(1)])

    with pytest.raises(RuleBroken, match="cannot lie before"):
        actions.terminate_person(person(1), end_date=dt.date(2019, 1, 1), by=admin())


def test_a_leaver_comes_back_whole_within_30_days():
    deliver([row(1, location="Leeds")])
    with time_machine.travel("2026-03-01", tick=False):
        actions.terminate_person(person(1), by=admin())
        Person.objects.update(left_at=timezone.now())
    with time_machine.travel("2026-03-30", tick=False):
        told = actions.restore_person(person(1), by=admin())

    assert (told.status, told.end_date, told.left_at, told.location) == ("active", None, None, "Leeds")


def test_a_leaver_of_long_ago_is_a_joiner_again():
    deliver([row(1)])
    with time_machine.travel("2026-03-01", tick=False):
        actions.terminate_person(person(1), by=admin())
        Person.objects.update(left_at=timezone.now())
    with time_machine.travel("2026-04-15", tick=False), pytest.raises(RuleBroken, match="more than 30 days"):
        actions.restore_person(person(1), by=admin())


def test_one_person_who_would_close_a_loop_is_refused():
    deliver([row(1), row(2, manager_source_id="E1")])

    with pytest.raises(RuleBroken, match="end where it began"):
        actions.put_person("hr", "E1", facts={"manager_source_id": "E2"}, by=admin())


@pytest.mark.parametrize("field", ["location", "work_email"])
def test_news_older_than_what_is_here_ends_no_correction(field):
    deliver([row(1, updated_at="2025-05-01T00:00:00Z")])
    actions.correct_person(person(1), field=field, value="b@example.com", by=admin())

    deliver([row(1, **{field: "a@example.com"}, updated_at="2025-04-01T00:00:00Z")])

    assert getattr(person(1), field) == "b@example.com"
    assert Correction.objects.get().source_value == ""
    assert verbs() == ["add", "change", "correct"]
