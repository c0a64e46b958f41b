"""The pages of this room. Names are `<noun>_<verb>`, without the room: a page may move up and no link breaks."""

from django.urls import URLPattern, URLResolver, include, path

from workforce.views import keys, people, settings, titles

urlpatterns: list[URLPattern | URLResolver] = [
    path("people/", people.person_list, name="person_list"),
    path("people/titles/", titles.job_title_list, name="job_title_list"),
    path("people/titles/map/", titles.job_title_map, name="job_title_map"),
    path("people/titles/undo/<uuid:pk>/", titles.job_title_undo, name="job_title_undo"),
    path("people/runs/", include("workforce.run_urls")),
    path("settings/", settings.settings_home, name="settings_home"),
    path("settings/digest/", settings.digest_choose, name="digest_choose"),
    path("settings/keys/", keys.key_list, name="key_list"),
    path("settings/keys/add/", keys.key_add, name="key_add"),
    path("settings/keys/<uuid:pk>/revoke/", keys.key_revoke, name="key_revoke"),
]
