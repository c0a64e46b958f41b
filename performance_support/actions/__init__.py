from performance_support.actions.archiving import archive_resource, take_back
from performance_support.actions.checking import keep_findings, take_due
from performance_support.actions.cohorts import (
    add_cohort,
    change_cohort,
    end_cohort,
    invite,
    join_cohort,
    leave_cohort,
)
from performance_support.actions.keeping import (
    announce_archiving,
    archive_announced,
    ask_for_reminders,
    escalate,
    hand_on_from_leavers,
    note_the_day,
)
from performance_support.actions.people import (
    add_community,
    answer_champion,
    ask_champion,
    change_community,
    close_community,
    leave_tip,
    promote_tip,
    remove_tip,
    vote_tip,
)
from performance_support.actions.placing import (
    change_placement,
    help_also,
    help_no_longer,
    place_resource,
    take_away,
)
from performance_support.actions.time import end_grant, forget_learning, grant_time, log_learning
from performance_support.actions.using import note_use, vote
from performance_support.actions.verifying import MOST_TOGETHER, verify, verify_together
from performance_support.actions.writing import add_resource, change_resource, hand_over, return_to

__all__ = [
    "MOST_TOGETHER",
    "add_cohort",
    "add_community",
    "add_resource",
    "announce_archiving",
    "answer_champion",
    "archive_announced",
    "archive_resource",
    "ask_champion",
    "ask_for_reminders",
    "change_cohort",
    "change_community",
    "change_placement",
    "change_resource",
    "close_community",
    "end_cohort",
    "end_grant",
    "escalate",
    "forget_learning",
    "grant_time",
    "hand_on_from_leavers",
    "hand_over",
    "help_also",
    "help_no_longer",
    "invite",
    "join_cohort",
    "keep_findings",
    "leave_cohort",
    "leave_tip",
    "log_learning",
    "note_the_day",
    "note_use",
    "place_resource",
    "promote_tip",
    "remove_tip",
    "return_to",
    "take_away",
    "take_back",
    "take_due",
    "verify",
    "verify_together",
    "vote",
    "vote_tip",
]
