"""What the work needs and who can do it: roles compared, outcomes, cover, and what would be if."""

from django.urls import URLPattern, path

from gaps.views import outcomes, roles, staffing, trying

urlpatterns: list[URLPattern] = [
    path("outcomes/", outcomes.risk_list, name="risk_list"),
    path("outcomes/export/<str:kind>/", outcomes.risk_export, name="risk_export"),
    path("outcomes/<uuid:pk>/", outcomes.outcome_show, name="outcome_show"),
    path("outcomes/<uuid:pk>/measure/", outcomes.measurement_record, name="measurement_record"),
    path("cover/", staffing.cover_list, name="cover_list"),
    path("cover/<uuid:pk>/", staffing.workflow_cover, name="workflow_cover"),
    path("cover/<uuid:pk>/export/<str:kind>/", staffing.cover_export, name="cover_export"),
    path("cover/steps/<uuid:pk>/target/", staffing.cover_target_set, name="cover_target_set"),
    path("what-if/", trying.what_if, name="what_if"),
    path("roles/", roles.role_choose, name="role_choose"),
    path("roles/<uuid:here>/<uuid:there>/", roles.role_compare, name="role_compare"),
    path("roles/<uuid:here>/<uuid:there>/export/<str:kind>/", roles.role_export, name="role_export"),
    path("people/<uuid:pk>/roles/", roles.role_reach, name="role_reach"),
]
