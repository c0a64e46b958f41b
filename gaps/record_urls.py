"""One person's record: my page, a person's page, and what is said, contested and agreed there."""

from django.urls import URLPattern, path

from gaps.views import evidence, goal_dates, goals, record

urlpatterns: list[URLPattern] = [
    path("me/", record.my_page, name="my_page"),
    path("people/<uuid:pk>/", record.person_gaps, name="person_gaps"),
    path("people/<uuid:pk>/skills/<uuid:skill>/", record.person_skill, name="person_skill"),
    path("people/<uuid:pk>/record.<str:kind>", record.record_export, name="record_export"),
    path("people/<uuid:pk>/skills/<uuid:skill>/still/", evidence.evidence_still, name="evidence_still"),
    path("people/<uuid:pk>/evidence/", evidence.evidence_record, name="evidence_record"),
    path("evidence/<uuid:pk>/contest/", evidence.evidence_contest, name="evidence_contest"),
    path("evidence/<uuid:pk>/withdraw/", evidence.evidence_withdraw, name="evidence_withdraw"),
    path("contests/<uuid:pk>/answer/", evidence.contest_answer, name="contest_answer"),
    path("people/<uuid:pk>/goals/", goals.goal_propose, name="goal_propose"),
    path("goals/<uuid:pk>/agree/", goals.goal_agree, name="goal_agree"),
    path("goals/<uuid:pk>/decline/", goals.goal_decline, name="goal_decline"),
    path("goals/<uuid:pk>/drop/", goals.goal_drop, name="goal_drop"),
    path("goals/<uuid:pk>/date/", goal_dates.goal_redate, name="goal_redate"),
    path("goals/dates/<uuid:pk>/agree/", goal_dates.date_agree, name="date_agree"),
    path("goals/dates/<uuid:pk>/decline/", goal_dates.date_decline, name="date_decline"),
    path("goals/dates/<uuid:pk>/withdraw/", goal_dates.date_withdraw, name="date_withdraw"),
    path("goals/dates/<uuid:pk>/reopen/", goal_dates.date_reopen, name="date_reopen"),
]
