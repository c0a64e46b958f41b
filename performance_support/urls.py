"""The pages of this room. Names are `<noun>_<verb>`, without the room: a page may move up and no link breaks."""

from django.urls import URLPattern, path

from performance_support.views import freshness, library

urlpatterns: list[URLPattern] = [
    path("support/library/", library.resource_list, name="resource_list"),
    path("support/library/new/", library.resource_add, name="resource_add"),
    path("support/library/<uuid:pk>/", library.resource_show, name="resource_show"),
    path("support/library/<uuid:pk>/change/", library.resource_change, name="resource_change"),
    path("support/library/<uuid:pk>/place/", library.resource_place, name="resource_place"),
    path("support/library/<uuid:pk>/verify/", library.resource_verify, name="resource_verify"),
    path("support/library/<uuid:pk>/archive/", library.resource_archive, name="resource_archive"),
    path("support/library/<uuid:pk>/take-back/", library.resource_take_back, name="resource_take_back"),
    path("support/library/<uuid:pk>/hand-over/", library.resource_hand_over, name="resource_hand_over"),
    path("support/library/<uuid:pk>/versions/<int:number>/", library.resource_return_to, name="resource_return_to"),
    path("support/placements/<uuid:pk>/take-away/", library.placement_take_away, name="placement_take_away"),
    path("support/freshness/", freshness.freshness_desk, name="freshness_desk"),
    path("support/freshness/verify/", freshness.freshness_verify, name="freshness_verify"),
    path("support/still-correct/<str:token>/", freshness.resource_still_correct, name="resource_still_correct"),
]
