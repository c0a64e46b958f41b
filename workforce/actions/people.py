"""People and what they are called. People themselves come through employment.py and runs.py."""

from collections.abc import Collection
from typing import Any

from django.db import transaction

from base import changes, edits
from base.errors import RuleBroken
from workforce.models import Account, JobRole, Person, Role


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
    values = {name: value.strip() for name, value in values.items()}
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
    """Take a job role that no title stands for out of use; steps that name it keep their history and are flagged."""
    job_role = edits.locked(job_role)
    if count := job_role.titles.count():
        stand = "titles stand" if count > 1 else "title stands"
        raise RuleBroken(
            f"{count} {stand} for it. Map {'them' if count > 1 else 'it'} to another role first.", code="role_is_held"
        )
    edits.retire(job_role, by=by)
    return job_role


@transaction.atomic
def restore_job_role(job_role: JobRole, *, by: Account) -> JobRole:
    """Take a job role back into use."""
    job_role = edits.locked(job_role)
    edits.restore(job_role, by=by)
    return job_role


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
        raise RuleBroken(f"{email} can sign in already. Ask for a new password instead.", code="account_exists")
    account = Account.objects.create_user(email, password, full_name=full_name, person=person, roles=sorted(roles))
    changes.record("open", account, by=by, facts={"roles": (None, account.roles)})
    return account
