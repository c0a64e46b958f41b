"""What helps in the sample company: something of every kind and state, and a past that the desk can draw."""

from collections.abc import Iterator
from io import StringIO

import pytest
from django.core.management import call_command
from django.db import transaction
from django.test import Client
from django.urls import reverse

from performance_support.models import FreshnessDay, Moment, Placement, ProgrammeFlag, Resource, ResourceFlag
from performance_support.queries import desk
from workforce.models import Account

pytestmark = pytest.mark.django_db


@pytest.fixture(scope="module", autouse=True)
def company(
    django_db_setup: None, django_db_blocker: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[None]:
    """Loaded once; every test rolls back to it, and the module rolls back to nothing."""
    with django_db_blocker.unblock(), transaction.atomic():  # type: ignore[attr-defined]
        call_command("load_demo", stdout=StringIO())
        yield
        transaction.set_rollback(True)


@pytest.fixture
def designer() -> Client:
    client = Client()
    client.force_login(Account.objects.get(email="designer@demo.example"))
    return client


def test_there_is_something_of_every_kind_in_every_state_for_every_moment():
    assert set(Resource.objects.in_use().values_list("kind", flat=True)) == set(Resource.Kind.values)
    assert {resource.freshness for resource in Resource.objects.all()} == {"draft", "verified", "due_soon", "stale"}
    assert {moment for placement in Placement.objects.all() for moment in placement.moments} >= {
        *(Moment.FIRST, Moment.DEEPER, Moment.APPLYING, Moment.SOLVING)
    }
    assert Resource.objects.in_language("de").exists()


def test_a_drawing_and_a_letter_come_as_files(designer):
    with_file = Resource.objects.exclude(file="")
    assert {resource.file_type for resource in with_file} == {"image/svg+xml", "text/plain"}
    for resource in with_file:
        assert designer.get(reverse("resource_file", args=[resource.pk])).status_code == 200


def test_the_desk_draws_its_trend_and_puts_what_is_read_most_first(designer):
    page = designer.get(reverse("freshness_desk"))
    assert FreshnessDay.objects.count() == 57
    assert len({day.percent for day in FreshnessDay.objects.all()}) > 3
    assert page.context["trend"].words.startswith("Fresh by use, from ")
    rows = page.context["rows"]
    assert len(rows) >= 3
    assert [row.priority for row in rows] == sorted((row.priority for row in rows), reverse=True)
    assert {"Tax certificate, accepted forms", "The reminder, word by word"} <= {row.resource.title for row in rows}
    assert FreshnessDay.objects.latest("day").percent == desk.score().percent


def test_the_queue_shows_what_is_missing_around_a_programme_and_what_serves_nothing(designer):
    assert ProgrammeFlag.objects.open().exists()
    assert ResourceFlag.objects.open().filter(code="unplaced").exists()
    queue = designer.get(reverse("flag_list"), {"reason": "environment_before"}).content.decode()
    assert "Terms without a second call" in queue


def test_one_programme_is_ahead_and_one_is_asked_about_again_a_month_after(designer):
    codes = {flag.about.name: flag.code for flag in ProgrammeFlag.objects.open().select_related("about")}
    assert codes == {
        "Terms without a second call": "environment_before",
        "Credit, decided the same day": "environment_after_30",
    }


def test_a_step_is_planned_otherwise_than_the_table_says(designer):
    page = designer.get(reverse("plan_show")).content.decode()
    assert "Every customer’s shop is another one" in page
    assert "Two visits beside a colleague" in page
