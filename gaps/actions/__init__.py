from gaps.actions.contesting import answer_contest, contest, take_back_entry, withdraw_evidence
from gaps.actions.goal_dates import agree_date, decline_date, propose_date, reopen_date, withdraw_date
from gaps.actions.goals import agree_goal, decline_goal, drop_goal, propose_goal
from gaps.actions.judging import name_cause, overrule_gap, set_cover_target, take_back
from gaps.actions.rating import add_ratings, apply_ratings, look_at_sheet, plan_ratings, stop_ratings, undo_ratings
from gaps.actions.recording import Statement, record_evidence, record_many, still_doing_it
from gaps.actions.trusting import change_trust, undo_trust

__all__ = [
    "Statement",
    "add_ratings",
    "agree_date",
    "agree_goal",
    "answer_contest",
    "apply_ratings",
    "change_trust",
    "contest",
    "decline_date",
    "decline_goal",
    "drop_goal",
    "look_at_sheet",
    "name_cause",
    "overrule_gap",
    "plan_ratings",
    "propose_date",
    "propose_goal",
    "record_evidence",
    "record_many",
    "reopen_date",
    "set_cover_target",
    "still_doing_it",
    "stop_ratings",
    "take_back",
    "take_back_entry",
    "undo_ratings",
    "undo_trust",
    "withdraw_date",
    "withdraw_evidence",
]
