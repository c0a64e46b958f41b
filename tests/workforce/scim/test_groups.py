"""Groups: one member of 20,000 changes alone."""

from uuid import uuid4

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from base.models import Change
from tests.make import make_person
from tests.workforce.scim.client import GROUP_URN, Provider
from workforce.models import Group, Membership, Person
from workforce.queries.scim import groups as queries
from workforce.scim import groups as protocol

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
    named = idp.ask("GET", f"Groups/{pk}?attributes=members.display").body["members"]
    assert sorted(one["display"] for one in named) == ["Member 0", "Member 1"]
    assert {tuple(one) for one in named} == {("display",)}
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
    small, large = filled("Small", many[:2]), filled("Large", many)

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


def filled(name: str, some: list[str]) -> Group:
    group = Group.objects.create(source="idp", name=name)
    with connection.cursor() as cursor:
        cursor.execute(
            "INSERT INTO workforce_membership (group_id, person_id) SELECT %s, unnest(%s::uuid[])", [group.pk, some]
        )
        # As the server does by itself in time; the checks of foreign keys at commit would walk the tables otherwise.
        cursor.execute("ANALYZE workforce_person; ANALYZE workforce_membership")
    return group


def pages_of(idp, path: str, **terms: object) -> list[list[str]]:
    """Page after page as the protocol has it: on from what came, not from what was asked for."""
    start, pages = 1, []
    while True:
        query = "&".join(f"{key}={value}" for key, value in {**terms, "startIndex": start}.items())
        body = idp.ask("GET", f"{path}?{query}").body
        if not body["Resources"]:
            return pages
        assert body["itemsPerPage"] == len(body["Resources"])
        pages.append([one.get("displayName") or one["userName"] for one in body["Resources"]])
        start += body["itemsPerPage"]
        assert body["totalResults"] >= start - 1


def test_a_page_of_large_groups_ends_early_and_the_next_goes_on(idp, monkeypatch):
    monkeypatch.setattr(queries, "FULL_PAGE", queries.FULL_PAGE.replace(str(queries.MOST_TOGETHER), "4"))
    many = people(6)
    for name, count in (("a", 2), ("b", 2), ("c", 1), ("d", 6), ("e", 0), ("f", 4)):
        filled(name, many[:count])

    assert pages_of(idp, "Groups", sortBy="displayName") == [["a", "b"], ["c"], ["d"], ["e", "f"]]
    told = idp.ask("GET", "Groups?sortBy=displayName").body
    assert (told["totalResults"], [len(one["members"]) for one in told["Resources"]]) == (6, [2, 2])
    assert pages_of(idp, "Groups", sortBy="displayName", excludedAttributes="members") == [
        ["a", "b", "c", "d", "e", "f"]
    ]


def test_a_mixed_page_that_ends_early_leaves_nobody_out(idp, monkeypatch):
    monkeypatch.setattr(queries, "FULL_PAGE", queries.FULL_PAGE.replace(str(queries.MOST_TOGETHER), "4"))
    many = people(6)
    for number in range(4):
        filled(f"group {number}", many[:3])

    together = [name for page in pages_of(idp, "", count=100) for name in page]

    assert sorted(together) == sorted([*(f"group {number}" for number in range(4)), *(f"Member {n}" for n in range(6))])


def test_a_group_of_too_many_says_how_else_to_ask(idp, monkeypatch):
    monkeypatch.setattr(protocol, "MOST_OF_ONE", 3)
    pk = filled("Everybody", people(4)).pk

    refused = idp.ask("GET", f"Groups/{pk}")

    assert (refused.status_code, refused.body["scimType"]) == (400, "tooMany")
    assert "excludedAttributes=members" in refused.body["detail"]
    assert idp.ask("GET", f"Groups/{pk}?excludedAttributes=members").status_code == 200
    assert len(idp.found(f'groups.value eq "{pk}"')) == 4


def test_a_list_of_large_groups_reads_no_member_that_is_not_told(idp):
    """Three groups of 20,000: one is told, and the walk along the others stops at the second."""
    many = people(20_000)
    for number in range(3):
        filled(f"Large {number}", many)
    idp.ask("GET", "Groups?count=1&excludedAttributes=members")

    with CaptureQueriesContext(connection) as asked:
        body = idp.ask("GET", "Groups").body

    assert [len(one["members"]) for one in body["Resources"]] == [20_000]
    assert (body["totalResults"], body["itemsPerPage"]) == (3, 1)
    with CaptureQueriesContext(connection) as without:
        listed = idp.ask("GET", "Groups?excludedAttributes=members").body
    assert len(listed["Resources"]) == 3
    assert "workforce_membership" not in str([query["sql"] for query in without])
    assert (
        len(asked) == len(without) + 1
    )  # under which revision the total is kept, as a page that ends early does not tell it


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
