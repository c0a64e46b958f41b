"""The pages of this room. Names are `<noun>_<verb>`, without the room: a page may move up and no link breaks."""

from django.urls import URLPattern, path

from performance_support.views import freshness

urlpatterns: list[URLPattern] = [
    path("support/freshness/", freshness.freshness_desk, name="freshness_desk"),
    path("support/freshness/verify/", freshness.freshness_verify, name="freshness_verify"),
    path("support/still-correct/<str:token>/", freshness.resource_still_correct, name="resource_still_correct"),
]
