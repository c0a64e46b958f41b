"""Groups: lists of people that the identity provider keeps."""

from dataclasses import replace
from typing import Any
from uuid import UUID

from django.db import transaction
from django.http import HttpRequest, HttpResponse

from workforce import actions
from workforce.access import group_for, may_run
from workforce.api.scim.base import ScimView, SearchScope, answer, matches
from workforce.api.scim.search import Search, asked_in_body, asked_in_query, listed, shown
from workforce.models import Group as GroupModel
from workforce.queries.scim.columns import GROUP, Many
from workforce.queries.scim.filters import Condition
from workforce.queries.scim.groups import GROUPS, GroupRow, groups_on_page
from workforce.scim import groups, reading
from workforce.scim.groups import Step
from workforce.scim.resources import GROUP_URN, Group
from workforce.scim.users import version_of


class GroupListView(ScimView):
    def get(self, request: HttpRequest) -> HttpResponse:
        return answer(found_groups(asked_in_query(request, Group, self.source), self.base))

    @transaction.atomic
    def post(self, request: HttpRequest) -> HttpResponse:
        may_run(self.by)
        return told(self, self.add(self.sent()), 201)

    def add(self, payload: dict[str, Any]) -> UUID:
        wanted = reading.group_in(payload, GROUP_URN)
        group = actions.add_group(
            self.own_source,
            name=wanted.display_name,
            external_id=wanted.external_id or "",
            members=set(groups.members_of(wanted)),
            by=self.by,
        )
        return group.pk


class GroupView(ScimView):
    def get(self, request: HttpRequest, pk: UUID) -> HttpResponse:
        selection = shown(request, Group)
        row = group_for(self.by, pk, source=self.source, with_members=selection.asks_for("members"))
        version = version_of(row.version)
        if (header := request.headers.get("If-None-Match")) and matches(header, version):
            return HttpResponse(status=304, headers={"ETag": version})
        said = selection.of(groups.told(row, self.base))
        return answer(said, ETag=version, Content_Location=f"{self.base}/Groups/{pk}")

    @transaction.atomic
    def put(self, request: HttpRequest, pk: UUID) -> HttpResponse:
        group = self.to_change(pk)
        wanted = reading.group_in(self.sent(), GROUP_URN, is_whole=True)
        actions.change_group(group, name=wanted.display_name, external_id=wanted.external_id or "", by=self.by)
        actions.set_members(group, set(groups.members_of(wanted)), by=self.by)
        return told(self, pk)

    @transaction.atomic
    def patch(self, request: HttpRequest, pk: UUID) -> HttpResponse:
        """204: whoever changed one member of 20,000 does not want to hear of all of them."""
        group = self.to_change(pk)
        for step in groups.steps_in(self.sent()):
            done(group, step, self)
        if "attributes" in request.GET:
            return told(self, pk)
        row = group_for(self.by, pk, source=self.own_source, with_members=False)
        return HttpResponse(status=204, headers={"ETag": version_of(row.version)})

    @transaction.atomic
    def delete(self, request: HttpRequest, pk: UUID) -> HttpResponse:
        actions.remove_group(self.to_change(pk), by=self.by)
        return HttpResponse(status=204)

    def to_change(self, pk: UUID) -> GroupModel:
        """The group without its members, locked, in the version that the client saw."""
        row = group_for(self.by, pk, source=self.own_source, with_members=False, to_edit=True)
        self.check_match(version_of(row.version))
        return GroupModel(pk=row.id, source=row.source, name=row.name, external_id=row.external_id)


def done(group: GroupModel, step: Step, view: ScimView) -> None:
    """One step of a PATCH."""
    by = view.by
    if step.what == "name":
        actions.change_group(group, name=step.value, by=by)
    elif step.what == "external_id":
        actions.change_group(group, external_id=step.value, by=by)
    elif step.what == "add":
        actions.add_members(group, set(step.value), by=by)
    elif step.what == "set":
        actions.set_members(group, set(step.value), by=by)
    elif step.what == "take":
        actions.take_members(group, "person.id = ANY (%s::uuid[])", params=[step.value], by=by)
    else:
        members = GROUP["members"]
        assert isinstance(members, Many)  # noqa: S101 - for the type checker
        condition = Condition(members.columns)
        actions.take_members(group, condition.visit(step.value), params=condition.params, by=by)


def told(view: ScimView, pk: UUID, status: int = 200) -> HttpResponse:
    selection = shown(view.request, Group)
    with_members = selection.asks_for("members")
    row: GroupRow = group_for(view.by, pk, source=view.own_source, with_members=with_members)
    said = selection.of(groups.told(row, view.base))
    location = f"{view.base}/Groups/{pk}"
    headers = {"Location": location} if status == 201 else {"Content_Location": location}
    return answer(said, status, ETag=version_of(row.version), **headers)


def found_groups(asked_for: Search, base: str) -> dict[str, Any]:
    asked = asked_for.of(GROUPS)
    asked = replace(asked, may_be_cut=asked.with_members)
    rows = groups_on_page(asked)
    resources = [asked_for.selection.of(groups.told(row, base)) for row in rows]
    return listed(resources, GROUPS.total(asked, len(rows)), asked)


class GroupSearchView(ScimView):
    permission_classes = [SearchScope]

    def post(self, request: HttpRequest) -> HttpResponse:
        return answer(found_groups(asked_in_body(self.sent(), Group, self.source), self.base))
