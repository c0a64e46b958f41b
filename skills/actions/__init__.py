from skills.actions.composing import Draft, compose, compose_and_publish, rehearse, use_instead
from skills.actions.digests import ask_for_digests
from skills.actions.flags import (
    assign_flags,
    place_all,
    place_as_one,
    restore_all,
    retire_all,
    snooze_flags,
    take_apart,
    unplace,
    wake_flags,
)
from skills.actions.importing import (
    add_import,
    apply_import,
    choose_every,
    choose_rows,
    look_again,
    map_columns,
    stop_import,
    undo_import,
)
from skills.actions.passing import pass_on_skills
from skills.actions.placing import change_context, place, remove_context
from skills.actions.publishing import CannotPublish, publish, restore_skill, retire_skill, withdraw
from skills.actions.undoing import UNDOABLE, undo
from skills.actions.wording import add_skill, change_skill, merge, tell_apart

__all__ = [
    "UNDOABLE",
    "CannotPublish",
    "Draft",
    "add_import",
    "add_skill",
    "apply_import",
    "ask_for_digests",
    "assign_flags",
    "change_context",
    "change_skill",
    "choose_every",
    "choose_rows",
    "compose",
    "compose_and_publish",
    "look_again",
    "map_columns",
    "merge",
    "pass_on_skills",
    "place",
    "place_all",
    "place_as_one",
    "publish",
    "rehearse",
    "remove_context",
    "restore_all",
    "restore_skill",
    "retire_all",
    "retire_skill",
    "snooze_flags",
    "stop_import",
    "take_apart",
    "tell_apart",
    "undo",
    "undo_import",
    "unplace",
    "use_instead",
    "wake_flags",
    "withdraw",
]
