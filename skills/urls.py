"""The pages of this room. Names are `<noun>_<verb>`, without the room: a page may move up and no link breaks."""

from django.urls import URLPattern, path, re_path

from skills.views import composing, flags, home, listing, placing, retiring, searching, showing
from skills.views import map as work_map

urlpatterns: list[URLPattern] = [
    path("search/", searching.search_show, name="search"),
    path("skills/", listing.skill_list, name="skill_list"),
    re_path(r"^skills/export\.(?P<kind>csv|xlsx)$", listing.skill_export, name="skill_export"),
    path("workflows/<uuid:pk>/", work_map.workflow_show, name="workflow_show"),
    path("workflows/<uuid:pk>/revision/", work_map.workflow_revision, name="workflow_revision"),
    path("skills/<uuid:pk>/place/", placing.skill_place, name="skill_place"),
    path("contexts/<uuid:pk>/move/", placing.context_move, name="context_move"),
    path("contexts/<uuid:pk>/take-away/", placing.context_take_away, name="context_take_away"),
    path("", home.home, name="home"),
    path("words/", home.words, name="words"),
    path("skills/new/", composing.skill_compose, name="skill_compose"),
    path("skills/<uuid:pk>/word/", composing.skill_compose, name="skill_compose"),
    path("skills/<uuid:pk>/", showing.skill_show, name="skill_show"),
    path("skills/<uuid:pk>/publish/", showing.skill_publish, name="skill_publish"),
    path("skills/<uuid:pk>/withdraw/", showing.skill_withdraw, name="skill_withdraw"),
    path("skills/<uuid:pk>/retire/", showing.skill_retire, name="skill_retire"),
    path("skills/<uuid:pk>/restore/", showing.skill_restore, name="skill_restore"),
    path("skills/<uuid:pk>/undo/<int:change>/", showing.skill_undo, name="skill_undo"),
    path("contexts/<uuid:pk>/remove/", showing.context_remove, name="context_remove"),
    path("workflows/<uuid:pk>/retire/", retiring.workflow_retire, name="workflow_retire"),
    path("workflows/steps/<uuid:pk>/retire/", retiring.step_retire, name="step_retire"),
    path("workflows/outcomes/<uuid:pk>/retire/", retiring.outcome_retire, name="outcome_retire"),
    path("workflows/handoffs/<uuid:pk>/retire/", retiring.handoff_retire, name="handoff_retire"),
    path("skills/flags/", flags.flag_list, name="flag_list"),
    path("skills/flags/rows/", flags.flag_rows, name="flag_rows"),
    path("skills/flags/place/", flags.flag_place, name="flag_place"),
    path("skills/flags/assign/", flags.flag_assign, name="flag_assign"),
    path("skills/flags/snooze/", flags.flag_snooze, name="flag_snooze"),
    path("skills/flags/wake/", flags.flag_wake, name="flag_wake"),
    path("skills/flags/retire/", flags.flag_retire, name="flag_retire"),
    path("skills/flags/undo/", flags.flag_undo, name="flag_undo"),
    path("skills/flags/check/", flags.watch_ask, name="watch_ask"),
    path("skills/flags/checked/", flags.watch_show, name="watch_show"),
    path("skills/flags/<uuid:pk>/accept/", flags.flag_accept, name="flag_accept"),
    path("skills/flags/<uuid:pk>/", flags.flag_show, name="flag_show"),
]
