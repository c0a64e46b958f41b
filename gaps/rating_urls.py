"""Lists of ratings from elsewhere: brought, planned, applied, taken back."""

from django.urls import URLPattern, path

from gaps.views import ratings

urlpatterns: list[URLPattern] = [
    path("ratings/", ratings.rating_list, name="rating_list"),
    path("ratings/export/<str:kind>/", ratings.rating_list_export, name="rating_list_export"),
    path("ratings/add/", ratings.rating_add, name="rating_add"),
    path("ratings/<uuid:pk>/", ratings.rating_show, name="rating_show"),
    path("ratings/<uuid:pk>/plan/", ratings.rating_plan, name="rating_plan"),
    path("ratings/<uuid:pk>/look/", ratings.rating_look, name="rating_look"),
    path("ratings/<uuid:pk>/apply/", ratings.rating_apply, name="rating_apply"),
    path("ratings/<uuid:pk>/stop/", ratings.rating_stop, name="rating_stop"),
    path("ratings/<uuid:pk>/undo/", ratings.rating_undo, name="rating_undo"),
    path("ratings/<uuid:pk>/rejected.<str:kind>", ratings.rating_rejected, name="rating_rejected"),
]
