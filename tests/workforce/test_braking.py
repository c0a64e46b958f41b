"""A program that lets people leave one request after another is stopped where a run would be held."""

import datetime as dt

import pytest
from django.core import mail
from django.test import Client
from django.utils import timezone

from base.models import Change, OutboxMessage
from tests.make import make_account, make_key
from tests.workforce.scim.client import Provider
from workforce import actions, tasks
from workforce.actions.braking import WINDOW
from workforce.models import Departure, Person, Role, Source, WebhookEvent

pytestmark = pytest.mark.django_db
OFF = {"op": "replace", "path": "active", "value": False}


@pytest.fixture
def idp() -> Provider:
    return Provider(name="Entra")


@pytest.fixture
def pia(client):
    pia = make_account(Role.PEOPLE_ADMIN, name="Pia Lund", email="pia@northmoor.example")
    client.force_login(pia)
    return pia


def people(idp: Provider, count: int = 14) -> list[str]:
    return [idp.add(f"p{n}@northmoor.example", externalId=f"p{n}")["id"] for n in range(count)]


def stop(idp: Provider, ids: list[str]) -> list[int]:
    return [idp.patch(f"Users/{pk}", OFF).status_code for pk in ids]


def letters() -> list[OutboxMessage]:
    return list(OutboxMessage.objects.filter(topic="workforce.tasks.send_brake_letters"))


def test_the_eleventh_leaver_within_a_day_is_refused_and_stays(idp):
    ids = people(idp)
    assert stop(idp, ids[:10]) == [200] * 10

    answer = idp.patch(f"Users/{ids[10]}", OFF)

    assert answer.status_code == 403
    assert "People admins must decide" in answer.body["detail"]
    assert idp.ask("GET", f"Users/{ids[10]}").body["active"] is True
    assert idp.ask("DELETE", f"Users/{ids[11]}").status_code == 403
    assert idp.ask("PUT", f"Users/{ids[12]}", {"userName": "p12@northmoor.example", "active": False}).status_code == 403
    assert Person.objects.filter(status="inactive").count() == 10


def test_joiners_and_changes_go_on(idp):
    ids = people(idp)
    stop(idp, ids[:11])
    idp.add("new@northmoor.example")
    changed = {"op": "replace", "path": "title", "value": "Clerk"}
    assert idp.patch(f"Users/{ids[12]}", changed).status_code == 200


def test_bulk_is_counted_operation_by_operation(idp):
    ids = people(idp)
    data = {"Operations": [OFF]}
    operations = [{"method": "PATCH", "path": f"/Users/{pk}", "data": data} for pk in ids]
    answer = idp.ask("POST", "Bulk", {"Operations": operations})
    assert [one["status"] for one in answer.body["Operations"]] == ["200"] * 10 + ["403"] * 4
    assert len(letters()) == 1


def test_many_people_may_lose_a_share(idp):
    ids = people(idp, 16)
    Source.objects.update(leavers_percent=90)
    assert set(stop(idp, ids[:12])) == {200}


def test_whoever_came_back_has_not_left(idp):
    ids = people(idp)
    stop(idp, ids[:10])
    idp.patch(f"Users/{ids[0]}", {**OFF, "value": True})
    assert stop(idp, ids[10:12]) == [200, 403]


def test_the_day_before_does_not_count(idp):
    ids = people(idp)
    stop(idp, ids[:10])
    Departure.objects.update(at=timezone.now() - WINDOW - dt.timedelta(minutes=1))
    assert stop(idp, ids[10:11]) == [200]


def test_people_admins_hear_of_it_once(idp, pia):
    ids = people(idp)
    actions.add_webhook("https://example.com/hook", kinds=["leavers.braked"], by=pia)
    stop(idp, ids)

    (letter,) = letters()
    tasks.send_brake_letters(**letter.payload)
    tasks.send_brake_letters(**letter.payload)

    (sent,) = mail.outbox
    assert sent.to == ["Pia Lund <pia@northmoor.example>"]
    assert "Entra" in sent.body
    (event,) = WebhookEvent.objects.all()
    assert event.body["data"]["source"] == "Entra"


def test_a_people_admin_allows_it_for_a_day_and_the_trail_says_who(idp, pia, client):
    ids = people(idp, 25)
    stop(idp, ids[:11])
    source = Source.objects.get()
    assert "Stopped on" in client.get("/settings/sources/").content.decode()

    client.post(f"/settings/sources/{source.pk}/allow/", {"seen": source.version})

    assert set(stop(idp, ids[10:24])) == {200}
    assert Change.objects.get(verb="allow").by_name == "Pia Lund"
    assert "as many as they like until" in client.get("/settings/sources/").content.decode()
    Source.objects.update(leavers_allowed_until=timezone.now())
    assert stop(idp, ids[24:]) == [200], "what was allowed is not held against the source"


def test_the_rest_interface_is_stopped_too():
    api = Client(headers={"Authorization": f"Bearer {make_key('hris', name='hr')}"})
    for n in range(12):
        api.put(f"/api/v1/people/x{n}/?source=hr", {"display_name": f"X {n}"}, content_type="application/json")
    ends = [api.post(f"/api/v1/people/x{n}/terminate/", {}, content_type="application/json") for n in range(11)]
    assert [one.status_code for one in ends] == [200] * 10 + [409]
    assert ends[-1].json()["errors"][0]["code"] == "too_many_leavers"
    off = api.put("/api/v1/people/x11/?source=hr", {"status": "inactive"}, content_type="application/json")
    assert off.status_code == 409
    assert Source.objects.get(name="hr").leavers_braked_at


def test_a_person_who_lets_people_leave_on_a_page_has_decided(idp, pia):
    people(idp)
    for person in Person.objects.order_by("source_id")[:12]:
        actions.terminate_person(person, by=pia)
    assert not Departure.objects.exists()


def put(api: Client, number: int, **facts: str) -> int:
    address = f"/api/v1/people/x{number}/?source=hr"
    return api.put(address, {"display_name": f"X {number}", **facts}, content_type="application/json").status_code


def test_joiners_with_a_last_day_have_not_left():
    api = Client(headers={"Authorization": f"Bearer {make_key('hris', name='hr')}"})

    assert {put(api, n, end_date="2190-01-31") for n in range(12)} == {201}


@pytest.mark.parametrize("facts", [{"end_date": "2189-12-31"}, {"start_date": "2190-01-01"}], ids=str)
def test_a_last_day_pulled_forward_and_a_first_day_put_off_count_like_leaving(facts):
    api = Client(headers={"Authorization": f"Bearer {make_key('hris', name='hr')}"})
    for n in range(12):
        put(api, n, end_date="2190-01-31")

    assert [put(api, n, **facts) for n in range(12)] == [200] * 10 + [409] * 2
