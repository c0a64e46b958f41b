"""The learning record store in the settings."""

from django.urls import URLPattern, path

from performance_support.views import lrs

urlpatterns: list[URLPattern] = [
    path("", lrs.lrs_show, name="lrs_show"),
    path("export/<str:kind>/", lrs.lrs_export, name="lrs_export"),
    path("connect/", lrs.lrs_connect, name="lrs_connect"),
    path("switch/", lrs.lrs_switch, name="lrs_switch"),
    path("test/", lrs.lrs_test, name="lrs_test"),
    path("again/", lrs.lrs_again, name="lrs_again"),
    path("forget/", lrs.lrs_forget, name="lrs_forget"),
    path("statements/<uuid:pk>/again/", lrs.statement_again, name="statement_again"),
]
