"""A connection remembers keys, and nobody is let in by what was true a moment ago."""

import datetime as dt
import json
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing
from http.client import HTTPConnection
from typing import Any
from urllib.parse import urlsplit

import pytest
import time_machine
from django.db import connection, transaction
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from tests.api.client import Program
from tests.make import make_account, make_job_role
from tests.workforce.scim.client import Provider
from workforce import actions
from workforce.models import Account, ApiKey, Person, Role, Source
from workforce.models.key import digest_of
from workforce.queries import keys

pytestmark = pytest.mark.django_db(transaction=True)
HRIS = ["hris"]


class Known(Provider):
    """Its key is remembered by the connection of the test."""

    def __init__(self, name: str = "idp", scopes: list[str] = HRIS, **fields: Any) -> None:
        self.owner = make_account(Role.ADMINISTRATOR)
        self.key, secret = actions.create_key(name, scopes=scopes, by=self.owner, **fields)
        super(Provider, self).__init__(headers={"Authorization": f"Bearer {secret}"})
        self.program, self.digest = Program(secret), digest_of(secret)
        for _ in range(2):
            assert self.ask("GET", "Users").status_code == 200
        assert self.is_remembered

    @property
    def is_remembered(self) -> bool:
        return self.digest in keys.remembered()

    def queries(self, work: Callable[[], Any]) -> int:
        with CaptureQueriesContext(connection) as asked:
            work()
        return len(asked)


def elsewhere(work: Callable[[], Any]) -> None:
    """Over another connection, and committed."""

    def done() -> None:
        try:
            work()
        finally:
            connection.close()

    with ThreadPoolExecutor(1) as other:
        other.submit(done).result()


REQUESTS: dict[str, Callable[[Known], Any]] = {
    "adds a user": lambda it: it.ask("POST", "Users", {"userName": "ann@northmoor.example"}),
    "reads users": lambda it: it.ask("GET", "Users"),
    "reads what never changes": lambda it: it.ask("GET", "ServiceProviderConfig"),
    "sends many at once": lambda it: it.ask(
        "POST", "Bulk", {"Operations": [{"method": "POST", "path": "/Users", "bulkId": "1", "data": {"userName": "a"}}]}
    ),
    "sends what is no JSON": lambda it: it.ask("POST", "Users", "{"),
    "reads people": lambda it: it.program.ask("GET", "people/"),
    "puts a person": lambda it: it.program.ask("PUT", "people/9/?source=idp", {"display_name": "Ada"}),
    "opens a run": lambda it: it.program.ask("POST", "hris/runs/", {"source": "idp", "mode": "delta"}),
}


@pytest.mark.parametrize("request_of", REQUESTS.values(), ids=REQUESTS)
def test_a_key_that_was_revoked_elsewhere_opens_nothing_from_the_next_request_on(request_of):
    program = Known()
    elsewhere(lambda: actions.revoke_key(program.key, by=program.owner))

    assert request_of(program).status_code == 401
    assert not program.is_remembered
    assert not Person.objects.exists()


def leave_no_role(it: Known) -> None:
    Account.objects.filter(pk=it.owner.pk).update(roles=[])


CHANGES: dict[str, tuple[Callable[[Known], Any], int]] = {
    "its owner has lost the role": (leave_no_role, 403),
    "its owner's account is closed": (
        lambda it: actions.close_account(it.owner, reason="Left", by=make_account(Role.ADMINISTRATOR)),
        403,
    ),
    "its own account is shut": (lambda it: Account.objects.filter(pk=it.key.account_id).update(is_active=False), 401),
    "its scopes are others": (lambda it: ApiKey.objects.filter(pk=it.key.pk).update(scopes=["design"]), 403),
    "it belongs to somebody else": (
        lambda it: ApiKey.objects.filter(pk=it.key.pk).update(owner=make_account(Role.DESIGNER)),
        403,
    ),
    "its last day is over": (lambda it: ApiKey.objects.filter(pk=it.key.pk).update(expires_at=timezone.now()), 401),
    "it is gone": (lambda it: ApiKey.objects.filter(pk=it.key.pk).delete(), 401),
}


@pytest.mark.parametrize(("change", "status"), CHANGES.values(), ids=CHANGES)
@pytest.mark.parametrize("request_of", ["adds a user", "reads people"])
def test_whatever_a_key_is_judged_by_counts_from_the_next_request_on(change, status, request_of):
    program = Known()
    elsewhere(lambda: change(program))

    assert REQUESTS[request_of](program).status_code == status
    assert not Person.objects.exists()


def test_a_key_may_more_from_the_next_request_on_too():
    program = Known()
    elsewhere(lambda: leave_no_role(program))
    assert REQUESTS["adds a user"](program).status_code == 403
    elsewhere(lambda: Account.objects.filter(pk=program.owner.pk).update(roles=["administrator"]))
    assert REQUESTS["adds a user"](program).status_code == 201


def test_who_is_added_belongs_to_the_source_that_is_called_like_the_key_now():
    program = Known("idp")
    program.add("ann")
    elsewhere(lambda: Source.objects.filter(name="idp").update(name="old"))
    program.add("bo")
    assert [*Person.objects.order_by("user_name").values_list("source", flat=True)] == ["idp", "idp"]
    assert {*Source.objects.values_list("name", flat=True)} == {"idp", "old"}


def test_a_key_expires_by_the_clock():
    program = Known(expires_at=timezone.now() + dt.timedelta(seconds=30))
    with time_machine.travel(timezone.now() + dt.timedelta(seconds=29)):
        assert REQUESTS["reads users"](program).status_code == 200
    with time_machine.travel(timezone.now() + dt.timedelta(seconds=31)):
        assert REQUESTS["reads users"](program).status_code == 401
        assert REQUESTS["adds a user"](program).status_code == 401


