"""The sync desk, under /people/runs/."""

from django.urls import URLPattern, path

from workforce.views import runs, uploads

urlpatterns: list[URLPattern] = [
    path("", runs.run_list, name="run_list"),
    path("upload/", uploads.upload_add, name="upload_add"),
    path("upload/<uuid:pk>/", uploads.upload_show, name="upload_show"),
    path("upload/<uuid:pk>/sheet/", uploads.upload_look, name="upload_look"),
    path("upload/<uuid:pk>/apply/", uploads.upload_apply, name="upload_apply"),
    path("<uuid:pk>/", runs.run_show, name="run_show"),
    path("<uuid:pk>/changes/", runs.run_changes_export, name="run_changes"),
    path("<uuid:pk>/problems/", runs.run_problems, name="run_problems"),
    path("<uuid:pk>/approve/", runs.run_approve, name="run_approve"),
    path("<uuid:pk>/restore/", runs.run_restore, name="run_restore"),
    path("<uuid:pk>/reject/", runs.run_reject, name="run_reject"),
]
