"""Where help is and where it lacks: the grid, its cells, and the file that it leaves as."""

import csv
from uuid import uuid4

import pytest
from django.test import Client
from django.urls import reverse

from performance_support import actions
from performance_support.models import Placement
from performance_support.queries import coverage
from performance_support.queries.coverage import Wanted
from tests.make import make_account, make_designer, make_job_role, make_person, make_resource, make_skill, make_workflow
from workforce.models import Team

pytestmark = pytest.mark.django_db


@pytest.fixture
def client():
    client = Client()
    client.force_login(make_designer())
    return client


@pytest.fixture
def step():
    return make_workflow("Order to delivery", steps=1).steps.get()


def states(step) -> dict[str, str]:
    (row,) = coverage.grid(Wanted(step=step.pk))
    return {cell.moment: cell.state for cell in row.cells if cell.state != "none"}


def cell(step, moment="applying"):
    (row,) = coverage.grid(Wanted(step=step.pk))
    return next(cell for cell in row.cells if cell.moment == moment)


def test_one_kind_is_told_from_several(step):
    make_resource(at=step)
    make_resource(at=step)
    assert states(step) == {"applying": "one"}
    assert cell(step).fresh == 2
    make_resource(at=step, kind="video", url="https://example.com/v")
    assert states(step) == {"applying": "several"}


def test_what_is_stale_is_counted_apart(step):
    resource = make_resource(at=step)
    fresh = make_resource(at=step)
    type(resource).objects.filter(pk=resource.pk).update(
        state="stale", stale_since="2026-01-01T00:00Z", stale_because=["review_due"]
    )
    assert (cell(step).fresh, cell(step).stale) == (1, 1)
    actions.archive_resource(fresh, by=make_designer())
    assert states(step) == {"applying": "stale"}


def test_drafts_help_nobody(step):
    make_resource(at=step, verified=False)
    assert states(step) == {}


def test_help_reaches_a_step_through_a_skill_and_an_outcome_and_counts_once(step):
    skill = make_skill("Support the clerk by checking it", at=step, published=True)
    resource = make_resource(at=skill)
    actions.place_resource(resource, at=step.outcomes.get(), moments=["applying", "solving"], by=make_designer())
    assert states(step) == {"applying": "one", "solving": "one"}
    assert cell(step).fresh == 1


def test_help_for_another_job_role_does_not_count(step):
    make_resource(at=step, audience=[make_job_role()])
    assert states(step) == {}
    make_resource(at=step, audience=[step.performed_by])
    assert states(step) == {"applying": "one"}


def test_a_critical_step_must_be_told_line_by_line(step):
    type(step).objects.update(criticality=5)
    make_resource(at=step)
    (row,) = coverage.grid(Wanted())
    assert row.lacks_quick
    make_resource(at=step, kind="quick_steps", text="", steps=[{"text": "Open it"}])
    (row,) = coverage.grid(Wanted())
    assert not row.lacks_quick
    type(step).objects.update(criticality=4)
    assert coverage.sums(coverage.grid(Wanted())).critical == 0


def test_the_grid_narrows(step):
    other = make_workflow(steps=1).steps.get()
    type(step).objects.filter(pk=step.pk).update(criticality=6)
    team = Team.objects.create(name="Inbound")
    make_person(role=step.performed_by, team=team)
    make_person(role=other.performed_by)

    def found(**asked: object) -> list:
        return [row.step for row in coverage.grid(Wanted(**asked))]

    assert found(workflow=step.workflow_id) == [step.pk]
    assert found(role=other.performed_by_id) == [other.pk]
    assert found(least=5) == [step.pk]
    assert found(team=team.pk) == [step.pk]
    resource = make_resource(kind="quick_steps", steps=[{"text": "Open it"}])
    moments = ["first", "deeper", "applying", "solving", "changing"]
    actions.place_resource(resource, at=step, moments=moments, by=make_designer())
    assert found(gaps=True) == [other.pk]


