"""The API against its own schema: whatever it allows, nothing answers with a server error or in another shape."""

from collections.abc import Iterator

import pytest
import schemathesis
from django.core.signals import request_finished, request_started
from django.db import close_old_connections
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st
from schemathesis.checks import not_a_server_error
from schemathesis.specs.openapi.checks import response_schema_conformance, status_code_conformance

from config.wsgi import application
from gaps.models import Evidence, Requirement
from skills.models import Context, Skill, SkillFlag
from tests.make import make_account, make_evidence, make_key, make_skill, make_workflow
from workflows.models import Handoff, Outcome, Step, Workflow
from workforce.actions import open_run, put_person
from workforce.models import JobRole, JobTitle, Person, Role, Run, Scope, Team

pytestmark = pytest.mark.django_db

SCHEMA = schemathesis.openapi.from_wsgi("/api/v1/schema/?format=json", application)
OPERATIONS = {found.ok().label: found.ok() for found in SCHEMA.get_all_operations()}
NOUNS = {
    "workflows": Workflow,
    "steps": Step,
    "outcomes": Outcome,
    "handoffs": Handoff,
    "skills": Skill,
    "contexts": Context,
    "job-roles": JobRole,
    "flags": SkillFlag,
    "runs": Run,
    "people": Person,
    "job-titles": JobTitle,
    "teams": Team,
    "evidence": Evidence,
    "requirements": Requirement,
}
NAMED_IN_BODIES = {
    "workflow": Workflow,
    "step": Step,
    "to_step": Step,
    "outcome": Outcome,
    "produced_by": Step,
    "performed_by": JobRole,
    "beneficiary_role": JobRole,
    "skill": Skill,
    "person": Person,
    "observer": Person,
}


@pytest.fixture(autouse=True)
def connection_kept() -> Iterator[None]:
    """A real request ends by giving its connection back, and the transaction of the test would go with it."""
    for signal in (request_started, request_finished):
        signal.disconnect(close_old_connections)
    yield
    for signal in (request_started, request_finished):
        signal.connect(close_old_connections)


@pytest.fixture(scope="module")
def keys(built_once):
    """One key with every scope, and one with each alone: what a key may not do is answered as soundly."""
    for step in make_workflow(steps=3).steps.all():
        make_evidence(skill=make_skill(at=step, published=True))
    make_skill()
    by = make_account(Role.PEOPLE_ADMIN)
    put_person("hr", "E1", facts={"display_name": "P", "job_title": "Clerk", "department": "Office"}, by=by)
    open_run("hr", mode="delta", by=by)
    return [make_key(*Scope.values), *map(make_key, Scope.values)]


def real(model: type) -> str:
    return first(model, "source_id" if model is Person else "pk")


def first(model: type, name: str = "pk") -> str:
    return str(model.objects.order_by("pk").values_list(name, flat=True).first())


def point_at_real_things(case: schemathesis.Case, label: str) -> None:
    """Random ids only ever meet 404; the interesting answers lie behind existing ones."""
    nouns = [part for part in label.split("/") if part in NOUNS]
    for name, noun in zip(case.path_parameters or {}, nouns, strict=False):
        case.path_parameters[name] = real(NOUNS[noun])
    for body in case.body if isinstance(case.body, list) else [case.body]:
        if isinstance(body, dict):
            body |= {field: first(model) for field, model in NAMED_IN_BODIES.items() if field in body}


@pytest.mark.parametrize("label", OPERATIONS)
def test_no_request_breaks_the_api_whatever_the_scope(keys, label):
    @settings(
        max_examples=10,
        deadline=None,
        database=None,
        derandomize=True,
        phases=[Phase.generate],
        suppress_health_check=list(HealthCheck),
    )
    @given(case=OPERATIONS[label].as_strategy(), is_real=st.booleans())
    def try_it(case: schemathesis.Case, is_real: bool) -> None:
        if is_real:
            point_at_real_things(case, label)
        for key in keys:
            answer = case.call(headers={"Authorization": f"Bearer {key}"})
            case.validate_response(
                answer, checks=[not_a_server_error, response_schema_conformance, status_code_conformance]
            )

    try_it()
