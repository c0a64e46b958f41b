from gaps.models.evidence import (
    HELD_LEVEL,
    Contest,
    ContestAnswer,
    Evidence,
    Trust,
    Type,
    Withdrawal,
)
from gaps.models.figures import FigurePeriod, SnapshotDay
from gaps.models.goal import Goal, GoalDate
from gaps.models.judgement import AccessNote, Cause, CoverTarget, Overrule
from gaps.models.period import RequirementPeriod
from gaps.models.rating import RatingList, RatingPiece, RatingRow
from gaps.models.requirement import Need, Requirement
from gaps.models.reweighing import Reweighing
from gaps.models.standing import Standing

__all__ = [
    "HELD_LEVEL",
    "AccessNote",
    "Cause",
    "Contest",
    "ContestAnswer",
    "CoverTarget",
    "Evidence",
    "FigurePeriod",
    "Goal",
    "GoalDate",
    "Need",
    "Overrule",
    "RatingList",
    "RatingPiece",
    "RatingRow",
    "Requirement",
    "RequirementPeriod",
    "Reweighing",
    "SnapshotDay",
    "Standing",
    "Trust",
    "Type",
    "Withdrawal",
]
