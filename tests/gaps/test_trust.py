"""How far evidence is trusted: set by administrators and undone, and everybody's levels after it."""

import csv
import datetime as dt
from io import StringIO

import pytest
from django.db import IntegrityError, transaction
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from base import jobs
from base.errors import RuleBroken
from gaps import actions, reweighing, routines
from gaps.models import Reweighing, Standing, Trust, Type
from gaps.queries import standing
from tests.make import make_account, make_designer, make_evidence, make_person, make_skill
from workforce.models import Account, Person, Role

pytestmark = pytest.mark.django_db


@pytest.fixture
def admin() -> Account:
    return make_account(Role.ADMINISTRATOR, name="Ada Admin")


@pytest.fixture
def people() -> list[Person]:
    """Each says 3 of themselves, and a colleague says 1."""
    skill, found = make_skill(), [make_person() for _ in range(3)]
    for person in found:
        make_evidence(person, skill, 3, type=Type.OWN)
        make_evidence(person, skill, 1, type=Type.PEER, observer=make_person())
    standing.recompute_everything()
    return found


def set_own(percent: int, admin: Account) -> Trust:
    return actions.change_trust(Trust.objects.get(type=Type.OWN), percent=percent, by=admin)


def levels() -> list[int | None]:
    return list(Standing.objects.order_by("pk").values_list("level", flat=True))


def test_levels_follow_in_the_background(admin: Account, people: list[Person]) -> None:
    set_own(55, admin)
    job = Reweighing.objects.get()
    assert (levels(), job.is_wanted, job.done, job.total) == ([1, 1, 1], True, 0, 256)

    assert reweighing.work_on(job.pk)

    job.refresh_from_db()
    assert (levels(), job.is_wanted, job.done) == ([3, 3, 3], False, 256)
    assert job.finished_at


def test_another_time_moves_no_level_and_asks_for_no_work(admin: Account) -> None:
    actions.change_trust(Trust.objects.get(type=Type.OWN), months=3, by=admin)

    assert not Reweighing.objects.exists()


def test_a_worker_that_was_killed_is_followed_by_one_that_goes_on(
    admin: Account, people: list[Person], monkeypatch: pytest.MonkeyPatch
) -> None:
    set_own(55, admin)
    job = Reweighing.objects.get()
    part_of, begun = standing.part_of_everybody, []

    def killed(part: int, *, of: int) -> standing.Touched:
        begun.append(part)
        if len(begun) == 200:
            raise KeyboardInterrupt
        return part_of(part, of=of)

    monkeypatch.setattr(standing, "part_of_everybody", killed)
    with pytest.raises(KeyboardInterrupt):
        reweighing.work_on(job.pk)
    job.refresh_from_db()
    assert job.done == 199
    assert not reweighing.work_on(job.pk), "its lease lasts"

    long_ago = timezone.now() - dt.timedelta(minutes=5)
    Reweighing.objects.update(leased_until=long_ago, wanted_at=long_ago)
    assert routines.resume_reweighing() == 1
    assert reweighing.work_on(job.pk)

    assert begun == [*range(200), *range(199, 256)]
    assert levels() == [3, 3, 3]


def test_a_change_on_the_way_begins_it_again_and_fences_off_who_was_at_it(admin: Account, people: list[Person]) -> None:
    set_own(55, admin)
    job = Reweighing.objects.get()
    slow = jobs.claim(Reweighing.objects.all(), job.pk)
    assert slow

    set_own(40, admin)

    assert Reweighing.objects.count() == 1
    with pytest.raises(jobs.LostLease):
        jobs.renew(slow, done=1)
    assert reweighing.work_on(job.pk)
    assert levels() == [1, 1, 1]


def test_there_is_room_for_one_under_way(admin: Account) -> None:
    set_own(55, admin)

    with pytest.raises(IntegrityError, match="reweighing_is_under_way_once"), transaction.atomic():
        Reweighing.objects.create(asked_by=admin, wanted_at=timezone.now(), total=1)


@pytest.mark.parametrize(
    ("facts", "constraint"),
    [
        ({"wanted_at": None, "finished_at": None}, "reweighing_is_wanted_until_it_is_finished"),
        ({"done": 2, "total": 1, "finished_at": dt.datetime(2026, 1, 1, tzinfo=dt.UTC)}, "reweighing_does_no_more"),
    ],
)
def test_what_a_reweighing_never_is(facts: dict[str, object], constraint: str, admin: Account) -> None:
    with pytest.raises(IntegrityError, match=constraint), transaction.atomic():
        Reweighing.objects.create(asked_by=admin, **facts)


