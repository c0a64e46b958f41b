from workforce.actions.keys import create_key, revoke_key
from workforce.actions.people import (
    add_job_role,
    change_job_role,
    job_role_named,
    map_job_title,
    open_account,
    put_person,
    retire_job_role,
)

__all__ = [
    "add_job_role",
    "change_job_role",
    "create_key",
    "job_role_named",
    "map_job_title",
    "open_account",
    "put_person",
    "retire_job_role",
    "revoke_key",
]
