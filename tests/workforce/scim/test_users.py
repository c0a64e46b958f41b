"""People as identity providers send them: they are the same people, and the house's rules hold for them."""

import pytest
from django.db import connection

from base.models import Change
from tests.make import make_account, make_person
from tests.workforce.scim.client import ENTERPRISE_URN, ERROR_URN, USER_URN, Provider
from workforce import actions
from workforce.models import JobTitle, Person, Role, Team

pytestmark = pytest.mark.django_db
MANAGER = f"{ENTERPRISE_URN}:manager"
# As Microsoft Entra ID sends it with its usual mapping.
FROM_ENTRA = {
    "schemas": [USER_URN, ENTERPRISE_URN],
    "externalId": "0a21f0f2-8d2a-4f8e-bf98-7363c4aed4ef",
    "userName": "Ann.Lee@northmoor.example",
    "active": True,
    "displayName": "Ann Lee",
    "emails": [{"primary": True, "type": "work", "value": "ann.lee@northmoor.example"}],
    "meta": {"resourceType": "User"},
    "name": {"formatted": "Ann Lee", "familyName": "Lee", "givenName": "Ann"},
    "title": "Warehouse lead",
    "preferredLanguage": "en-GB",
    "phoneNumbers": [{"type": "work", "value": "+44 1"}],
    "addresses": [{"type": "work", "formatted": "York 2", "country": "UK"}],
    ENTERPRISE_URN: {"employeeNumber": "701984", "department": "Logistics", "costCenter": "4130"},
    "urn:ietf:params:scim:schemas:extension:custom:2.0:User": {"shoeSize": 43},
}
# As Okta sends it.
FROM_OKTA = {
    "schemas": [USER_URN],
    "userName": "test.user@okta.local",
    "name": {"givenName": "Test", "familyName": "User"},
    "emails": [{"primary": True, "value": "test.user@okta.local", "type": "work"}],
    "displayName": "Test User",
    "locale": "en-US",
    "externalId": "00ujl29u0le5T6Aj10h7",
    "groups": [],
    "password": "1mz050nq",
    "active": True,
}


@pytest.fixture
def idp() -> Provider:
    return Provider()


def verbs(pk: str) -> list[str]:
    return list(Change.objects.filter(subject=pk).order_by("id").values_list("verb", flat=True))


def test_a_user_of_entra_is_a_person_with_the_accepted_fields_and_no_others(idp):
    answer = idp.ask("POST", "Users", FROM_ENTRA)

    assert answer.status_code == 201
    assert answer["Content-Type"] == "application/scim+json"
    assert answer["Location"] == answer.body["meta"]["location"]
    assert answer["ETag"] == answer.body["meta"]["version"] == 'W/"1"'
    person = Person.objects.with_names().get(pk=answer.body["id"])
    assert (person.source_id, person.display_name, person.work_email) == (
        FROM_ENTRA["externalId"],
        "Ann Lee",
        "ann.lee@northmoor.example",
    )
    assert (person.job_title.name, person.team.name, person.location, person.employee_number) == (
        "Warehouse lead",
        "Logistics",
        "York 2",
        "701984",
    )
    assert verbs(person.pk) == ["add"]
    assert answer.body["userName"] == "Ann.Lee@northmoor.example"
    dropped = {"preferredLanguage", "phoneNumbers", "urn:ietf:params:scim:schemas:extension:custom:2.0:User"}
    assert dropped & answer.body.keys() == set()
    assert answer.body[ENTERPRISE_URN] == {"employeeNumber": "701984", "department": "Logistics"}


def test_a_user_of_okta_comes_back_without_its_password(idp):
    answer = idp.ask("POST", "Users", FROM_OKTA)

    assert answer.status_code == 201
    assert "1mz050nq" not in answer.content.decode()
    assert Person.objects.get(pk=answer.body["id"]).given_name == "Test"


def test_the_same_user_twice_is_409_whatever_the_case(idp):
    idp.ask("POST", "Users", FROM_ENTRA)

    again = idp.ask("POST", "Users", {**FROM_ENTRA, "externalId": "other", "userName": "ANN.LEE@northmoor.example"})

    assert again.status_code == 409
    assert (again.body["schemas"], again.body["status"], again.body["scimType"]) == ([ERROR_URN], "409", "uniqueness")
    assert Person.objects.count() == 1


