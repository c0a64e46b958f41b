"""The addresses of the API, for programs. `/api/v1/` stays; what changes its meaning becomes `/api/v2/`."""

from django.urls import URLPattern, URLResolver, include, path
from drf_spectacular.utils import extend_schema
from drf_spectacular.views import SpectacularAPIView, SpectacularSwaggerSplitView
from rest_framework.decorators import api_view, permission_classes
from rest_framework.exceptions import NotFound
from rest_framework.permissions import AllowAny
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.routers import SimpleRouter

from gaps.api import (
    CoverViews,
    EvidenceViews,
    GapViews,
    RatingListViews,
    RequirementViews,
    RiskViews,
    role_compare,
)
from performance_support.api import (
    CohortViews,
    EmbedViews,
    PlacementViews,
    ProgrammeViews,
    ResourceViews,
    SupportViews,
)
from skills.api import ContextViews, FlagViews, SkillViews
from workflows.api import HandoffViews, OutcomeViews, StepViews, WorkflowViews
from workforce.api import JobRoleViews, JobTitleViews, PersonViews, RunViews, TeamViews

router = SimpleRouter(use_regex_path=False)
router.register("job-roles", JobRoleViews, "api-job-role")
router.register("job-titles", JobTitleViews, "api-job-title")
router.register("teams", TeamViews, "api-team")
router.register("people", PersonViews, "api-person")
router.register("hris/runs", RunViews, "api-run")
router.register("workflows", WorkflowViews, "api-workflow")
router.register("steps", StepViews, "api-step")
router.register("outcomes", OutcomeViews, "api-outcome")
router.register("handoffs", HandoffViews, "api-handoff")
router.register("skills", SkillViews, "api-skill")
router.register("flags", FlagViews, "api-flag")
router.register("skills/<uuid:skill_pk>/contexts", ContextViews, "api-context")
router.register("evidence", EvidenceViews, "api-evidence")
router.register("rating-lists", RatingListViews, "api-rating-list")
router.register("requirements", RequirementViews, "api-requirement")
router.register("resources", ResourceViews, "api-resource")
router.register("resources/<uuid:resource_pk>/placements", PlacementViews, "api-placement")
router.register("programmes", ProgrammeViews, "api-programme")
router.register("cohorts", CohortViews, "api-cohort")
router.register("gaps", GapViews, "api-gap")
router.register("cover", CoverViews, "api-cover")
router.register("outcomes-at-risk", RiskViews, "api-risk")

# The schema holds no data, and whoever writes a client needs it before having a key.
schema = SpectacularAPIView.as_view(permission_classes=[AllowAny], authentication_classes=[])
docs = SpectacularSwaggerSplitView.as_view(
    permission_classes=[AllowAny], authentication_classes=[], url_name="api_schema"
)


@extend_schema(exclude=True)
@api_view(["GET", "POST", "PUT", "PATCH", "DELETE"])
@permission_classes([AllowAny])
def nothing_here(request: Request, path: str = "") -> Response:
    """A program that mistypes an address gets the one shape of error, not a page."""
    raise NotFound("There is nothing at this address. /api/v1/docs/ lists what there is.")


urlpatterns: list[URLPattern | URLResolver] = [
    path("schema/", schema, name="api_schema"),
    path("docs/", docs, name="api_docs"),
    path("steps/<uuid:step_pk>/support/", SupportViews.as_view({"get": "list", "post": "create"}), name="api-support"),
    path("steps/<uuid:step_pk>/embed-link/", EmbedViews.as_view({"get": "retrieve"}), name="api-embed-link"),
    path("roles/<uuid:here>/compare/<uuid:there>/", role_compare, name="api-role-compare"),
    path("", include(router.urls)),
    path("<path:path>", nothing_here, name="api_nothing_here"),
]
