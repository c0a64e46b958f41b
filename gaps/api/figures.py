"""Gaps, cover, outcomes at risk and roles compared, for programs: only what the owner of the key may see."""

import datetime as dt
from collections.abc import Sequence
from typing import Any
from uuid import UUID

from django.core.exceptions import PermissionDenied
from drf_spectacular.openapi import AutoSchema
from drf_spectacular.utils import PolymorphicProxySerializer, extend_schema
from rest_framework import status
from rest_framework.decorators import api_view, permission_classes
from rest_framework.exceptions import NotFound
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.viewsets import GenericViewSet

from base.api import Refusal
from base.moments import settled
from gaps.access import note_list
from gaps.api.asked import CoverAsked, Dated, ForwardPages, GapsAsked, RiskAsked, asked, page, position
from gaps.api.outputs import ClosedGapOutput, ComparisonOutput, GapOutput, RiskOutput, StepCoverOutput
from gaps.groups import groups_to_tell
from gaps.queries import cover, gaps, lately, risk, roles, since
from gaps.queries.cover import StepCover
from gaps.queries.risk import OutcomeRisk
from gaps.seeing import Sight, sight_of
from workflows.models import Outcome, Step
from workforce.access import job_role_for
from workforce.keys import PeopleScope, PersonScope
from workforce.models import Person

REFUSALS = dict.fromkeys([400, 401, 403, 404], Refusal)


GAP_OR_CLOSED = PolymorphicProxySerializer(
    component_name="GapOrClosed", serializers=[GapOutput, ClosedGapOutput], resource_type_field_name=None, many=True
)


class FigureViews(GenericViewSet[Any]):
    """Reckoned on every look; nothing can be read one by one or written."""

    pagination_class = ForwardPages
    filter_backends = ()
    schema = AutoSchema()

    def initial(self, request: Request, *args: Any, **kwargs: Any) -> None:
        super().initial(request, *args, **kwargs)
        # Before anything is read: what is written meanwhile is in the next answer, and may be in this one as well.
        self.moment = settled()

    def finalize_response(self, request: Request, response: Response, *args: Any, **kwargs: Any) -> Response:
        answer = super().finalize_response(request, response, *args, **kwargs)
        if answer.status_code == status.HTTP_200_OK:
            answer["Next-Since"] = self.moment.isoformat()
        return answer

    @property
    def sight(self) -> Sight:
        return sight_of(self.request.user)  # type: ignore[arg-type]

    def told(self, found: Sequence[Any]) -> Sequence[dict[str, Any]]:
        said: Sequence[dict[str, Any]] = self.get_serializer(found, many=True).data
        return said


def uuids(said: list[str]) -> list[UUID]:
    try:
        return [UUID(part) for part in said]
    except ValueError:
        raise NotFound("Invalid cursor") from None


class GapViews(FigureViews):
    """By person and skill, in the order of their ids. A gap that is closed is no longer here, and comes back if it
    opens again. With `updated_since`, what may have come, changed or closed, so that a copy is kept true: put in what
    is open in place of what you hold of that person and skill, take out what is not. A closed one without a skill
    stands before everything else of its person and means all that you hold of them: whoever changed roles, or left."""

    queryset = Person.objects.none()
    permission_classes = [PersonScope]
    serializer_class = GapOutput

    @extend_schema(parameters=[GapsAsked], responses={200: GAP_OR_CLOSED, **REFUSALS})
    def list(self, request: Request) -> Response:
        said = asked(request, GapsAsked)
        size, as_of = said.pop("page_size"), said.pop("as_of", None)
        said_after = uuids(position(said.pop("cursor", None), 2))
        after = (said_after[0], said_after[1]) if said_after else None
        moment = said.pop("updated_since", None)
        whose = self.sight.of(**{name: said.pop(name, None) for name in ("person", "team", "job_role")})
        wanted, found = gaps.Wanted(whose, **said), list[lately.Told]()
        if moment:
            found += lately.page_since(wanted, moment, size=size, after=after)
        else:
            found += gaps.page_of(wanted, size=size, after=after, as_of=as_of)
        # Whoever is read about can see that a program read it.
        note_list(request.user, {each.person for each in found}, page="gaps")  # type: ignore[arg-type]
        last = lately.place(found[-1]) if len(found) == size else None
        return page(request, self.told_of(found), after=last)

    def told_of(self, found: Sequence[lately.Told]) -> Sequence[dict[str, Any]]:
        opened = iter(self.told([each for each in found if isinstance(each, gaps.Gap)]))
        return [ClosedGapOutput(each).data if isinstance(each, lately.Closed) else next(opened) for each in found]


