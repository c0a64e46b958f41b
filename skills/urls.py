"""The pages of this room. Names are `<noun>_<verb>`, without the room: a page may move up and no link breaks."""

from django.urls import URLPattern, path

from skills.views import retiring

urlpatterns: list[URLPattern] = [
    path("workflows/<uuid:pk>/retire/", retiring.workflow_retire, name="workflow_retire"),
    path("workflows/steps/<uuid:pk>/retire/", retiring.step_retire, name="step_retire"),
    path("workflows/outcomes/<uuid:pk>/retire/", retiring.outcome_retire, name="outcome_retire"),
    path("workflows/handoffs/<uuid:pk>/retire/", retiring.handoff_retire, name="handoff_retire"),
]
