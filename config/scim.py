"""The addresses of SCIM 2.0, for identity providers. The protocol names them, and ends none with a slash."""

from django.urls import URLPattern, URLResolver, path, re_path

from workforce.api.scim import bulk, discovery, groups, root, search, users

urlpatterns: list[URLPattern | URLResolver] = [
    path("Users", users.UserListView.as_view(), name="scim_user_list"),
    path("Users/.search", search.UserSearchView.as_view(), name="scim_user_search"),
    path("Users/<uuid:pk>", users.UserView.as_view(), name="scim_user"),
    path("Groups", groups.GroupListView.as_view(), name="scim_group_list"),
    path("Groups/.search", groups.GroupSearchView.as_view(), name="scim_group_search"),
    path("Groups/<uuid:pk>", groups.GroupView.as_view(), name="scim_group"),
    path("Bulk", bulk.BulkView.as_view(), name="scim_bulk"),
    path("", root.RootView.as_view(), name="scim_root"),
    path(".search", root.RootSearchView.as_view(), name="scim_search"),
    path("Schemas", discovery.SchemaListView.as_view(), name="scim_schema_list"),
    path("Schemas/<str:key>", discovery.SchemaView.as_view(), name="scim_schema"),
    path("ResourceTypes", discovery.ResourceTypeListView.as_view(), name="scim_resource_type_list"),
    path("ResourceTypes/<str:key>", discovery.ResourceTypeView.as_view(), name="scim_resource_type"),
    path("ServiceProviderConfig", discovery.ServiceProviderConfigView.as_view(), name="scim_config"),
    re_path(r"^(?P<path>.*)$", discovery.NothingHereView.as_view(), name="scim_nothing_here"),
]
