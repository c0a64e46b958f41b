"""The pages of this room. Names are `<noun>_<verb>`, without the room: a page may move up and no link breaks."""

from django.urls import URLPattern, URLResolver, include, path

from workforce.views import keys, people, roles, settings, teams, titles, webhooks

urlpatterns: list[URLPattern | URLResolver] = [
    path("people/", people.person_list, name="person_list"),
    path("people/export/", people.person_export, name="person_export"),
    path("people/<uuid:pk>/", people.person_show, name="person_show"),
    path("people/<uuid:pk>/correct/<str:field>/", people.person_correct, name="person_correct"),
    path("people/<uuid:pk>/correct/<str:field>/undo/", people.correction_remove, name="correction_remove"),
    path("people/<uuid:pk>/terminate/", people.person_terminate, name="person_terminate"),
    path("people/<uuid:pk>/restore/", people.person_restore, name="person_restore"),
    path("people/teams/", teams.team_list, name="team_list"),
    path("people/teams/<uuid:pk>/", teams.team_show, name="team_show"),
    path("people/roles/", roles.job_role_list, name="job_role_list"),
    path("people/roles/add/", roles.job_role_add, name="job_role_add"),
    path("people/roles/<uuid:pk>/change/", roles.job_role_change, name="job_role_change"),
    path("people/roles/<uuid:pk>/retire/", roles.job_role_retire, name="job_role_retire"),
    path("people/roles/<uuid:pk>/restore/", roles.job_role_restore, name="job_role_restore"),
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
