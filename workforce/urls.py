"""The pages of this room. Names are `<noun>_<verb>`, without the room: a page may move up and no link breaks."""

from django.urls import URLPattern, URLResolver, include, path

from workforce.views import keys, people, settings, titles, webhooks

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
    path("settings/webhooks/", webhooks.webhook_list, name="webhook_list"),
    path("settings/webhooks/add/", webhooks.webhook_add, name="webhook_add"),
    path("settings/webhooks/<uuid:pk>/", webhooks.webhook_show, name="webhook_show"),
    path("settings/webhooks/<uuid:pk>/change/", webhooks.webhook_change, name="webhook_change"),
    path("settings/webhooks/<uuid:pk>/rotate/", webhooks.webhook_rotate, name="webhook_rotate"),
    path("settings/webhooks/<uuid:pk>/switch/", webhooks.webhook_switch, name="webhook_switch"),
    path("settings/webhooks/<uuid:pk>/test/", webhooks.webhook_test, name="webhook_test"),
    path("settings/webhooks/<uuid:pk>/replay/", webhooks.webhook_replay, name="webhook_replay"),
    path("settings/webhooks/<uuid:pk>/remove/", webhooks.webhook_remove, name="webhook_remove"),
    path("settings/webhooks/<uuid:pk>/deliveries/<uuid:delivery>/", webhooks.delivery_replay, name="delivery_replay"),
]
