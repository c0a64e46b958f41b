from gaps.api.figures import CoverViews, GapViews, RiskViews, role_compare

__all__ = ["CoverViews", "GapViews", "RiskViews", "role_compare"]
