"""Where help is and where it should be: the coverage grid."""

from django.urls import URLPattern, path

from performance_support.views import coverage

urlpatterns: list[URLPattern] = [
    path("coverage/", coverage.coverage_show, name="coverage_show"),
    path("coverage/export/<str:kind>/", coverage.coverage_export, name="coverage_export"),
    path("coverage/<uuid:pk>/<str:moment>/", coverage.coverage_cell, name="coverage_cell"),
    path("coverage/<uuid:pk>/<str:moment>/place/<uuid:resource_pk>/", coverage.coverage_place, name="coverage_place"),
    path(
        "coverage/<uuid:pk>/<str:moment>/take-away/<uuid:resource_pk>/",
        coverage.coverage_take_away,
        name="coverage_take_away",
    ),
]
