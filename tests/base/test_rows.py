"""Statements written by hand: what they read becomes the models, and a connection plans each of them once."""

import datetime as dt
from uuid import UUID

import pytest
from django.db import DataError, connection, transaction
from django.test.utils import CaptureQueriesContext

from base.rows import Part, Statement, answers
from performance_support.models import Resource
from tests.make import make_resource, make_step, make_workflow
from workflows.models import Step
from workforce.models import JobRole

pytestmark = pytest.mark.django_db
STEP, ROLE = Part(Step, "step", "id", "name", "performed_by_id"), Part(JobRole, "role")
NAMED = Statement(f"""
SELECT {STEP.columns}, {ROLE.columns} FROM workflows_step step
LEFT JOIN workforce_jobrole role ON role.id = step.performed_by_id
WHERE step.id = %(step)s::uuid AND (%(name)s::text IS NULL OR step.name = %(name)s)
""")


def planned() -> int:
    with connection.cursor() as cursor:
        cursor.execute("SELECT count(*) FROM pg_prepared_statements WHERE name = %s", [NAMED.name])
        return cursor.fetchone()[0]


def test_what_is_read_becomes_the_models_and_the_rest_is_read_when_asked_for(django_assert_num_queries):
    step = make_workflow(steps=1).steps.get()
    [row] = NAMED.rows(step=str(step.pk), name=None)
    values = iter(row)
    found, role = STEP.take(values), ROLE.take(values)
    assert (found, found.name, role) == (step, step.name, step.performed_by)
    with django_assert_num_queries(1):
        assert found.position == step.position


def test_an_outer_join_that_found_nothing_makes_no_model():
    step = make_step()
    values = iter(NAMED.rows(step=str(step.pk), name=step.name)[0])
    assert STEP.take(values) == step
    assert ROLE.take(values) is None
    assert NAMED.rows(step=str(step.pk), name="another") == []


def test_what_the_database_keeps_as_json_comes_as_what_it_says():
    resource = make_resource(kind="quick_steps", steps=[{"text": "Open it"}])
    part = Part(Resource, "resource", "id", "steps")
    [row] = Statement(f"SELECT {part.columns} FROM performance_support_resource resource").rows()
    assert part.take(iter(row)).steps == resource.steps
    assert resource.steps[0]["text"] == "Open it"


def test_it_is_planned_once_and_asked_as_one_query():
    step = make_step()
    NAMED.rows(step=str(step.pk), name=None)
    with CaptureQueriesContext(connection) as asked:
        NAMED.rows(step=str(step.pk), name=None)
    assert len(asked) == planned() == 1


def test_values_are_values_whatever_stands_in_them():
    step = make_step(name="O'Hara'); DROP TABLE x; --")
    assert len(NAMED.rows(step=str(step.pk), name=step.name)) == 1
    with pytest.raises(DataError):
        NAMED.rows(step="no id", name=None)


@pytest.mark.django_db(transaction=True)
def test_a_new_connection_plans_it_anew():
    step = make_step()
    NAMED.rows(step=str(step.pk), name=None)
    connection.close()
    assert planned() == 0
    assert len(NAMED.rows(step=str(step.pk), name=None)) == 1
    assert planned() == 1


# --- texts that are put together for each question --------------------------------------------

SAID = """
SELECT %(day)s::date - %(days)s::int, %(moment)s::timestamptz + %(long)s, %(number)s + 1, %(is_so)s::bool,
    upper(%(words)s), %(ids)s::uuid[], %(texts)s::text[], '100 %%', %(none)s::uuid
"""
VALUES = {
    "day": dt.date(2026, 3, 1),
    "days": 3,
    "moment": dt.datetime(2026, 3, 1, 12, tzinfo=dt.UTC),
    "long": dt.timedelta(hours=2),
    "number": 4,
    "is_so": True,
    "words": "it's 5 %s",
    "ids": [str(UUID(int=7))],
    "texts": ['quoted "so"', "back\\slash", "a, b", "{}", "", "NULL", "it's", "50 %"],
    "none": None,
    "unused": "left out",
}


def plans() -> int:
    with connection.cursor() as cursor:
        cursor.execute("SELECT count(*) FROM pg_prepared_statements")
        return cursor.fetchone()[0]


def test_whether_it_is_kept_does_not_change_an_answer():
    assert answers(SAID, VALUES, keep=True) == answers(SAID, VALUES, keep=True) == answers(SAID, VALUES, keep=False)
    assert answers(SAID, VALUES, keep=True)[0][6] == VALUES["texts"]
    assert answers(SAID, {**VALUES, "ids": [], "texts": []}, keep=True)[0][5:7] == ([], [])


def test_the_same_text_is_planned_once_for_all_values():
    before = plans()
    for number in range(8):
        assert answers("SELECT %(number)s * 3 AS kept_once", {"number": number}, keep=True) == [(number * 3,)]
    assert plans() == before + 1
    assert answers("SELECT %(number)s * 4 AS not_kept", {"number": 2}, keep=False) == [(8,)]
    assert plans() == before + 1


@pytest.mark.django_db(transaction=True)
def test_one_plan_serves_from_the_first_time_on_and_for_nothing_else():
    for number in range(3):
        answers("SELECT %(number)s + 0 AS by_one_plan", {"number": number}, keep=True)
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT generic_plans, custom_plans FROM pg_prepared_statements WHERE statement LIKE '%by_one_plan%'"
        )
        assert cursor.fetchall() == [(3, 0)]
        cursor.execute("SHOW plan_cache_mode")
        assert cursor.fetchone() == ("auto",)


def test_what_failed_once_is_asked_again():
    for _ in range(2):
        with pytest.raises(DataError), transaction.atomic():
            answers("SELECT 6 / %(number)s AS of_what_failed", {"number": 0}, keep=True)
    assert answers("SELECT 6 / %(number)s AS of_what_failed", {"number": 3}, keep=True) == [(2,)]
