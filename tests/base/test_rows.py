"""Statements written by hand: what they read becomes the models, and a connection plans each of them once."""

import pytest
from django.db import DataError, connection
from django.test.utils import CaptureQueriesContext

from base.rows import Part, Statement
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
