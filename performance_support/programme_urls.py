"""Programmes and what surrounds them."""

from django.urls import URLPattern, path

from performance_support.views import programmes

urlpatterns: list[URLPattern] = [
    path("", programmes.programme_list, name="programme_list"),
    path("new/", programmes.programme_add, name="programme_add"),
    path("<uuid:pk>/", programmes.programme_show, name="programme_show"),
    path("<uuid:pk>/change/", programmes.programme_change, name="programme_change"),
    path("<uuid:pk>/archive/", programmes.programme_archive, name="programme_archive"),
    path("<uuid:pk>/restore/", programmes.programme_restore, name="programme_restore"),
    path("<uuid:pk>/arrange/", programmes.programme_arrange, name="programme_arrange"),
    path("<uuid:pk>/talk/", programmes.programme_talk, name="programme_talk"),
    path("<uuid:pk>/goal/", programmes.programme_goal, name="programme_goal"),
    path("<uuid:pk>/facts.<slug:kind>", programmes.programme_export, name="programme_export"),
]