def test_a_change_is_undone_unless_somebody_changed_it_since(admin: Account) -> None:
    first = set_own(55, admin)
    assert actions.undo_trust(first, version=first.version, by=admin).percent == 30

    with pytest.raises(RuleBroken, match="changed again since"):
        actions.undo_trust(first, version=first.version, by=admin)


# --- the page ---------------------------------------------------------------------------------


def signed_in(account: Account) -> Client:
    client = Client()
    client.force_login(account)
    return client


def test_an_administrator_sets_it_and_sees_levels_follow(admin: Account, people: list[Person]) -> None:
    client = signed_in(admin)
    address = reverse("trust_change", args=["own"])

    answer = client.post(address, {"percent": 55, "months": 6, "seen": 1}, headers={"HX-Request": "true"})
    assert answer.status_code == 204
    assert reverse("trust_undo", args=["own", 2]) in answer["HX-Trigger"]

    html = client.get(reverse("trust_list")).content.decode()
    assert "Levels follow what Ada Admin set" in html
    assert "0 of 256" in html
    assert "55 % instead of 30 %" in html

    assert reweighing.work_on(Reweighing.objects.get().pk)
    assert "Every level follows what is set" in client.get(reverse("trust_list")).content.decode()

    client.post(reverse("trust_undo", args=["own", 2]))
    assert Trust.objects.get(type="own").percent == 30
    assert Reweighing.objects.wanted().count() == 1


@pytest.mark.parametrize(
    ("type", "facts", "why"),
    [
        ("own", {"percent": 0, "months": 6}, "greater than or equal to 1"),
        ("own", {"percent": 101, "months": 6}, "less than or equal to 100"),
        ("own", {"percent": 50, "months": 0}, "greater than or equal to 1"),
        ("inferred", {"percent": 21, "months": 3}, "less than or equal to 20"),
    ],
)
def test_what_cannot_be_set_says_why(type: str, facts: dict[str, int], why: str, admin: Account) -> None:
    answer = signed_in(admin).post(reverse("trust_change", args=[type]), {**facts, "seen": 1})

    assert (answer.status_code, why in answer.content.decode()) == (422, True)
    assert not Reweighing.objects.exists()


def test_two_who_change_it_at_one_time_see_each_other(admin: Account) -> None:
    set_own(55, admin)

    late = signed_in(admin).post(reverse("trust_change", args=["own"]), {"percent": 40, "months": 6, "seen": 1})

    assert (late.status_code, "55" in late.content.decode()) == (409, True)
    assert Trust.objects.get(type=Type.OWN).percent == 55


def test_a_credential_is_asked_for_no_months(admin: Account) -> None:
    address = reverse("trust_change", args=["credential"])
    assert "months" not in signed_in(admin).get(address).content.decode().lower().split("soft")[0]

    signed_in(admin).post(address, {"percent": 75, "seen": 1})
    assert (Trust.objects.get(type="credential").percent, Trust.objects.get(type="credential").months) == (75, None)


def test_whoever_is_no_administrator_hears_whom_to_ask(admin: Account) -> None:
    answer = signed_in(make_designer()).get(reverse("trust_list"))

    assert (answer.status_code, "Ada Admin" in answer.content.decode()) == (403, True)


@pytest.mark.parametrize("kind", ["csv", "xlsx"])
def test_what_is_set_and_who_set_it_leave_as_a_file(kind: str, admin: Account) -> None:
    set_own(45, admin)
    client = Client()
    client.force_login(admin)
    page = client.get(reverse("trust_list")).content.decode()
    answer = client.get(reverse("trust_export", args=[kind]))

    assert f'href="{reverse("trust_export", args=[kind])}"' in page
    assert "data-print" in page
    assert f'trust-in-evidence.{kind}"' in answer["Content-Disposition"]
    if kind == "csv":
        rows = list(csv.reader(StringIO(answer.getvalue().decode("utf-8-sig"))))
        own = str(Trust.objects.get(type=Type.OWN))
        assert [own, "45", "30", "3", "6", "6"] in rows
        assert [row[1:5] for row in rows if len(row) == 7 and row[1] == "Ada Admin"] == [["Ada Admin", own, "30", "45"]]
