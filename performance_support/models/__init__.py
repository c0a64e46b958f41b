from performance_support.models.cohort import Cohort, Member
from performance_support.models.flags import ResourceFlag
from performance_support.models.freshness import FreshnessDay, Reminder, ReviewInterval, Verification, VerifiedStep
from performance_support.models.link import Link
from performance_support.models.lrs import Lrs, Statement
from performance_support.models.people import Champion, Community, Tip, TipVote
from performance_support.models.placement import Moment, Placement
from performance_support.models.plan import PlanOverrule, PlanRule
from performance_support.models.programme import (
    Arrangement,
    Fact,
    Participant,
    Programme,
    ProgrammeFlag,
    Talk,
    TalkRequest,
)
from performance_support.models.resource import STALE_BECAUSE, ErasedFile, Resource, ResourceVersion
from performance_support.models.time import Learning, TimeGrant
from performance_support.models.use import Use, Vote
from performance_support.models.word import HelpWord

__all__ = [
    "STALE_BECAUSE",
    "Arrangement",
    "Champion",
    "Cohort",
    "Community",
    "ErasedFile",
    "Fact",
    "FreshnessDay",
    "HelpWord",
    "Learning",
    "Link",
    "Lrs",
    "Member",
    "Moment",
    "Participant",
    "Placement",
    "PlanOverrule",
    "PlanRule",
    "Programme",
    "ProgrammeFlag",
    "Reminder",
    "Resource",
    "ResourceFlag",
    "ResourceVersion",
    "ReviewInterval",
    "Statement",
    "Talk",
    "TalkRequest",
    "TimeGrant",
    "Tip",
    "TipVote",
    "Use",
    "Verification",
    "VerifiedStep",
    "Vote",
]