def test_its_use_is_noted_once_a_minute_although_it_is_remembered():
    program = Known()
    noted = ApiKey.objects.get().last_used_at
    program.add("ann")
    assert ApiKey.objects.get().last_used_at == noted
    with time_machine.travel(timezone.now() + dt.timedelta(seconds=61)):
        program.add("bo")
        again = ApiKey.objects.get().last_used_at
        program.add("cy")
        assert program.is_remembered
    assert again > noted
    assert ApiKey.objects.get().last_used_at == again


def test_a_user_more_is_one_question():
    program = Known()
    program.add("ann", title="")
    assert program.queries(lambda: program.add("bo")) == 1


def test_a_page_of_the_api_asks_for_no_key_that_is_remembered():
    program = Known()
    page = lambda: program.program.ask("GET", "people/")  # noqa: E731
    remembering = program.queries(page)
    keys.remembered().clear()
    assert program.queries(page) == remembering + 1


def test_what_is_large_is_not_kept_to_be_read_again_so_its_key_is_asked_for():
    program = Known()
    large = {"userName": "ann", "nickName": "x" * 70_000}
    program.ask("POST", "Users", {**large, "userName": "bo"})
    assert program.queries(lambda: program.ask("POST", "Users", large)) == 2
    elsewhere(lambda: actions.revoke_key(program.key, by=program.owner))
    assert program.ask("POST", "Users", {**large, "userName": "cy"}).status_code == 401


def test_who_asks_within_a_transaction_sees_what_it_changed_itself():
    program = Known()
    with transaction.atomic():
        actions.revoke_key(program.key, by=program.owner)
        assert REQUESTS["reads users"](program).status_code == 401
        transaction.set_rollback(True)
    assert REQUESTS["reads users"](program).status_code == 200


def test_what_was_changed_and_taken_back_is_not_remembered():
    program = Known()
    keys.remembered().clear()
    with transaction.atomic():
        ApiKey.objects.update(scopes=["read"])
        assert REQUESTS["adds a user"](program).status_code == 403
        transaction.set_rollback(True)
    assert not program.is_remembered
    assert REQUESTS["adds a user"](program).status_code == 201


def test_a_new_connection_remembers_nothing():
    program = Known()
    connection.close()
    assert not program.is_remembered
    assert REQUESTS["adds a user"](program).status_code == 201
    assert program.is_remembered


def test_no_key_is_remembered_that_is_unknown_or_refused():
    program = Known()
    known = len(keys.remembered())
    assert Program("sl_unknown").ask("GET", "people/").status_code == 401
    elsewhere(lambda: actions.revoke_key(program.key, by=program.owner))
    for _ in range(2):
        assert REQUESTS["reads people"](program).status_code == 401
    assert len(keys.remembered()) == known - 1


def test_a_connection_remembers_so_many_keys_and_those_that_came_last(monkeypatch):
    monkeypatch.setattr(keys, "MOST_REMEMBERED", 2)
    ann, bo = Known("ann"), Known("bo")
    ann.ask("GET", "Users")
    cy = Known("cy")
    assert [one.is_remembered for one in (ann, bo, cy)] == [True, False, True]
    assert bo.ask("GET", "Users").status_code == 200


def test_what_a_request_does_to_its_account_is_gone_with_it(monkeypatch):
    program = Known(scopes=["design", "hris"])
    accounts = []
    monkeypatch.setattr(keys, "key_of", lambda row, make=keys.key_of: accounts.append(make(row)) or accounts[-1])
    for _ in range(2):
        program.ask("GET", "Users")
        accounts[-1].account.roles.append("administrator")
        accounts[-1].scopes.append("read")
    program.ask("GET", "Users")
    assert accounts[-1].account is not accounts[0].account
    assert (accounts[-1].account.roles, accounts[-1].scopes) == (["designer", "people_admin"], ["design", "hris"])


def test_a_change_meets_a_write_of_the_api_whole_or_not_at_all():
    """The first question of it stands in a transaction."""
    program = Known(scopes=["design", "hris"])
    role = make_job_role("Clerk")
    answer = program.program.ask("PATCH", f"job-roles/{role.pk}/", {"name": "Teller"})
    assert answer.status_code == 200
    elsewhere(lambda: actions.revoke_key(program.key, by=program.owner))
    assert program.program.ask("PATCH", f"job-roles/{role.pk}/", {"name": "Cashier"}).status_code == 401
    role.refresh_from_db()
    assert role.name == "Teller"


def test_over_a_real_server_a_revoked_key_opens_nothing_either(live_server):
    owner = make_account(Role.ADMINISTRATOR)
    key, secret = actions.create_key("idp", scopes=["hris"], by=owner)
    server = HTTPConnection(urlsplit(live_server.url).netloc)
    is_remembered: list[bool] = []

    def asked(n: int) -> int:
        body = json.dumps({"schemas": [], "userName": f"user{n}"})
        headers = {"Authorization": f"Bearer {secret}", "Content-Type": "application/scim+json"}
        server.request("POST", "/scim/v2/Users", body, headers)
        answer = server.getresponse()
        answer.read()
        is_remembered.append(any(digest_of(secret) in known for known in keys._remembered.values()))
        return answer.status

    with closing(server):
        assert [asked(n) for n in range(3)] == [201, 201, 201]
        assert is_remembered[-1]
        actions.revoke_key(key, by=owner)
        assert asked(3) == 401
    assert Person.objects.count() == 3
