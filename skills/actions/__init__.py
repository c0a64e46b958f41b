from skills.actions.placing import change_context, place, remove_context
from skills.actions.publishing import CannotPublish, publish, restore_skill, retire_skill, withdraw
from skills.actions.wording import add_skill, change_skill, merge, tell_apart

__all__ = [
    "CannotPublish",
    "add_skill",
    "change_context",
    "change_skill",
    "merge",
    "place",
    "publish",
    "remove_context",
    "restore_skill",
    "retire_skill",
    "tell_apart",
    "withdraw",
]