def test_the_same_external_id_twice_is_409(idp):
    idp.ask("POST", "Users", FROM_ENTRA)
    assert idp.ask("POST", "Users", {**FROM_ENTRA, "userName": "else@northmoor.example"}).status_code == 409


def test_entra_finds_a_user_before_it_adds_one_without_regard_to_case(idp):
    assert idp.found('userName eq "ann.lee@northmoor.example"') == []
    idp.ask("POST", "Users", FROM_ENTRA)
    assert idp.found('userName eq "ann.LEE@northmoor.example"') == ["Ann.Lee@northmoor.example"]
    assert idp.found(f'externalId eq "{FROM_ENTRA["externalId"]}"') == ["Ann.Lee@northmoor.example"]
    assert idp.found(f'externalId eq "{FROM_ENTRA["externalId"].upper()}"') == []


@pytest.mark.parametrize(
    "operation",
    [
        {"op": "Replace", "path": "active", "value": "False"},
        {"op": "replace", "value": {"active": False}},
        {"op": "Replace", "path": "active", "value": False},
        {"op": "REPLACE", "value": {"Active": "false"}},
    ],
)
def test_whoever_is_switched_off_is_a_leaver_and_still_returned(idp, operation):
    user = idp.add()

    answer = idp.patch(f"Users/{user['id']}", operation)

    assert (answer.status_code, answer.body["active"]) == (200, False)
    person = Person.objects.get(pk=user["id"])
    assert person.status == "inactive"
    assert person.left_at is not None
    assert verbs(person.pk) == ["add", "leave"]
    assert idp.ask("GET", f"Users/{user['id']}").body["active"] is False
    assert idp.found("active eq false") == [user["userName"]]
    assert idp.patch(f"Users/{user['id']}", {"op": "Replace", "path": "active", "value": "True"}).body["active"] is True
    assert verbs(person.pk) == ["add", "leave", "restore"]


def test_whoever_is_switched_off_cannot_sign_in_until_they_are_back(idp):
    user = idp.add()
    account = make_account(person=Person.objects.get(pk=user["id"]))

    for value in (False, True):
        idp.patch(f"Users/{user['id']}", {"op": "replace", "path": "active", "value": value})
        account.refresh_from_db()
        assert account.is_active is value


def test_switched_off_means_now_though_a_later_last_day_is_known(idp):
    user = idp.add(externalId="E1")
    person = Person.objects.get(pk=user["id"])
    actions.put_person(person.source, "E1", facts={"end_date": "2199-01-01"}, by=make_account(Role.PEOPLE_ADMIN))

    assert idp.patch(f"Users/{user['id']}", {"op": "replace", "path": "active", "value": False}).body["active"] is False


def test_whoever_is_deleted_is_gone_for_the_client_and_kept_here(idp):
    user = idp.add(externalId="E1", title="Clerk")

    assert idp.ask("DELETE", f"Users/{user['id']}").status_code == 204

    assert idp.ask("GET", f"Users/{user['id']}").status_code == 404
    assert idp.ask("DELETE", f"Users/{user['id']}").status_code == 404
    assert idp.found('userName eq "ann@northmoor.example"') == []
    assert Person.objects.get(pk=user["id"]).status == "inactive"
    assert verbs(user["id"]) == ["add", "leave", "withdraw"]


@pytest.mark.parametrize("facts", [{"externalId": "E1"}, {}])
def test_whoever_is_sent_again_after_a_deletion_is_the_same_person(idp, facts):
    user = idp.add(**facts)
    idp.ask("DELETE", f"Users/{user['id']}")

    back = idp.add(title="Clerk", **facts)

    assert back["id"] == user["id"]
    assert (back["active"], back["title"]) == (True, "Clerk")
    assert idp.found('userName eq "ann@northmoor.example"') == [user["userName"]]


def test_a_name_of_somebody_deleted_is_free(idp):
    idp.ask("DELETE", f"Users/{idp.add(externalId='E1')['id']}")
    other = idp.add(externalId="E2")

    assert other["userName"] == "ann@northmoor.example"
    assert Person.objects.filter(user_name__isnull=False).count() == 1


