"""People and what they are called. Runs from an HR system build on `put_person`."""

from collections.abc import Collection, Mapping
from typing import Any

from django.db import transaction

from base import changes, edits
from base.errors import RuleBroken
from workforce.models import Account, JobRole, JobTitle, Person, Role, Team

FACTS = (
    "employee_number",
    "work_email",
    "given_name",
    "family_name",
    "display_name",
    "location",
    "employment_type",
    "status",
    "start_date",
    "end_date",
    "updated_at",
)


@transaction.atomic
def add_job_role(name: str, *, description: str = "", by: Account) -> JobRole:
    """Name a job role that workflows can be performed by."""
    if JobRole.objects.filter(name__iexact=name.strip()).exists():
        raise RuleBroken(f"There is a job role “{name.strip()}” already. Use that one.", code="job_role_exists")
    return edits.add(JobRole(name=name.strip(), description=description), by=by)


@transaction.atomic
def change_job_role(job_role: JobRole, *, seen: int | None = None, by: Account, **values: Any) -> JobRole:
    """Rename a job role or say more about it. `seen` is the version the editor had before them."""
    job_role = edits.locked(job_role, seen=seen)
    edits.save(job_role, values, by=by)
    return job_role


@transaction.atomic
def job_role_named(name: str, *, by: Account) -> JobRole:
    """The job role of this name, whatever its case; added where there is none, and back in use where it was retired."""
    role = JobRole.objects.select_for_update().filter(name__iexact=name.strip()).first()
    if role is None:
        return add_job_role(name, by=by)
    edits.restore(role, by=by)
    return role


@transaction.atomic
def retire_job_role(job_role: JobRole, *, by: Account) -> JobRole:
    """Take a job role out of use; steps that name it keep their history and are flagged."""
    job_role = edits.locked(job_role)
    edits.retire(job_role, by=by)
    return job_role


@transaction.atomic
def map_job_title(name: str, *, job_role: JobRole | None, by: Account) -> JobTitle:
    """Say which job role a title of the HR system stands for; None takes the answer back."""
    title, _ = JobTitle.objects.select_for_update().get_or_create(name=name.strip())
    changed = changes.assign(title, {"job_role": job_role})
    if changed:
        title.save(update_fields=["job_role"])
        changes.record("map", title, by=by, facts=changed)
    return title


@transaction.atomic
def put_person(source: str, source_id: str, *, facts: Mapping[str, Any], by: Account) -> tuple[Person, bool]:
    """Add or update one person from one source; returns the person and whether anything changed.

    `facts` takes the accepted fields; `job_title`, `team` (department) are names, `manager` is a Person or None.
    """
    person = Person.objects.select_for_update().filter(source=source, source_id=source_id).first()
    is_new = person is None
    person = person or Person(source=source, source_id=source_id)
    values = {field: facts[field] for field in FACTS if field in facts}
    if "job_title" in facts:
        values["job_title"] = _named(JobTitle, facts["job_title"])
    if "team" in facts:
        values["team"] = _named(Team, facts["team"])
    if "manager" in facts:
        values["manager"] = facts["manager"]
    changed = changes.assign(person, values)
    if is_new or changed:
        person.save()
        changes.record("add" if is_new else "change", person, by=by, facts=changed)
    return person, is_new or bool(changed)


def _named(model: type[Any], name: str | None) -> Any:
    if not name or not name.strip():
        return None
    return model.objects.filter(name__iexact=name.strip()).first() or model.objects.create(name=name.strip())


@transaction.atomic
def open_account(
    email: str,
    *,
    full_name: str,
    person: Person | None = None,
    roles: Collection[Role] = (),
    password: str | None = None,
    by: Account,
) -> Account:
    """Let somebody sign in; without a password they choose one through “Forgotten it?”."""
    if Account.objects.filter(email__iexact=email).exists():
        raise RuleBroken(f"{email} can sign in already.", code="account_exists")
    account = Account.objects.create_user(email, password, full_name=full_name, person=person, roles=sorted(roles))
    changes.record("open", account, by=by, facts={"roles": (None, account.roles)})
    return account
