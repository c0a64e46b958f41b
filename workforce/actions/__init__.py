from workforce.actions.accounts import choose_digest
from workforce.actions.employment import (
    correct_person,
    honour_dates,
    put_people,
    put_person,
    restore_person,
    terminate_person,
)
from workforce.actions.keys import create_key, revoke_key
from workforce.actions.people import (
    add_job_role,
    change_job_role,
    job_role_named,
    open_account,
    retire_job_role,
)
from workforce.actions.runs import add_page, approve_run, close_run, expire_overdue, open_run, reject_run
from workforce.actions.titles import map_job_title, map_job_titles, undo_mapping

__all__ = [
    "add_job_role",
    "add_page",
    "approve_run",
    "change_job_role",
    "choose_digest",
    "close_run",
    "correct_person",
    "create_key",
    "expire_overdue",
    "honour_dates",
    "job_role_named",
    "map_job_title",
    "map_job_titles",
    "open_account",
    "open_run",
    "put_people",
    "put_person",
    "reject_run",
    "restore_person",
    "retire_job_role",
    "revoke_key",
    "terminate_person",
    "undo_mapping",
]
