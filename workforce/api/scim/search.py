"""What a client looks for: in the address, or posted to /.search because addresses end up in logs."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from django.http import HttpRequest, HttpResponse
from pydantic import ValidationError
from scim2_models import InvalidFilterException, InvalidValueException, SearchRequest

from workforce.api.scim.base import ScimView, SearchScope, answer
from workforce.models import Source
from workforce.queries.scim.filters import condition_of
from workforce.queries.scim.pages import Asked, Kind
from workforce.queries.scim.users import USERS, users_on_page
from workforce.scim import reading, users
from workforce.scim.resources import Person
from workforce.scim.selection import Selection

LIST_URN = "urn:ietf:params:scim:api:messages:2.0:ListResponse"
LONGEST_FILTER = 8000
MOST_RESULTS = 1000
USUAL_RESULTS = 100
AS_USUAL = Selection()
TERMS = ("filter", "sortBy", "sortOrder", "startIndex", "count")


@dataclass(frozen=True)
class Search:
    """What is asked, checked against one model or several."""

    terms: Any
    selection: Selection
    source: Source | None

    def of(self, kind: Kind) -> Asked:
        """For one type of resource."""
        condition, params = "true", list[Any]()
        if self.terms.filter is not None:
            condition, params = condition_of(self.terms.filter.ast, kind.attributes)
        count = self.terms.count
        return Asked(
            source=self.source,
            condition=condition,
            params=params,
            sort_by=name_of(self.terms.sort_by),
            is_descending=self.terms.sort_order == SearchRequest.SortOrder.descending,
            start=min(self.terms.start_index or 1, 2**31),
            count=USUAL_RESULTS if count is None else min(count, MOST_RESULTS),
            with_groups=self.selection.asks_for("groups"),
            with_members=self.selection.asks_for("members"),
        )


def name_of(path: Any) -> str:
    """As the columns are named: without the schema, in lower case."""
    return str(path).rpartition(":")[2].lower() if path else ""


def search(terms: Mapping[str, Any], selection: Selection, model: Any, source: Source | None) -> Search:
    """Raises SCIMException for a filter, an order or a figure that means nothing here."""
    given = {name: value for name, value in terms.items() if value not in (None, "")}
    text = given.get("filter")
    if text is not None:
        if not isinstance(text, str) or len(text) > LONGEST_FILTER:
            raise InvalidFilterException(detail=f"A filter is a text of at most {LONGEST_FILTER:,} characters.")
        given["filter"] = reading.PRIMARY.sub('[type eq "work"]', text)
    if isinstance(given.get("sortOrder"), str):
        given["sortOrder"] = given["sortOrder"].lower()
    try:
        return Search(SearchRequest[model].model_validate(given), selection, source)
    except ValidationError as invalid:
        raise reading.refusal_of(invalid) from None
    except RecursionError:
        raise InvalidFilterException(detail="This filter is too deep.") from None


def asked_in_query(request: HttpRequest, model: Any, source: Source | None) -> Search:
    given = {name.lower(): value for name, value in request.GET.items()}
    terms = {name: given.get(name.lower()) for name in TERMS}
    return search(terms, shown(request, model), model, source)


def asked_in_body(payload: dict[str, Any], model: Any, source: Source | None) -> Search:
    given = {name.lower(): value for name, value in payload.items()}
    selection = Selection(named(given, "attributes"), named(given, "excludedattributes"))
    return search({name: given.get(name.lower()) for name in TERMS}, selection, model, source)


def named(given: Mapping[str, Any], key: str) -> list[str]:
    value = given.get(key) or []
    value = [value] if isinstance(value, str) else value
    if not isinstance(value, list) or not all(isinstance(one, str) for one in value):
        raise InvalidValueException(detail="Name attributes as a list of texts.")
    return value


def shown(request: HttpRequest, model: Any) -> Selection:
    if not request.META.get("QUERY_STRING"):
        return AS_USUAL
    given = {name.lower(): value for name, value in request.GET.items()}
    return Selection(named(given, "attributes"), named(given, "excludedattributes"))


def listed(resources: list[dict[str, Any]], total: int, asked: Asked) -> dict[str, Any]:
    return {
        "schemas": [LIST_URN],
        "totalResults": total,
        "startIndex": asked.start,
        "itemsPerPage": len(resources),
        "Resources": resources,
    }


def found_users(asked_for: Search, base: str) -> dict[str, Any]:
    asked = asked_for.of(USERS)
    rows = users_on_page(asked)
    resources = [asked_for.selection.of(users.told(row, base)) for row in rows]
    return listed(resources, USERS.total(asked, len(rows)), asked)


class UserSearchView(ScimView):
    permission_classes = [SearchScope]

    def post(self, request: HttpRequest) -> HttpResponse:
        return answer(found_users(asked_in_body(self.sent(), Person, self.source), self.base))
