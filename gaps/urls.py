"""The pages of this room. Names are `<noun>_<verb>`, without the room: a page may move up and no link breaks."""

from django.urls import URLPattern, URLResolver, include, path

urlpatterns: list[URLPattern | URLResolver] = [
    path("gaps/", include("gaps.record_urls")),
    path("gaps/", include("gaps.work_urls")),
    path("gaps/", include("gaps.team_urls")),
    path("gaps/", include("gaps.rating_urls")),
    path("settings/trust/", include("gaps.trust_urls")),
]
