"""Builders: a test names only what it is about. They go through the actions wherever one exists."""

from base64 import b64decode
from datetime import timedelta
from io import BytesIO
from itertools import count
from typing import Any

from django.utils import timezone

from gaps.models import Evidence, Type
from performance_support import actions as support
from performance_support.filetypes import Upload
from performance_support.models import Moment, Resource
from performance_support.storing import looked_at
from skills import actions as skill_actions
from skills.models import Context, Skill
from workflows import actions as work
from workflows.models import Handoff, Outcome, Step, Workflow
from workforce.actions import create_key
from workforce.models import Account, JobRole, JobTitle, Person, Role

number = count(1)
PICTURE = b64decode("iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg==")


def make_account(*roles: Role, name: str = "", email: str = "", **fields: Any) -> Account:
    n = next(number)
    return Account.objects.create_user(
        email or f"account{n}@example.com",
        "a-long-password",
        full_name=name or f"Account {n}",
        roles=list(roles),
        **fields,
    )


def make_designer(name: str = "") -> Account:
    return make_account(Role.DESIGNER, name=name)


def make_job_role(name: str = "") -> JobRole:
    return JobRole.objects.create(name=name or f"Role {next(number)}")


def make_person(*, role: JobRole | None = None, **fields: Any) -> Person:
    n = next(number)
    if role and "job_title" not in fields:
        fields["job_title"], _ = JobTitle.objects.get_or_create(
            name=f"{role.name} (title)", defaults={"job_role": role}
        )
    return Person.objects.create(source_id=f"p{n}", **{"display_name": f"Person {n}", **fields})


def make_workflow(name: str = "", *, steps: int = 0, by: Account | None = None, linked: bool = True) -> Workflow:
    """A workflow of `steps` rated steps by one role, each handing its outcome to the next; the last one is final."""
    by = by or make_designer()
    workflow = work.add_workflow(name or f"Workflow {next(number)}", by=by)
    role = make_job_role() if steps else None
    previous: Outcome | None = None
    for place in range(1, steps + 1):
        step = make_step(workflow, name=f"Do step {place}", performed_by=role, criticality=4, by=by)
        outcome = make_outcome(step, by=by)
        if previous and linked:
            work.add_handoff(previous, to_step=step, by=by)
        previous = outcome
    return workflow


def make_step(workflow: Workflow | None = None, *, by: Account | None = None, **fields: Any) -> Step:
    by = by or make_designer()
    return work.add_step(workflow or make_workflow(by=by), by=by, **{"name": f"Do step {next(number)}", **fields})


def make_outcome(
    step: Step | None = None, *, by: Account | None = None, measured: bool = True, **fields: Any
) -> Outcome:
    by = by or make_designer()
    figures = {"measure": "days", "beneficiary": "the customer"} if measured else {}
    step = step or make_step(by=by)
    return work.add_outcome(step, by=by, **{"statement": f"Outcome {next(number)} is reached", **figures, **fields})


def make_handoff(outcome: Outcome, to_step: Step, *, by: Account | None = None, **fields: Any) -> Handoff:
    return work.add_handoff(outcome, to_step=to_step, by=by or make_designer(), **fields)


def make_skill(
    statement: str = "", *, at: Step | None = None, published: bool = False, by: Account | None = None, **fields: Any
) -> Skill:
    """A draft; `at` places it at a step for the step's first outcome."""
    by = by or make_designer()
    skill = skill_actions.add_skill(statement=statement or f"Do the thing numbered {next(number)}", by=by, **fields)
    if at:
        make_context(skill, at, by=by)
    if published:
        skill = skill_actions.publish(skill, by=by)
    return skill


def make_context(
    skill: Skill, step: Step, outcome: Outcome | None = None, *, by: Account | None = None, **fields: Any
) -> Context:
    outcome = outcome or step.outcomes.get()
    return skill_actions.place(skill, step=step, outcome=outcome, by=by or make_designer(), **fields)


def make_key(*scopes: str, name: str = "", by: Account | None = None) -> str:
    """The secret of a new API key, made at the command line unless somebody did."""
    _, secret = create_key(
        name or f"Key {next(number)}", scopes=scopes or ("design",), by=by or Account.objects.system()
    )
    return secret


def make_evidence(person: Person | None = None, skill: Skill | None = None, level: int = 3, **fields: Any) -> Evidence:
    """A bare row, past the action: standing does not follow. A manager's view of today unless it says otherwise."""
    now = timezone.now()
    usual = {"type": Type.MANAGER, "observed_at": now, "valid_until": now.date() + timedelta(days=180), "source": "HR"}
    step = fields.get("step")
    return Evidence.objects.create(
        person=person or make_person(),
        skill=skill or make_skill(),
        level=level,
        step_revision=fields.pop("step_revision", step.revision if step else None),
        **{"recorded_by": Account.objects.system(), **usual, **fields},
    )


def make_upload(content: bytes = PICTURE, name: str = "order.png") -> Upload:
    """A file that was looked at; a picture of one dot."""
    return looked_at(BytesIO(content), name)


def make_resource(
    title: str = "",
    *,
    at: Step | Skill | Outcome | None = None,
    verified: bool = True,
    by: Account | None = None,
    **fields: Any,
) -> Resource:
    """A job aid, verified; `at` places it for applying."""
    by = by or make_designer()
    said = {"kind": Resource.Kind.JOB_AID, "title": title or f"Help {next(number)}", "text": "Read this."}
    resource = support.add_resource(**{**said, **fields}, by=by)
    if at:
        support.place_resource(resource, at=at, moments=[Moment.APPLYING], by=by)
    resource.refresh_from_db()
    return support.verify(resource, by=by) if verified else resource
