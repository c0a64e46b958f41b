"""Every way in from outside, by room."""

from django.urls import URLPattern, URLResolver, include, path

urlpatterns: list[URLPattern | URLResolver] = [
    path("account/", include("workforce.account_urls")),
    path("api/v1/", include("config.api")),
    path("scim/v2/", include("config.scim")),
    path("", include("base.urls")),
    path("", include("workforce.urls")),
    path("", include("workflows.urls")),
    path("", include("skills.urls")),
    path("", include("gaps.urls")),
    path("", include("performance_support.urls")),
]

handler400 = "base.views.bad_request"
handler429 = "base.views.too_many_tries"
