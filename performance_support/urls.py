"""The pages of this room. Names are `<noun>_<verb>`, without the room: a page may move up and no link breaks."""

from django.urls import URLPattern, URLResolver, include, path

from performance_support.views import coach, embed, freshness, library, people, worker

urlpatterns: list[URLPattern | URLResolver] = [
    path("support/", include("performance_support.plan_urls")),
    path("support/", coach.support_home, name="support_home"),
    path("support/steps/<uuid:pk>/", coach.step_support, name="step_support"),
    path("support/embed/<uuid:pk>/", embed.step_embed, name="step_embed"),
    path("support/worker.js", worker.coach_worker, name="coach_worker"),
    path("support/library/<uuid:pk>/open/", coach.resource_open, name="resource_open"),
    path("support/library/<uuid:pk>/vote/", coach.resource_vote, name="resource_vote"),
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
    path("support/steps/<uuid:pk>/champions/ask/", people.champion_ask, name="champion_ask"),
    path("support/skills/<uuid:pk>/champions/ask/", people.skill_champion_ask, name="skill_champion_ask"),
    path("support/champions/<uuid:pk>/", people.champion_answer, name="champion_answer"),
    path("support/communities/", people.community_list, name="community_list"),
    path("support/communities/new/", people.community_add, name="community_add"),
    path("support/communities/<uuid:pk>/", people.community_change, name="community_change"),
    path("support/communities/<uuid:pk>/close/", people.community_close, name="community_close"),
    path("support/steps/<uuid:pk>/tips/", people.tip_leave, name="tip_leave"),
    path("support/tips/<uuid:pk>/vote/", people.tip_vote, name="tip_vote"),
    path("support/tips/<uuid:pk>/promote/", people.tip_promote, name="tip_promote"),
    path("support/tips/<uuid:pk>/remove/", people.tip_remove, name="tip_remove"),
    path("support/cohorts/", include("performance_support.cohort_urls")),
    path("support/programmes/", include("performance_support.programme_urls")),
    path("support/time/", include("performance_support.time_urls")),
    path("support/freshness/", freshness.freshness_desk, name="freshness_desk"),
    path("support/freshness/verify/", freshness.freshness_verify, name="freshness_verify"),
    path("support/still-correct/<str:token>/", freshness.resource_still_correct, name="resource_still_correct"),
]
