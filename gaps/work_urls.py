"""What the work needs and who can do it: roles compared, outcomes, cover, and what would be if."""

from django.urls import URLPattern, path

from gaps.views import needed, outcomes, roles, staffing, trying

urlpatterns: list[URLPattern] = [
    path("outcomes/", outcomes.risk_list, name="risk_list"),
    path("outcomes/export/<str:kind>/", outcomes.risk_export, name="risk_export"),
    path("outcomes/<uuid:pk>/", outcomes.outcome_show, name="outcome_show"),
    path("outcomes/<uuid:pk>/export/<str:kind>/", outcomes.outcome_export, name="outcome_export"),
    path("outcomes/<uuid:pk>/measure/", outcomes.measurement_record, name="measurement_record"),
    path("cover/", staffing.cover_list, name="cover_list"),
    path("cover/export/<str:kind>/", staffing.cover_list_export, name="cover_list_export"),
    path("cover/<uuid:pk>/", staffing.workflow_cover, name="workflow_cover"),
    path("cover/<uuid:pk>/export/<str:kind>/", staffing.cover_export, name="cover_export"),
    path("cover/steps/<uuid:pk>/target/", staffing.cover_target_set, name="cover_target_set"),
    path("what-if/", trying.what_if, name="what_if"),
    path("what-if/export/<str:kind>/", trying.what_if_export, name="what_if_export"),
    path("roles/", roles.role_choose, name="role_choose"),
    path("roles/export/<str:kind>/", needed.role_list_export, name="role_list_export"),
    path("roles/<uuid:pk>/needs/export/<str:kind>/", needed.role_needs_export, name="role_needs_export"),
    path("roles/<uuid:pk>/needs/<uuid:skill>/", needed.requirement_show, name="requirement_show"),
    path("roles/<uuid:pk>/near/export/<str:kind>/", roles.role_near_export, name="role_near_export"),
    path("roles/<uuid:here>/<uuid:there>/", roles.role_compare, name="role_compare"),
    path("roles/<uuid:here>/<uuid:there>/export/<str:kind>/", roles.role_export, name="role_export"),
    path("people/<uuid:pk>/roles/", roles.role_reach, name="role_reach"),
    path("people/<uuid:pk>/roles/export/<str:kind>/", roles.reach_export, name="reach_export"),
]
