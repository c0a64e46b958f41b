"""The addresses of SCIM 2.0, for identity providers. The protocol names them, and ends none with a slash."""

from django.urls import URLPattern, URLResolver, path, re_path

from workforce.api.scim import discovery, search, users

urlpatterns: list[URLPattern | URLResolver] = [
    path("Users", users.UserListView.as_view(), name="scim_user_list"),
    path("Users/.search", search.UserSearchView.as_view(), name="scim_user_search"),
    path("Users/<uuid:pk>", users.UserView.as_view(), name="scim_user"),
    path("Schemas", discovery.SchemaListView.as_view(), name="scim_schema_list"),
    path("Schemas/<str:key>", discovery.SchemaView.as_view(), name="scim_schema"),
    path("ResourceTypes", discovery.ResourceTypeListView.as_view(), name="scim_resource_type_list"),
    path("ResourceTypes/<str:key>", discovery.ResourceTypeView.as_view(), name="scim_resource_type"),
    path("ServiceProviderConfig", discovery.ServiceProviderConfigView.as_view(), name="scim_config"),
    re_path(r"^(?P<path>.*)$", discovery.NothingHereView.as_view(), name="scim_nothing_here"),
]
