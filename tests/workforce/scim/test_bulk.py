"""Many operations in one request, and searches over everything."""

import json
from pathlib import Path

import pytest

from tests.workforce.scim.client import ENTERPRISE_URN, GROUP_URN, USER_URN, Provider
from workforce.models import Group, Person

pytestmark = pytest.mark.django_db
BULK_URN = "urn:ietf:params:scim:api:messages:2.0:BulkRequest"
EXAMPLES = Path(__file__).parents[4] / "shared/data/scim"


@pytest.fixture
def idp() -> Provider:
    return Provider(name="idp")


def bulk(idp: Provider, *operations: dict[str, object], **terms: object) -> list[dict[str, object]]:
    answer = idp.ask("POST", "Bulk", {"schemas": [BULK_URN], "Operations": list(operations), **terms})
    assert answer.status_code == 200, answer.content
    return answer.body["Operations"]


def user(name: str, **data: object) -> dict[str, object]:
    return {
        "method": "POST",
        "path": "/Users",
        "bulkId": name,
        "data": {"schemas": [USER_URN], "userName": name, **data},
    }


def test_what_refers_to_a_later_operation_is_resolved(idp):
    members = {"schemas": [GROUP_URN], "displayName": "Team", "members": [{"type": "User", "value": "bulkId:ann"}]}
    told = bulk(
        idp,
        {"method": "POST", "path": "/Groups", "bulkId": "team", "data": members},
        user("ann", **{ENTERPRISE_URN: {"manager": {"value": "bulkId:boss"}}}),
        user("boss"),
    )

    assert [one["status"] for one in told] == ["201", "201", "201"]
    ann, boss = Person.objects.get(user_name="ann"), Person.objects.get(user_name="boss")
    assert ann.manager == boss
    assert Group.objects.get().memberships.get().person == ann


def test_a_failing_operation_leaves_the_others_and_enough_failures_end_it(idp):
    sent = [user("ann"), user("ann"), user("bob"), user("ann"), user("eve")]

    told = bulk(idp, *sent, failOnErrors=2)

    assert [one["status"] for one in told] == ["201", "409", "201", "409"]
    assert told[1]["response"]["scimType"] == "uniqueness"
    assert sorted(Person.objects.values_list("user_name", flat=True)) == ["ann", "bob"]


def test_put_patch_and_delete_with_versions(idp):
    ann, bob = idp.add("ann"), idp.add("bob")
    patch = {"Operations": [{"op": "replace", "path": "title", "value": "Lead"}]}
    told = bulk(
        idp,
        {"method": "PATCH", "path": f"/Users/{ann['id']}", "version": 'W/"9"', "data": patch},
        {"method": "PATCH", "path": f"/Users/{ann['id']}", "version": 'W/"1"', "data": patch},
        {"method": "DELETE", "path": f"/Users/{bob['id']}"},
        {"method": "DELETE", "path": "/Users/nobody"},
        {"method": "GET", "path": f"/Users/{ann['id']}"},
    )
    assert [one["status"] for one in told] == ["412", "200", "204", "404", "405"]


@pytest.mark.parametrize(
    ("body", "status"),
    [
        ({"Operations": [{}] * 1001}, 413),
        ({"Operations": [], "padding": "x" * 1024 * 1024}, 413),
        ({"Operations": "all"}, 400),
        ({"Operations": [{}], "failOnErrors": "many"}, 400),
    ],
)
def test_limits_of_bulk(idp, body, status):
    assert idp.ask("POST", "Bulk", body).status_code == status


@pytest.mark.parametrize(
    "path", sorted(EXAMPLES.glob("*bulk_request*.json")) or [None], ids=lambda path: path and path.name
)
def test_the_examples_of_the_standard_are_answered_operation_by_operation(idp, path):
    if path is None:
        pytest.skip("the examples of the RFC are not beside this checkout")
    sent = json.loads(path.read_text())
    answer = idp.ask("POST", "Bulk", sent)
    assert answer.status_code == 200
    assert len(answer.body["Operations"]) <= len(sent["Operations"])
    assert all(int(one["status"]) < 500 for one in answer.body["Operations"])


def test_a_search_at_the_root_finds_users_and_groups_in_one_order(idp):
    idp.add("ann", displayName="Bea")
    idp.ask("POST", "Groups", {"displayName": "Alpha"})
    idp.ask("POST", "Groups", {"displayName": "Gamma"})

    body = {"filter": "displayName pr", "sortBy": "displayName", "attributes": ["displayName"]}
    found = idp.ask("POST", ".search", body).body
    assert [one["displayName"] for one in found["Resources"]] == ["Alpha", "Bea", "Gamma"]
    assert found["totalResults"] == 3
    second = idp.ask("POST", ".search", {**body, "sortOrder": "descending", "startIndex": 2, "count": 1}).body
    assert [one["displayName"] for one in second["Resources"]] == ["Bea"]
    assert idp.ask("GET", '?filter=userName eq "ANN"').body["totalResults"] == 1
    assert idp.ask("GET", "").body["totalResults"] == 3
