"""What the work needs and who can do it: roles compared, outcomes, cover, and what would be if."""

from django.urls import URLPattern, path

from gaps.views import roles

urlpatterns: list[URLPattern] = [
    path("roles/", roles.role_choose, name="role_choose"),
    path("roles/<uuid:here>/<uuid:there>/", roles.role_compare, name="role_compare"),
    path("roles/<uuid:here>/<uuid:there>/export/<str:kind>/", roles.role_export, name="role_export"),
    path("people/<uuid:pk>/roles/", roles.role_reach, name="role_reach"),
]