def test_a_manager_may_be_named_before_they_come(idp):
    user = idp.add(**{ENTERPRISE_URN: {"manager": {"value": "B1"}}})
    assert user[ENTERPRISE_URN]["manager"]["value"] == "B1"

    boss = idp.add("boss@northmoor.example", externalId="B1")

    told = idp.ask("GET", f"Users/{user['id']}").body
    assert told[ENTERPRISE_URN]["manager"]["value"] == boss["id"]
    assert told[ENTERPRISE_URN]["manager"]["$ref"] == boss["meta"]["location"]


@pytest.mark.parametrize("value", ["{}", '{{"value": "{}"}}', '[{{"value": "{}"}}]'])
def test_entra_sends_managers_in_a_second_pass(idp, value):
    import json

    boss, user = idp.add("boss@northmoor.example"), idp.add()
    filled = value.format(boss["id"])

    sent = json.loads(filled) if filled[0] in "{[" else filled
    answer = idp.patch(f"Users/{user['id']}", {"op": "Add", "path": MANAGER, "value": sent})

    assert answer.body[ENTERPRISE_URN]["manager"]["value"] == boss["id"]
    assert str(Person.objects.get(pk=user["id"]).manager_id) == boss["id"]


@pytest.mark.parametrize(
    "operation",
    [
        {"op": "Remove", "path": MANAGER},
        {"op": "Remove", "path": MANAGER, "value": "whoever"},
        {"op": "Replace", "path": MANAGER, "value": ""},
        {"op": "replace", "value": {MANAGER: None}},
    ],
)
def test_a_manager_is_taken_away(idp, operation):
    boss = idp.add("boss@northmoor.example")
    user = idp.add(**{ENTERPRISE_URN: {"manager": {"value": boss["id"]}}})

    answer = idp.patch(f"Users/{user['id']}", operation)

    assert answer.status_code == 200
    assert ENTERPRISE_URN not in answer.body
    assert Person.objects.get(pk=user["id"]).manager is None


def test_a_loop_of_managers_is_refused_and_changes_nothing(idp):
    boss = idp.add("boss@northmoor.example")
    user = idp.add(**{ENTERPRISE_URN: {"manager": {"value": boss["id"]}}})

    answer = idp.patch(
        f"Users/{boss['id']}",
        {"op": "replace", "path": "title", "value": "Chief"},
        {"op": "add", "path": MANAGER, "value": user["id"]},
    )

    assert answer.status_code == 400
    assert answer.body["scimType"] == "invalidValue"
    assert Person.objects.with_names().get(pk=boss["id"]).job_title is None


@pytest.mark.parametrize(
    ("operations", "expected"),
    [
        ([{"op": "Replace", "path": 'emails[type eq "work"].value', "value": "n@x.example"}], ("n@x.example", "Ann")),
        ([{"op": "Add", "path": 'emails[primary eq "True"].value', "value": "n@x.example"}], ("n@x.example", "Ann")),
        ([{"op": "Add", "path": 'emails[type eq "home"].value', "value": "p@x.example"}], ("", "Ann")),
        ([{"op": "replace", "value": {"name.givenName": "Anna", "nickName": "A"}}], ("", "Anna")),
        ([{"op": "Add", "path": "name.givenName", "value": "Anna"}], ("", "Anna")),
        ([{"op": "Add", "path": "nickName", "value": "A"}], ("", "Ann")),
        ([{"op": "Add", "path": 'roles[primary eq "True"].value', "value": "boss"}], ("", "Ann")),
        ([{"op": "Replace", "path": f"{USER_URN}:name.givenName", "value": "Anna"}], ("", "Anna")),
    ],
)
def test_patches_as_clients_write_them(idp, operations, expected):
    user = idp.add(name={"givenName": "Ann", "familyName": "Lee"})

    answer = idp.patch(f"Users/{user['id']}", *operations)

    assert answer.status_code == 200
    person = Person.objects.get(pk=user["id"])
    assert (person.work_email, person.given_name) == expected


def test_a_patch_works_whole_or_not_at_all(idp):
    user = idp.add(title="Clerk")

    answer = idp.patch(
        f"Users/{user['id']}",
        {"op": "replace", "path": "title", "value": "Lead"},
        {"op": "replace", "path": "userName", "value": ""},
    )

    assert answer.status_code == 400
    assert idp.ask("GET", f"Users/{user['id']}").body == user


