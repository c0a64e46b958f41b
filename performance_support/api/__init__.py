from performance_support.api.resources import PlacementViews, ResourceViews, SupportViews

__all__ = ["PlacementViews", "ResourceViews", "SupportViews"]
