"""The pages of this room. Names are `<noun>_<verb>`, without the room: a page may move up and no link breaks."""

from django.urls import URLPattern, path

from workforce import views

urlpatterns: list[URLPattern] = [
    path("people/", views.person_list, name="person_list"),
    path("people/titles/<uuid:pk>/", views.job_title_map, name="job_title_map"),
]
