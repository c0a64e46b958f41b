"""The pages of this room. Names are `<noun>_<verb>`, without the room: a page may move up and no link breaks."""

from django.urls import URLPattern, path

from workflows.views import handoffs, history, outcomes, steps, workflows

urlpatterns: list[URLPattern] = [
    path("workflows/", workflows.workflow_list, name="workflow_list"),
    path("workflows/add/", workflows.workflow_add, name="workflow_add"),
    path("workflows/<uuid:pk>/change/", workflows.workflow_change, name="workflow_change"),
    path("workflows/<uuid:pk>/restore/", workflows.workflow_restore, name="workflow_restore"),
    path("workflows/<uuid:pk>/history/", history.workflow_history, name="workflow_history"),
    path("workflows/<uuid:pk>/steps/add/", steps.step_add, name="step_add"),
    path("workflows/steps/<uuid:pk>/change/", steps.step_change, name="step_change"),
    path("workflows/steps/<uuid:pk>/move/", steps.step_move, name="step_move"),
    path("workflows/steps/<uuid:pk>/restore/", steps.step_restore, name="step_restore"),
    path("workflows/steps/<uuid:pk>/outcomes/add/", outcomes.outcome_add, name="outcome_add"),
    path("workflows/outcomes/<uuid:pk>/change/", outcomes.outcome_change, name="outcome_change"),
    path("workflows/outcomes/<uuid:pk>/restore/", outcomes.outcome_restore, name="outcome_restore"),
    path("workflows/outcomes/<uuid:pk>/handoffs/add/", handoffs.handoff_add, name="handoff_add"),
    path("workflows/handoffs/<uuid:pk>/change/", handoffs.handoff_change, name="handoff_change"),
    path("workflows/handoffs/<uuid:pk>/restore/", handoffs.handoff_restore, name="handoff_restore"),
]
