from performance_support.actions.archiving import archive_resource, take_back
from performance_support.actions.checking import keep_findings, take_due
from performance_support.actions.keeping import (
    announce_archiving,
    archive_announced,
    ask_for_reminders,
    escalate,
    hand_on_from_leavers,
    note_the_day,
)
from performance_support.actions.placing import change_placement, place_resource, take_away
from performance_support.actions.using import note_use, vote
from performance_support.actions.verifying import MOST_TOGETHER, verify, verify_together
from performance_support.actions.writing import add_resource, change_resource, hand_over, return_to

__all__ = [
    "MOST_TOGETHER",
    "add_resource",
    "announce_archiving",
    "archive_announced",
    "archive_resource",
    "ask_for_reminders",
    "change_placement",
    "change_resource",
    "escalate",
    "hand_on_from_leavers",
    "hand_over",
    "keep_findings",
    "note_the_day",
    "note_use",
    "place_resource",
    "return_to",
    "take_away",
    "take_back",
    "take_due",
    "verify",
    "verify_together",
    "vote",
]
