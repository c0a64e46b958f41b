"""One person's record: my page, a person's page, and what is said, contested and agreed there."""

from django.urls import URLPattern, path

from gaps.views import record

urlpatterns: list[URLPattern] = [
    path("me/", record.my_page, name="my_page"),
    path("people/<uuid:pk>/", record.person_gaps, name="person_gaps"),
    path("people/<uuid:pk>/skills/<uuid:skill>/", record.person_skill, name="person_skill"),
    path("people/<uuid:pk>/record.<str:kind>", record.record_export, name="record_export"),
]