@pytest.mark.parametrize("count", [1, 3])
def test_the_page_costs_the_same_for_one_and_for_three(client, django_assert_num_queries, count):
    for _ in range(count):
        make_resource(at=make_workflow(steps=count).steps.first())
        make_resource()
    client.get(reverse("coverage_show"))
    # session, account, grid, serves nothing and how much, workflows, roles, teams
    with django_assert_num_queries(8):
        html = client.get(reverse("coverage_show")).content.decode()
    assert html.count("<tr><th") == count * count + 1


def test_pages_follow_each_other_and_keep_what_is_asked(client, monkeypatch):
    monkeypatch.setattr("performance_support.views.coverage.PER_PAGE", 2)
    workflow = make_workflow(steps=3)
    address = reverse("coverage_show")
    asked = {"workflow": str(workflow.pk), "gaps": "1"}
    html = client.get(address, asked).content.decode()
    assert f"?workflow={workflow.pk}&amp;gaps=1&amp;after=2" in html
    html = client.get(address, {**asked, "after": "2"}).content.decode()
    assert "Do step 3" in html
    assert "Do step 1" not in html


def test_nonsense_in_the_address_counts_as_not_asked(client, step):
    answer = client.get(reverse("coverage_show"), {"workflow": "x", "least": "99", "after": "-4", "team": "\x00"})
    assert len(answer.context["rows"]) == 1


def test_the_file_holds_every_cell(client, step):
    make_resource(at=step)
    answer = client.get(reverse("coverage_export", args=["csv"]))
    head, line = csv.reader(b"".join(answer).decode("utf-8-sig").splitlines())
    told = dict(zip(head, line, strict=True))
    assert told["Step"] == "Do step 1"
    assert (told["Applying"], told["Applying: stale"], told["Applying: kinds"]) == ("1", "0", "Job aid")
    assert told["Solving"] == "0"


def test_a_resource_is_placed_from_a_cell_and_taken_back(client, step):
    resource = make_resource("The price list")
    address = reverse("coverage_cell", args=[step.pk, "solving"])
    assert "The price list" in client.get(address).content.decode()
    place = reverse("coverage_place", args=[step.pk, "solving", resource.pk])
    answer = client.post(place, headers={"HX-Request": "true"})
    undo = reverse("coverage_take_away", args=[step.pk, "solving", resource.pk])
    assert undo in answer["HX-Trigger"]
    assert states(step) == {"solving": "one"}

    client.post(reverse("coverage_place", args=[step.pk, "first", resource.pk]))
    assert Placement.objects.get().moments == ["first", "solving"]
    client.post(undo)
    assert states(step) == {"first": "one"}
    client.post(reverse("coverage_take_away", args=[step.pk, "first", resource.pk]))
    assert not Placement.objects.exists()
    assert client.post(undo, headers={"HX-Request": "true"}).status_code == 204


def test_a_cell_is_of_a_step_and_a_moment_that_there_are(client, step):
    assert client.get(reverse("coverage_cell", args=[step.pk, "sometimes"])).status_code == 404
    assert client.get(reverse("coverage_cell", args=[uuid4(), "first"])).status_code == 404


def test_what_is_written_from_a_cell_is_offered_for_its_moment(client, step):
    typed = {"kind": "job_aid", "title": "Mend it", "text": "So", "language": "en"}
    answer = client.post(f"{reverse('resource_add')}?step={step.pk}&moment=solving", typed)
    html = client.get(answer["Location"]).content.decode()
    assert 'value="solving" id="id_moments_3" checked' in html.replace("\n", " ")
    assert 'value="applying" id="id_moments_2" checked' not in html


def test_who_does_not_design_sees_what_helps_and_places_nothing(step):
    make_resource("The price list", at=step)
    client = Client()
    client.force_login(make_account())
    html = client.get(reverse("coverage_cell", args=[step.pk, "applying"])).content.decode()
    assert "The price list" in html
    assert "Not here" not in html
    assert "Write something" not in html
