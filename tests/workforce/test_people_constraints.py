"""What must never be false about people, each broken on purpose by writing past the actions."""

import datetime as dt

import pytest
from django.db import connection
from django.utils import timezone

from base.models import Answer
from tests.make import make_account, make_person
from tests.workflows.test_constraints import at_commit, refuses
from tests.workforce.feed import deliver, person, row
from workforce.models import Correction, Person, Position, Run, RunChange, RunProblem, Source

pytestmark = pytest.mark.django_db


@pytest.fixture
def run():
    return deliver([row(1), row(2, manager_source_id="E1")])


@pytest.mark.parametrize(
    ("facts", "name"),
    [
        ({"end_date": dt.date(2019, 1, 1)}, "person_starts_before_they_end"),
        ({"status": "inactive"}, "person_left_at_goes_with_inactive"),
        ({"left_at": timezone.now()}, "person_left_at_goes_with_inactive"),
        ({"display_name": " "}, "person_display_name_says_something"),
        ({"source_id": ""}, "person_source_id_says_something"),
    ],
)
def test_a_person_stays_whole(run, facts, name):
    with refuses(name):
        Person.objects.filter(source_id="E1").update(**facts)


def test_person_is_once_in_a_source(run):
    with refuses("person_is_once_in_a_source"):
        Person.objects.create(source="hr", source_id="E1", display_name="Again")


def test_person_is_not_their_own_manager(run):
    with refuses("person_is_not_their_own_manager"):
        Person.objects.filter(source_id="E1").update(manager=person(1))


def test_person_manager_chain_ends(run):
    """Also right after a run, which proves its chains itself and says so for its own statement only."""
    with refuses("person_manager_chain_ends"):
        Person.objects.filter(source_id="E1").update(manager=person(2))
        at_commit()


def test_position_starts_before_it_ends(run):
    with refuses("position_starts_before_it_ends"):
        Position.objects.create(person=person(1), started_on=dt.date(2020, 2, 1), ended_on=dt.date(2020, 1, 1))


def test_position_overlaps_no_other(run):
    Position.objects.create(person=person(1), started_on=dt.date(2020, 1, 1), ended_on=dt.date(2020, 3, 1))
    with refuses("position_overlaps_no_other"):
        Position.objects.create(person=person(1), started_on=dt.date(2020, 2, 1), ended_on=dt.date(2020, 4, 1))


def test_position_is_never_rewritten(run):
    Position.objects.create(person=person(1), ended_on=dt.date(2020, 3, 1))
    with refuses("position_is_never_rewritten"):
        Position.objects.update(ended_on=dt.date(2021, 3, 1))


def test_correction_is_once_per_field(run):
    facts = {"person": person(1), "field": "location", "value": "a", "corrected_by": make_account()}
    Correction.objects.create(**facts)
    with refuses("correction_is_once_per_field"):
        Correction.objects.create(**facts)


@pytest.mark.parametrize(
    ("facts", "name"),
    [
        ({"value": "", "source_value": ""}, "correction_differs_from_its_source"),
        ({"field": " "}, "correction_field_says_something"),
    ],
)
def test_a_correction_says_something(run, facts, name):
    whole = {"person": person(1), "field": "location", "value": "a", "corrected_by": make_account(), **facts}
    with refuses(name):
        Correction.objects.create(**whole)


@pytest.mark.parametrize(
    ("facts", "name"),
    [
        ({"name": " "}, "source_name_says_something"),
        ({"leavers_percent": 101}, "source_leavers_percent_is_0_to_100"),
        ({"rows_percent": 101}, "source_rows_percent_is_0_to_100"),
        ({"managers_percent": 101}, "source_managers_percent_is_0_to_100"),
        ({"titles_percent": 101}, "source_titles_percent_is_0_to_100"),
        ({"blanks_percent": 101}, "source_blanks_percent_is_0_to_100"),
        ({"corrections_stand": ["status"]}, "source_corrections_are_of_known_fields"),
    ],
)
def test_a_source_keeps_its_scales(run, facts, name):
    with refuses(name):
        Source.objects.update(**facts)


@pytest.mark.parametrize(
    ("facts", "name"),
    [
        ({"closed_by": None}, "run_closed_at_goes_with_closed_by"),
        ({"decided_at": timezone.now()}, "run_decided_at_goes_with_decided_by"),
        ({"closed_at": None, "closed_by": None}, "run_is_closed_before_it_is_applied"),
        ({"state": "held"}, "run_that_waits_has_an_end"),
        ({"state": "rejected"}, "run_is_rejected_by_somebody"),
        ({"state": "failed"}, "run_that_failed_says_why"),
    ],
)
def test_a_run_makes_sense(run, facts, name):
    with refuses(name):
        Run.objects.update(**facts)


def test_runproblem_says_something(run):
    for field in ("code", "detail"):
        with refuses(f"runproblem_{field}_says_something"):
            RunProblem.objects.create(run=run, is_rejected=True, **{"code": "x", "detail": "x", field: " "})


def test_runchange_has_a_known_verb(run):
    with refuses("runchange_has_a_known_verb"):
        RunChange.objects.create(run=run, source_id="E1", name="P", verb="vanish", state="held")


def test_a_manager_who_is_gone_leaves_no_dangling_chain():
    boss = make_person()
    make_person(manager=boss)
    boss.delete()
    assert not Person.objects.exclude(manager=None).exists()


def test_every_named_constraint_and_trigger_of_people_and_runs_is_broken_here():
    with open(__file__, encoding="utf-8") as source:
        written = source.read()
    tables = "^workforce_(person|position|correction|source|run|runpage|runproblem|runchange)$"
    with connection.cursor() as cursor:
        cursor.execute(
            """
            SELECT conname FROM pg_constraint WHERE conrelid::regclass::text ~ %(t)s AND contype IN ('c', 'u', 'x')
            UNION SELECT tgname FROM pg_trigger WHERE tgrelid::regclass::text ~ %(t)s AND NOT tgisinternal
            """,
            {"t": tables},
        )
        names = {name for (name,) in cursor.fetchall()}
    by_django = {name for name in names if name.endswith(("_check", "_key", "_uniq"))}
    spelled_by_pattern = {f"runproblem_{field}_says_something" for field in ("code", "detail")}
    assert {name for name in names - by_django - spelled_by_pattern if name not in written} == set()


def test_answer_is_given_once():
    facts = {"by": make_account().pk, "place": "/", "key": "k", "digest": "d", "status": 200, "body": "{}"}
    Answer.objects.create(**facts)
    with refuses("answer_is_given_once"):
        Answer.objects.create(**facts)


def test_run_is_taken_back_by_one_at_a_time(run):
    facts = {"source": run.source, "mode": "delta", "state": "applying", "opened_by": run.opened_by, "takes_back": run}
    closed = {"closed_at": timezone.now(), "closed_by": run.opened_by}
    Run.objects.create(**facts, **closed)
    with refuses("run_is_taken_back_by_one_at_a_time"):
        Run.objects.create(**facts, **closed)


def test_source_has_a_name_of_its_own(run):
    with refuses("source_has_a_name_of_its_own"):
        Source.objects.create(name="HR")
