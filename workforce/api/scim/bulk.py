"""Many operations in one request, each whole or not at all (RFC 7644, section 3.7)."""

import json
from collections.abc import Iterator
from typing import Any
from uuid import UUID

from django.db import transaction
from django.http import Http404, HttpRequest, HttpResponse
from rest_framework.exceptions import MethodNotAllowed
from scim2_models import InvalidSyntaxException, InvalidValueException

from workforce.access import may_run
from workforce.api.scim.base import ScimView, TooLarge, answer, refusal
from workforce.api.scim.discovery import MOST_BULK_BYTES, MOST_BULK_OPERATIONS
from workforce.api.scim.groups import GroupListView, GroupView
from workforce.api.scim.users import UserListView, UserView

RESPONSE_URN = "urn:ietf:params:scim:api:messages:2.0:BulkResponse"
PREFIX = "bulkId:"
VIEWS: dict[str, tuple[type[ScimView], type[ScimView]]] = {
    "users": (UserListView, UserView),
    "groups": (GroupListView, GroupView),
}
ON_ONE = {"PUT", "PATCH", "DELETE"}


class Operation:
    """One operation of a bulk request. Raises SCIMException for what is none."""

    def __init__(self, given: Any) -> None:
        if not isinstance(given, dict):
            raise InvalidSyntaxException(detail="An operation is an object.")
        found = {key.lower(): value for key, value in given.items()}
        self.method = str(found.get("method") or "").upper()
        self.path = str(found.get("path") or "")
        self.bulk_id = str(found.get("bulkid") or "")
        self.version = str(found.get("version") or "*")
        self.data = found.get("data")
        self.waits_for = set(references(self.data)) | set(references(self.path.rpartition("/")[2]))

    def resolved(self, known: dict[str, str]) -> "Operation":
        """With ids where references were."""
        head, _, last = self.path.rpartition("/")
        self.path = f"{head}/{known.get(last.removeprefix(PREFIX), last)}" if last.startswith(PREFIX) else self.path
        self.data = filled_in(self.data, known)
        return self


def references(value: Any) -> Iterator[str]:
    if isinstance(value, str):
        if value.startswith(PREFIX):
            yield value.removeprefix(PREFIX)
    elif isinstance(value, dict | list):
        for part in value.values() if isinstance(value, dict) else value:
            yield from references(part)


def filled_in(value: Any, known: dict[str, str]) -> Any:
    if isinstance(value, str) and value.startswith(PREFIX):
        return known.get(value.removeprefix(PREFIX), value)
    if isinstance(value, dict):
        return {key: filled_in(part, known) for key, part in value.items()}
    return [filled_in(part, known) for part in value] if isinstance(value, list) else value


class BulkView(ScimView):
    most_bytes = MOST_BULK_BYTES

    def post(self, request: HttpRequest) -> HttpResponse:
        may_run(self.by)
        given = {key.lower(): value for key, value in self.sent().items()}
        operations = operations_of(given)
        most_errors = given.get("failonerrors")
        if most_errors is not None and (type(most_errors) is not int or most_errors < 1):
            raise InvalidValueException(detail="failOnErrors is a number from 1.")
        results = self.results(operations, most_errors)
        return answer({"schemas": [RESPONSE_URN], "Operations": results})

    def results(self, operations: list[Operation], most_errors: int | None) -> list[dict[str, Any]]:
        """In the order in which they were sent; what follows the last error that is allowed is not done."""
        known: dict[str, str] = {}
        told: dict[int, dict[str, Any]] = {}
        errors = 0
        for place in ordered(operations):
            operation = operations[place]
            missing = {name for name in operation.waits_for if name not in known}
            told[place] = self.result(operation.resolved(known), missing)
            if told[place]["status"] >= "400":
                errors += 1
                if most_errors is not None and errors >= most_errors:
                    break
            elif operation.method == "POST":
                known[operation.bulk_id] = told[place]["location"].rpartition("/")[2]
        return [told[place] for place in sorted(told)]

    def result(self, operation: Operation, missing: set[str]) -> dict[str, Any]:
        told: dict[str, Any] = {"method": operation.method}
        if operation.bulk_id:
            told["bulkId"] = operation.bulk_id
        try:
            response = self.done(operation, missing)
        except Exception as exc:
            response = refusal(exc, self.request)
        told["status"] = str(response.status_code)
        if response.status_code >= 400:
            return told | {"response": json.loads(response.content)} | location_of(operation, self.base)
        told |= {"location": response["Location"]} if "Location" in response else location_of(operation, self.base)
        return told | ({"version": response["ETag"]} if "ETag" in response else {})

    @transaction.atomic
    def done(self, operation: Operation, missing: set[str]) -> HttpResponse:
        """As if it had come alone."""
        if missing:
            raise InvalidValueException(detail=f"Nothing was made for bulkId:{min(missing)}, which this refers to.")
        kind, _, last = operation.path.strip("/").partition("/")
        if kind.lower() not in VIEWS:
            raise Http404
        of_all, of_one = VIEWS[kind.lower()]
        method, is_one = operation.method, bool(last)
        if method == "POST" and not operation.bulk_id:
            raise InvalidValueException(detail="A POST needs a bulkId, so that the answer can name it.")
        if (method not in ON_ONE) if is_one else method != "POST":
            raise MethodNotAllowed(method)
        view = (of_one if is_one else of_all)()
        view.request, view.seen = self.request, operation.version
        view.payload = operation.data if isinstance(operation.data, dict) else {}
        response: HttpResponse = getattr(view, method.lower())(self.request, **({"pk": id_of(last)} if is_one else {}))
        return response


def id_of(text: str) -> UUID:
    try:
        return UUID(text)
    except ValueError:
        raise Http404 from None


def location_of(operation: Operation, base: str) -> dict[str, str]:
    return {} if operation.method == "POST" else {"location": f"{base}/{operation.path.strip('/')}"}


def operations_of(given: dict[str, Any]) -> list[Operation]:
    sent = given.get("operations")
    if not isinstance(sent, list) or not sent:
        raise InvalidSyntaxException(detail="Send a list of operations under “Operations”.")
    if len(sent) > MOST_BULK_OPERATIONS:
        raise TooLarge(detail=f"At most {MOST_BULK_OPERATIONS:,} operations fit in one request. Send them in parts.")
    return [Operation(one) for one in sent]


def ordered(operations: list[Operation]) -> list[int]:
    """Places in an order in which whoever is referred to comes first; what refers in circles comes last."""
    makers = {one.bulk_id for one in operations if one.method == "POST" and one.bulk_id}
    waiting, made, order = list(range(len(operations))), set[str](), list[int]()
    while waiting:
        ready = [place for place in waiting if not (operations[place].waits_for & makers) - made]
        if not ready:
            return order + waiting
        order += ready
        made |= {operations[place].bulk_id for place in ready}
        waiting = [place for place in waiting if place not in set(ready)]
    return order
