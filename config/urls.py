"""Every way in from outside, by room."""

from django.urls import URLPattern, URLResolver, include, path

urlpatterns: list[URLPattern | URLResolver] = [
    path("account/", include("allauth.urls")),
    path("", include("base.urls")),
    path("", include("workforce.urls")),
    path("", include("workflows.urls")),
    path("", include("skills.urls")),
]
