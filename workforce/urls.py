"""The pages of this room. Names are `<noun>_<verb>`, without the room: a page may move up and no link breaks."""

from django.urls import URLPattern, path

from workforce.views import people, settings

urlpatterns: list[URLPattern] = [
    path("people/", people.person_list, name="person_list"),
    path("people/titles/<uuid:pk>/", people.job_title_map, name="job_title_map"),
    path("settings/", settings.settings_home, name="settings_home"),
    path("settings/digest/", settings.digest_choose, name="digest_choose"),
]
