from workforce.actions.accounts import (
    change_roles,
    choose_digest,
    close_account,
    forget_sign_on,
    reopen_account,
    reset_factor,
)
from workforce.actions.braking import Braked, allow_leavers, note_brake
from workforce.actions.deciding import approve_run, expire_overdue, reject_run
from workforce.actions.employment import (
    correct_person,
    honour_dates,
    put_people,
    put_person,
    restore_person,
    take_back_correction,
    terminate_person,
)
from workforce.actions.erasing import erase_person
from workforce.actions.groups import add_group, add_members, change_group, remove_group, set_members, take_members
from workforce.actions.keys import create_key, revoke_key, take_over_key
from workforce.actions.people import (
    add_job_role,
    change_job_role,
    job_role_named,
    open_account,
    restore_job_role,
    retire_job_role,
)
from workforce.actions.provisioning import add_user, change_user, remove_user
from workforce.actions.restoring import restore_leavers
from workforce.actions.runs import add_page, close_run, open_run
from workforce.actions.sign_on import admit
from workforce.actions.sources import change_source
from workforce.actions.titles import map_job_title, map_job_titles, undo_mapping
from workforce.actions.uploading import add_upload, apply_upload, look_again, map_upload
from workforce.actions.webhooks import (
    add_webhook,
    change_webhook,
    remove_webhook,
    replay_delivery,
    replay_undelivered,
    rotate_webhook,
    switch_off,
    switch_on,
    test_webhook,
)

__all__ = [
    "Braked",
    "add_group",
    "add_job_role",
    "add_members",
    "add_page",
    "add_upload",
    "add_user",
    "add_webhook",
    "admit",
    "allow_leavers",
    "apply_upload",
    "approve_run",
    "change_group",
    "change_job_role",
    "change_roles",
    "change_source",
    "change_user",
    "change_webhook",
    "choose_digest",
    "close_account",
    "close_run",
    "correct_person",
    "create_key",
    "erase_person",
    "expire_overdue",
    "forget_sign_on",
    "honour_dates",
    "job_role_named",
    "look_again",
    "map_job_title",
    "map_job_titles",
    "map_upload",
    "note_brake",
    "open_account",
    "open_run",
    "put_people",
    "put_person",
    "reject_run",
    "remove_group",
    "remove_user",
    "remove_webhook",
    "reopen_account",
    "replay_delivery",
    "replay_undelivered",
    "reset_factor",
    "restore_job_role",
    "restore_leavers",
    "restore_person",
    "retire_job_role",
    "revoke_key",
    "rotate_webhook",
    "set_members",
    "switch_off",
    "switch_on",
    "take_back_correction",
    "take_members",
    "take_over_key",
    "terminate_person",
    "test_webhook",
    "undo_mapping",
]
