"""Where help is and where it should be: the coverage grid and the plan."""

from django.urls import URLPattern, path

from performance_support.views import coverage, plan

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
    path("plan/", plan.plan_show, name="plan_show"),
    path("plan/export/<str:kind>/", plan.plan_export, name="plan_export"),
    path("plan/steps/<uuid:pk>/", plan.plan_overrule, name="plan_overrule"),
    path("plan/overrules/<uuid:pk>/take-back/", plan.plan_take_back, name="plan_take_back"),
    path("plan/rules/", plan.plan_rule_list, name="plan_rule_list"),
    path("plan/rules/new/", plan.plan_rule_add, name="plan_rule_add"),
    path("plan/rules/as-shipped/", plan.plan_rule_ship, name="plan_rule_ship"),
    path("plan/rules/<uuid:pk>/", plan.plan_rule_change, name="plan_rule_change"),
    path("plan/rules/<uuid:pk>/undo/", plan.plan_rule_undo, name="plan_rule_undo"),
    path("plan/rules/<uuid:pk>/remove/", plan.plan_rule_remove, name="plan_rule_remove"),
]
