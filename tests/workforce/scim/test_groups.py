"""Groups: one member of 20,000 changes alone."""

from uuid import uuid4

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from base.models import Change
from tests.make import make_person
from tests.workforce.scim.client import GROUP_URN, Provider
from workforce.models import Group, Membership, Person

pytestmark = pytest.mark.django_db


@pytest.fixture
def idp() -> Provider:
    return Provider(name="idp")


def people(count: int) -> list[str]:
    made = Person.objects.bulk_create(
        Person(source="idp", source_id=f"m{n}", display_name=f"Member {n}") for n in range(count)
    )
    return [str(person.pk) for person in made]


def group_of(idp: Provider, name: str, members: list[str]) -> str:
    body = {"schemas": [GROUP_URN], "displayName": name, "members": [{"value": pk} for pk in members]}
    answer = idp.ask("POST", "Groups", body)
    assert answer.status_code == 201, answer.content
    return answer.body["id"]


def members(idp: Provider, pk: str) -> set[str]:
    return {one["value"] for one in idp.ask("GET", f"Groups/{pk}").body.get("members", [])}


def test_a_group_is_listed_with_and_without_its_members(idp):
    ann, bob = people(2)
    pk = group_of(idp, "Night shift", [ann, bob])

    listed = idp.ask("GET", 'Groups?filter=displayName eq "night SHIFT"&excludedAttributes=members').body
    assert [one["id"] for one in listed["Resources"]] == [pk]
    assert "members" not in listed["Resources"][0]
    assert members(idp, pk) == {ann, bob}
    assert idp.ask("GET", f"Users/{ann}").body["groups"][0]["display"] == "Night shift"
    assert idp.ask("GET", f"Groups/{pk}?attributes=members.display").body["members"][0] == {"display": "Member 0"}
    assert Change.objects.get(subject=pk).facts["joined"][1]["count"] == 2


@pytest.mark.parametrize(
    ("operations", "left"),
    [
        ([{"op": "Add", "path": "members", "value": [{"value": "c"}]}], "abc"),
        ([{"op": "add", "value": {"members": [{"value": "c"}, {"value": "a"}]}}], "abc"),
        ([{"op": "Remove", "path": "members", "value": [{"value": "a"}]}], "b"),
        ([{"op": "remove", "path": 'members[value eq "a"]'}], "b"),
        ([{"op": "remove", "path": 'members[value eq "a" or display sw "member 1"]'}], ""),
        ([{"op": "remove", "path": "members"}], ""),
        ([{"op": "replace", "path": "members", "value": [{"value": "c"}]}], "c"),
        ([{"op": "Replace", "value": {"id": "whatever", "displayName": "Day shift"}}], "ab"),
        ([{"op": "Replace", "path": f"{GROUP_URN}:displayName", "value": "Day shift"}], "ab"),
        (
            [
                {"op": "add", "path": "members", "value": {"value": "c"}},
                {"op": "remove", "path": 'members[value eq "b"]'},
            ],
            "ac",
        ),
    ],
)
def test_patches_of_groups_as_clients_write_them(idp, operations, left):
    import json

    known = dict(zip("abc", people(3), strict=True))
    pk = group_of(idp, "Night shift", [known["a"], known["b"]])
    text = json.dumps(operations)
    for letter, person in known.items():
        text = text.replace(f'"value": "{letter}"', f'"value": "{person}"').replace(
            f'eq \\"{letter}\\"', f'eq \\"{person}\\"'
        )

    answer = idp.patch(f"Groups/{pk}", *json.loads(text))

    assert (answer.status_code, answer.content) == (204, b"")
    assert members(idp, pk) == {known[letter] for letter in left}


def cost_of(idp: Provider, pk: str, operation: dict[str, object]) -> tuple[int, int]:
    """(statements, rows of members that were inserted, deleted or read one by one)"""
    touched = (
        "SELECT n_tup_ins + n_tup_del + n_tup_upd FROM pg_stat_xact_user_tables WHERE relname = 'workforce_membership'"
    )
    with connection.cursor() as cursor:
        cursor.execute(touched)
        before = cursor.fetchone()[0]
    with CaptureQueriesContext(
        connection,
    ) as queries:
        assert idp.patch(f"Groups/{pk}", operation).status_code == 204
    with connection.cursor() as cursor:
        cursor.execute(touched)
        return len(queries), cursor.fetchone()[0] - before


def test_one_member_of_20_000_costs_what_one_of_two_costs(idp):
    many = people(20_000)
    newcomer = str(make_person(source="idp").pk)
    small, large = Group.objects.create(source="idp", name="Small"), Group.objects.create(source="idp", name="Large")
    for group, some in ((small, many[:2]), (large, many)):
        Membership.objects.bulk_create([Membership(group=group, person_id=pk) for pk in some], batch_size=5000)

    idp.add()  # the first request of a key notes that it is in use
    costs = []
    for group in (small, large):
        added = cost_of(idp, str(group.pk), {"op": "Add", "path": "members", "value": [{"value": newcomer}]})
        removed = cost_of(idp, str(group.pk), {"op": "Remove", "path": f'members[value eq "{newcomer}"]'})
        costs.append((added, removed))

    assert costs[0] == costs[1]
    assert costs[0][0][1] == costs[0][1][1] == 1
    plan = Membership.objects.filter(group=large, person_id=newcomer).explain()
    assert "Index" in plan
    assert len(members(idp, str(large.pk))) == 20_000


def test_a_group_twice_is_409(idp):
    group_of(idp, "Night shift", [])
    assert idp.ask("POST", "Groups", {"displayName": "NIGHT shift"}).status_code == 409


def test_who_is_not_here_cannot_be_a_member_and_nothing_is_kept_of_the_attempt(idp):
    (ann,) = people(1)
    stranger = str(make_person(source="another").pk)
    for unknown in (str(uuid4()), stranger, "nobody"):
        body = {"displayName": "Night shift", "members": [{"value": ann}, {"value": unknown}]}
        assert idp.ask("POST", "Groups", body).status_code == 400
    assert Group.objects.count() == 0


def test_another_source_does_not_see_a_group(idp):
    pk = group_of(idp, "Night shift", [])
    assert Provider().ask("GET", f"Groups/{pk}").status_code == 404
    assert Provider().found("displayName pr", "Groups") == []


def test_a_group_that_is_deleted_leaves_its_people(idp):
    pk = group_of(idp, "Night shift", people(1))
    assert idp.ask("DELETE", f"Groups/{pk}").status_code == 204
    assert idp.ask("GET", f"Groups/{pk}").status_code == 404
    assert Person.objects.filter(status="active").count() == 1


def test_an_outdated_change_of_a_group_is_refused(idp):
    pk = group_of(idp, "Night shift", [])
    seen = idp.ask("GET", f"Groups/{pk}")["ETag"]
    rename = {"op": "replace", "path": "displayName", "value": "Day shift"}
    assert idp.patch(f"Groups/{pk}", rename, **{"If-Match": seen}).status_code == 204
    assert idp.patch(f"Groups/{pk}", rename, **{"If-Match": seen}).status_code == 412
