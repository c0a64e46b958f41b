"""How far evidence is trusted, in the settings."""

from django.urls import URLPattern, path

from gaps.views import trust

urlpatterns: list[URLPattern] = [
    path("", trust.trust_list, name="trust_list"),
    path("export/<str:kind>/", trust.trust_export, name="trust_export"),
    path("<slug:type>/", trust.trust_change, name="trust_change"),
    path("<slug:type>/undo/<int:version>/", trust.trust_undo, name="trust_undo"),
]
