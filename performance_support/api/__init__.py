from performance_support.api.embed import EmbedViews
from performance_support.api.resources import PlacementViews, ResourceViews, SupportViews

__all__ = ["EmbedViews", "PlacementViews", "ResourceViews", "SupportViews"]
