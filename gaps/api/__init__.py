from gaps.api.evidence import EvidenceViews
from gaps.api.figures import CoverViews, GapViews, RiskViews, role_compare
from gaps.api.ratings import RatingListViews
from gaps.api.requirements import RequirementViews

__all__ = [
    "CoverViews",
    "EvidenceViews",
    "GapViews",
    "RatingListViews",
    "RequirementViews",
    "RiskViews",
    "role_compare",
]