class CoverViews(FigureViews):
    """By step, in the order of their ids. Counted among the people whom the key's owner may see, or among everybody,
    and then without names and without groups of fewer than five. With `updated_since`, no retired step is told of."""

    queryset = Step.objects.none()
    permission_classes = [PeopleScope]
    serializer_class = StepCoverOutput

    @extend_schema(parameters=[CoverAsked], responses={200: StepCoverOutput(many=True), **REFUSALS})
    def list(self, request: Request) -> Response:
        said = asked(request, CoverAsked)
        size, step = said["page_size"], said.get("step")
        after = next(iter(uuids(position(said.get("cursor"), 1))), None)
        sight = self.sight
        wanted = cover.Wanted(
            sight.counted, [step] if step else None, said.get("workflow"), said.get("job_role"), after, size,
            said.get("updated_since"),
        )  # fmt: skip
        hidden = hidden_from(sight, said.get("as_of"))
        found = cover.cover(wanted, as_of=said.get("as_of"))
        last = (found[-1].step,) if len(found) == size else None
        if sight.sees_people:
            note_list(request.user, {who.person for each in found for who in (*each.can, *each.leaving)}, page="cover")  # type: ignore[arg-type]
        return page(
            request, [shown(*each, sight, hidden) for each in zip(found, self.told(found), strict=True)], after=last
        )


Hidden = frozenset[UUID | None]
WITHHELD = ("people", "performers", "state", "cover")


def shown(step: StepCover, said: dict[str, Any], sight: Sight, hidden: Hidden) -> dict[str, Any]:
    """Names only to whoever may see the people; figures of fewer than five as well."""
    if not sight.sees_people:
        said |= {"can": [], "leaving": []}
        if is_withheld(step, hidden):
            said |= dict.fromkeys(WITHHELD)
    return said


def is_withheld(step: StepCover, hidden: Hidden) -> bool:
    """Nobody is told of by a step that nobody performs."""
    return bool(step.performers) and step.job_role in hidden


def hidden_from(sight: Sight, as_of: dt.date | None) -> Hidden:
    """The roles of which nothing is told to whoever sees groups only; raises PermissionDenied about a past day."""
    if sight.sees_people:
        return frozenset()
    if as_of:
        raise PermissionDenied("Past days are told to whoever may see the people. Leave as_of out.")
    return groups_to_tell().hidden_roles


class RiskViews(FigureViews):
    """Worst first. Reckoned over the upstream steps that the people seen perform; beyond them, over all steps but those
    that fewer than five people perform. With `updated_since`, what is no longer at risk is not told of."""

    queryset = Outcome.objects.none()
    permission_classes = [PeopleScope]
    serializer_class = RiskOutput

    @extend_schema(parameters=[RiskAsked], responses={200: RiskOutput(many=True), **REFUSALS})
    def list(self, request: Request) -> Response:
        said = asked(request, RiskAsked)
        last = position(said.get("cursor"), 1)
        sight = self.sight
        hidden = hidden_from(sight, said.get("as_of"))
        covers = cover.cover(cover.Wanted(sight.counted), as_of=said.get("as_of"))
        told = [each for each in covers if not is_withheld(each, hidden)]
        found = [each for each in risk.risks(told, workflow=said.get("workflow")) if each.is_at_risk]
        if moment := said.get("updated_since"):
            found = changed_since(moment, found)
        rest = beyond(found, uuids(last)[0]) if last else found
        some = rest[: said["page_size"]]
        return page(request, self.told(some), after=(some[-1].outcome,) if len(rest) > len(some) else None)


def changed_since(moment: dt.datetime, found: list[OutcomeRisk]) -> list[OutcomeRisk]:
    """Those that somebody edited, or with a step upstream whose cover may have changed."""
    steps = since.steps(moment, notice=cover.LEAVES_SOON)
    edited = since.edited(moment, [each.outcome for each in found])
    return [each for each in found if each.outcome in edited or any(link.step in steps for link in each.links)]


def beyond(found: list[OutcomeRisk], last: UUID) -> list[OutcomeRisk]:
    """Those behind one; all of them where that one is no longer at risk, so that none is missed."""
    places = [place for place, each in enumerate(found) if each.outcome == last]
    return found[places[0] + 1 :] if places else found


@extend_schema(parameters=[Dated], responses={200: ComparisonOutput, **REFUSALS})
@api_view(["GET"])
@permission_classes([PeopleScope])
def role_compare(request: Request, here: UUID, there: UUID) -> Response:
    """What one job role brings to another, skill by skill and step by step; most critical first."""
    one, other = (job_role_for(request.user, pk) for pk in (here, there))  # type: ignore[arg-type]
    as_of = asked(request, Dated).get("as_of")
    return Response(ComparisonOutput(roles.compare(one, other, as_of=as_of)).data)