def test_a_title_of_scim_is_history_when_the_next_one_comes(idp):
    user = idp.add(title="Clerk", **{ENTERPRISE_URN: {"department": "Sales"}})
    idp.patch(f"Users/{user['id']}", {"op": "replace", "path": "title", "value": "Lead"})

    person = Person.objects.with_names().get(pk=user["id"])
    assert person.job_title.name == "Lead"
    assert [str(position.job_title) for position in person.positions.all()] == ["Clerk"]
    assert (JobTitle.objects.count(), Team.objects.count()) == (2, 1)


def test_what_was_put_right_here_stands_against_the_client(idp):
    user = idp.add(displayName="Ann Lee")
    people_admin = make_account(Role.PEOPLE_ADMIN)
    actions.correct_person(Person.objects.get(), field="display_name", value="Ann Lee-Holt", by=people_admin)

    idp.patch(f"Users/{user['id']}", {"op": "replace", "path": "displayName", "value": "A. Lee"})
    idp.patch(f"Users/{user['id']}", {"op": "replace", "path": "title", "value": "Lead"})

    person = Person.objects.get()
    assert person.display_name == "Ann Lee-Holt"
    assert person.corrections.get().source_value == "A. Lee"
    assert verbs(person.pk)[-2:] == ["keep", "change"]


def test_a_put_clears_what_it_does_not_say_and_leaves_active_alone(idp):
    user = idp.add(title="Clerk", emails=[{"value": "a@x.example"}], active=False)

    answer = idp.ask("PUT", f"Users/{user['id']}", {"userName": "ann2@northmoor.example", "id": "whatever"})

    assert answer.status_code == 200
    assert answer.body["userName"] == "ann2@northmoor.example"
    assert answer.body["active"] is False
    assert {"title", "emails"} & answer.body.keys() == set()


def test_two_clients_feed_different_people_and_see_nobody_elses():
    entra, okta = Provider(), Provider()
    ann, also_ann = entra.add(externalId="E1"), okta.add(externalId="E1")

    assert ann["id"] != also_ann["id"]
    assert okta.found("userName pr") == ["ann@northmoor.example"]
    for method in ("GET", "PUT", "PATCH", "DELETE"):
        theirs, nobodys = okta.ask(method, f"Users/{ann['id']}", {}), okta.ask(method, f"Users/{Person().pk}", {})
        assert (theirs.status_code, theirs.content) == (404, nobodys.content)
    assert Person.objects.filter(status="active").count() == 2


def test_a_new_key_of_the_same_name_goes_on_where_the_old_one_ended():
    user = Provider(name="Entra").add()
    assert Provider(name="Entra").ask("GET", f"Users/{user['id']}").status_code == 200


def test_people_of_a_run_are_seen_by_the_client_of_that_source():
    make_person(source="hr", display_name="Ann Lee", work_email="ann@northmoor.example")
    hr = Provider(name="hr")

    assert hr.found('userName eq "ANN@northmoor.example"') == ["ann@northmoor.example"]
    assert hr.ask("POST", "Users", {"userName": "ann@northmoor.example"}).status_code == 409


def test_a_key_that_reads_sees_everybody_and_changes_nobody():
    Provider().add()
    reader = Provider("read")

    assert reader.found("userName pr") == ["ann@northmoor.example"]
    assert reader.ask("POST", "Users", {"userName": "x"}).status_code == 403


def test_an_address_leads_to_one_person_or_to_none(idp):
    idp.add("a@x.example", emails=[{"value": "same@x.example", "type": "work"}])
    other = idp.add("b@x.example", emails=[{"value": "SAME@x.example", "type": "work"}])
    assert "emails" not in other


