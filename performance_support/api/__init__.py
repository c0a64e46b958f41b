from performance_support.api.embed import EmbedViews
from performance_support.api.resources import PlacementViews, ResourceViews, SupportViews
from performance_support.api.together import CohortViews, ProgrammeViews

__all__ = ["CohortViews", "EmbedViews", "PlacementViews", "ProgrammeViews", "ResourceViews", "SupportViews"]
