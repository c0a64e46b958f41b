"""Users and groups together: what a client asks of the whole service."""

from itertools import takewhile
from typing import Any
from uuid import UUID

from django.http import HttpRequest, HttpResponse

from workforce.api.scim.base import ScimView, SearchScope, answer
from workforce.api.scim.search import Search, asked_in_body, asked_in_query, listed
from workforce.queries.scim.groups import GROUPS, groups_on_page
from workforce.queries.scim.pages import Asked, mixed_page
from workforce.queries.scim.users import USERS, users_on_page
from workforce.scim import groups, users
from workforce.scim.resources import AnyResource


def found_all(asked_for: Search, base: str) -> dict[str, Any]:
    of_users, of_groups = asked_for.of(USERS), asked_for.of(GROUPS)
    page = mixed_page([(USERS, of_users), (GROUPS, of_groups)])
    told: dict[UUID, dict[str, Any]] = {}
    for row in users_on_page(these("person", page, USERS.alias, of_users)):
        told[row.id] = users.told(row, base)
    for group in groups_on_page(these("list", page, GROUPS.alias, of_groups)):
        told[group.id] = groups.told(group, base)
    # Where groups with many members end a page early, whoever would stand behind them comes with the next one.
    resources = [asked_for.selection.of(told[pk]) for _, pk in takewhile(lambda one: one[1] in told, page)]
    total = USERS.counted(of_users) + GROUPS.counted(of_groups)
    return listed(resources, total, of_users)


def these(alias: str, page: list[tuple[str, UUID]], kind: str, asked: Asked) -> Asked:
    """The resources of one kind that stand on a page."""
    ids = [pk for one, pk in page if one == kind]
    return Asked(
        source=asked.source,
        condition=f"{alias}.id = ANY (%s::uuid[])",
        params=[ids],
        count=len(ids),
        with_groups=asked.with_groups,
        with_members=asked.with_members,
    )


class RootView(ScimView):
    def get(self, request: HttpRequest) -> HttpResponse:
        return answer(found_all(asked_in_query(request, AnyResource, self.source), self.base))


class RootSearchView(ScimView):
    permission_classes = [SearchScope]

    def post(self, request: HttpRequest) -> HttpResponse:
        return answer(found_all(asked_in_body(self.sent(), AnyResource, self.source), self.base))