def test_nothing_is_overwritten_that_the_client_has_not_seen(idp):
    user = idp.add()
    seen = user["meta"]["version"]
    change = {"op": "replace", "path": "title", "value": "Lead"}

    assert idp.patch(f"Users/{user['id']}", change, **{"If-Match": seen}).status_code == 200
    assert idp.patch(f"Users/{user['id']}", change, **{"If-Match": seen}).status_code == 412
    assert idp.ask("PUT", f"Users/{user['id']}", {"userName": "x"}, **{"If-Match": seen}).status_code == 412
    assert idp.ask("DELETE", f"Users/{user['id']}", **{"If-Match": seen}).status_code == 412
    unchanged = idp.ask("GET", f"Users/{user['id']}", **{"If-None-Match": 'W/"2"'})
    assert (unchanged.status_code, unchanged.content) == (304, b"")
    assert idp.ask("GET", f"Users/{user['id']}", **{"If-None-Match": seen}).status_code == 200
    assert idp.patch(f"Users/{user['id']}", change, **{"If-Match": "*"}).status_code == 200


def test_whoever_waits_for_a_manager_has_one_when_the_manager_gets_that_key(idp):
    waiting = idp.add("w@northmoor.example", externalId="w", **{ENTERPRISE_URN: {"manager": {"value": "boss"}}})
    boss = idp.add("boss@northmoor.example", externalId="old")
    assert idp.patch(f"Users/{boss['id']}", {"op": "replace", "path": "externalId", "value": "boss"}).status_code == 200
    assert str(Person.objects.get(pk=waiting["id"]).manager_id) == boss["id"]


def test_the_whole_name_and_the_primary_address_are_made_here_filtered_and_told_if_asked_for(idp):
    name = {"givenName": "Ann", "familyName": "Lee", "formatted": "Dr. Ann Lee"}
    sent = [{"value": "ann@northmoor.example", "type": "work", "primary": False}]
    ann = idp.add(name=name, emails=sent)
    assert (ann["name"], ann["emails"]) == (
        {"givenName": "Ann", "familyName": "Lee"},
        [{"value": "ann@northmoor.example", "type": "work"}],
    )
    asked = idp.ask("GET", f"Users/{ann['id']}?attributes=name.formatted,emails.primary").body
    assert (asked["name"], asked["emails"]) == ({"formatted": "Ann Lee"}, [{"primary": True}])
    assert idp.found('emails[primary eq true and value sw "ann"]') == [ann["userName"]]
    assert idp.found('name.formatted eq "ann lee"') == [ann["userName"]]
    made = [("name.formatted", "Z"), ('emails[type eq "work"].primary', False)]
    for path, value in made:
        answer = idp.patch(f"Users/{ann['id']}", {"op": "replace", "path": path, "value": value})
        assert (answer.status_code, answer.body["meta"]["version"]) == (200, 'W/"1"')


def test_taking_away_the_display_name_makes_it_anew_and_active_stays_as_it_is(idp):
    pk = idp.add(displayName="Annie", name={"givenName": "Ann", "familyName": "Lee"}, active=False)["id"]
    answer = idp.patch(f"Users/{pk}", {"op": "remove", "path": "displayName"}, {"op": "remove", "path": "active"})
    assert (answer.body["displayName"], answer.body["active"]) == ("Ann Lee", False)


def people_read() -> int:
    """How many entries of the indexes of people this transaction has read."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT sum(pg_stat_get_xact_tuples_returned(indexrelid)) FROM pg_index "
            "WHERE indrelid = 'workforce_person'::regclass"
        )
        return int(cursor.fetchone()[0])


@pytest.mark.parametrize("named", ["id", "externalId"])
def test_a_joiner_and_their_manager_are_found_in_a_table_that_nobody_has_counted(idp, named):
    """Planned for it by a connection that was opened before autovacuum came by."""
    boss = idp.add("boss@northmoor.example", externalId="E7")
    source = Person.objects.get(pk=boss["id"]).source
    Person.objects.bulk_create(
        Person(source=source, source_id=f"E{n}", display_name=f"Lee {n}", work_email=f"e{n}@northmoor.example")
        for n in range(100, 700)
    )
    with connection.cursor() as cursor:
        # Autovacuum may have counted what another test committed.
        cursor.execute("DELETE FROM pg_statistic WHERE starelid = 'workforce_person'::regclass")
        cursor.execute("DISCARD PLANS")
    before = people_read()

    user = idp.add(**{ENTERPRISE_URN: {"manager": {"value": boss[named]}}})

    assert str(Person.objects.get(pk=user["id"]).manager_id) == boss["id"]
    assert people_read() - before < 10
