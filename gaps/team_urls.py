"""The pages of whoever leads people: their gaps, the heatmap, levels for a team, and what stands behind a figure."""

from django.urls import URLPattern, path

from gaps.views import behind, deciding, entering, heatmap, team, why

urlpatterns: list[URLPattern] = [
    path("", team.gap_list, name="gap_list"),
    path("export/<str:kind>/", team.gap_export, name="gap_export"),
    path("heatmap/", heatmap.heatmap_show, name="heatmap_show"),
    path("heatmap/export/<str:kind>/", heatmap.heatmap_export, name="heatmap_export"),
    path("why/", why.why_show, name="why_show"),
    path("why/export/<str:kind>/", why.why_export, name="why_export"),
    path("behind/readiness/", behind.readiness_show, name="readiness_show"),
    path("behind/outcome/<uuid:pk>/", behind.risk_show, name="risk_show"),
    path("behind/step/<uuid:pk>/", behind.cover_show, name="cover_show"),
    path("behind/step/<uuid:pk>/<uuid:person>/", behind.cell_show, name="cell_show"),
    path("behind/skill/<uuid:pk>/<uuid:person>/", behind.cell_show, {"across": "skills"}, name="skill_cell_show"),
    path("enter/", entering.evidence_enter, name="evidence_enter"),
    path("enter/export/<str:kind>/", entering.evidence_enter_export, name="evidence_enter_export"),
    path("enter/undo/<uuid:batch>/", entering.evidence_take_back, name="evidence_take_back"),
    path("enter/still/<uuid:person>/", entering.still_doing, name="still_doing"),
    path("overrule/<uuid:person>/<uuid:skill>/", deciding.gap_overrule, name="gap_overrule"),
    path("overrule/<uuid:pk>/undo/", deciding.overrule_remove, name="overrule_remove"),
    path("cause/<uuid:person>/<uuid:skill>/", deciding.cause_name, name="cause_name"),
    path("cause/<uuid:pk>/undo/", deciding.cause_remove, name="cause_remove"),
]
