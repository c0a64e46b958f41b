"""Users: one person each."""

from typing import Any
from uuid import UUID

from django.db import transaction
from django.http import HttpRequest, HttpResponse
from scim2_models import Context

from workforce import actions
from workforce.access import may_run, user_for
from workforce.api.scim.base import ScimView, answer, matches
from workforce.api.scim.search import asked_in_query, found_users, shown
from workforce.queries.scim.users import UserRow
from workforce.scim import reading, users
from workforce.scim.resources import Person
from workforce.scim.selection import Selection


class UserListView(ScimView):
    def get(self, request: HttpRequest) -> HttpResponse:
        return answer(found_users(asked_in_query(request, Person, self.source), self.base))

    def post(self, request: HttpRequest) -> HttpResponse:
        may_run(self.by)
        wanted = users.wanted(reading.user_in(self.sent()))
        row = actions.add_user(self.own_source, wanted, by=self.by)
        return told(row, self, 201)


class UserView(ScimView):
    def get(self, request: HttpRequest, pk: UUID) -> HttpResponse:
        row = user_for(self.by, pk, source=self.source)
        version = users.version_of(row.version)
        if (header := request.headers.get("If-None-Match")) and matches(header, version):
            return HttpResponse(status=304, headers={"ETag": version})
        return told(row, self)

    @transaction.atomic
    def put(self, request: HttpRequest, pk: UUID) -> HttpResponse:
        row = self.to_change(pk)
        payload = self.sent()
        # A PUT that does not say it leaves somebody as active as they are.
        if not any(name.lower() == "active" for name in payload):
            payload["active"] = row.is_active
        wanted = users.wanted(reading.user_in(payload, is_whole=True))
        return told(actions.change_user(row, wanted, by=self.by), self)

    @transaction.atomic
    def patch(self, request: HttpRequest, pk: UUID) -> HttpResponse:
        row = self.to_change(pk)
        now = Person.model_validate(users.told(row, self.base), scim_ctx=Context.DEFAULT)
        wanted = users.wanted(reading.patched(now, self.sent()))
        return told(actions.change_user(row, wanted, by=self.by), self)

    @transaction.atomic
    def delete(self, request: HttpRequest, pk: UUID) -> HttpResponse:
        actions.remove_user(self.to_change(pk), by=self.by)
        return HttpResponse(status=204)

    def to_change(self, pk: UUID) -> UserRow:
        """The user, locked, in the version that the client saw."""
        row = user_for(self.by, pk, source=self.own_source, to_edit=True)
        self.check_match(users.version_of(row.version))
        return row


def told(row: UserRow, view: ScimView, status: int = 200) -> HttpResponse:
    selection: Selection = shown(view.request, Person)
    said: dict[str, Any] = selection.of(users.told(row, view.base))
    version, location = users.version_of(row.version), f"{view.base}/Users/{row.id}"
    headers = {"Location": location} if status == 201 else {"Content_Location": location}
    return answer(said, status, ETag=version, **headers)
