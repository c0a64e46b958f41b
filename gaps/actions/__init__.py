from gaps.actions.contesting import answer_contest, contest, take_back_entry, withdraw_evidence
from gaps.actions.goals import agree_goal, decline_goal, drop_goal, propose_goal
from gaps.actions.judging import change_trust, name_cause, overrule_gap, set_cover_target, take_back
from gaps.actions.rating import bring_in_ratings, plan_ratings, take_back_ratings
from gaps.actions.recording import Statement, record_evidence, record_many, still_doing_it

__all__ = [
    "Statement",
    "agree_goal",
    "answer_contest",
    "bring_in_ratings",
    "change_trust",
    "contest",
    "decline_goal",
    "drop_goal",
    "name_cause",
    "overrule_gap",
    "plan_ratings",
    "propose_goal",
    "record_evidence",
    "record_many",
    "set_cover_target",
    "still_doing_it",
    "take_back",
    "take_back_entry",
    "take_back_ratings",
    "withdraw_evidence",
]
