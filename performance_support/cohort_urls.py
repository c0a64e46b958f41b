"""Groups that learn together."""

from django.urls import URLPattern, path

from performance_support.views import cohorts

urlpatterns: list[URLPattern] = [
    path("", cohorts.cohort_list, name="cohort_list"),
    path("new/", cohorts.cohort_add, name="cohort_add"),
    path("<uuid:pk>/", cohorts.cohort_show, name="cohort_show"),
    path("<uuid:pk>/change/", cohorts.cohort_change, name="cohort_change"),
    path("<uuid:pk>/invite/", cohorts.cohort_invite, name="cohort_invite"),
    path("<uuid:pk>/join/", cohorts.cohort_join, name="cohort_join"),
    path("<uuid:pk>/leave/", cohorts.cohort_leave, name="cohort_leave"),
    path("<uuid:pk>/end/", cohorts.cohort_end, name="cohort_end"),
]
