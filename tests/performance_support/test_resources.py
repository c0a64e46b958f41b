"""What a resource says, where it helps, and what PostgreSQL refuses."""

import pytest
from django.core.exceptions import PermissionDenied, ValidationError
from django.db import IntegrityError, transaction
from django.http import Http404

from base.errors import Outdated, RuleBroken
from performance_support import access, actions
from performance_support.models import Moment, Resource, Use
from performance_support.wording import addresses_in, render
from tests.make import make_account, make_designer, make_resource, make_step

pytestmark = pytest.mark.django_db


def test_quick_steps_are_kept_in_order_and_without_empty_ones():
    given = [{"text": " Open the account ", "detail": ""}, {"text": "", "detail": ""}, {"text": "Save"}]
    resource = make_resource(kind="quick_steps", text="", steps=given)
    assert resource.steps == [{"text": "Open the account", "detail": ""}, {"text": "Save", "detail": ""}]


@pytest.mark.parametrize("given", ["Open it", ["Open it"], [{"detail": "of nothing"}], [{"text": "x"}] * 41])
def test_what_is_no_list_of_steps_is_refused(given):
    with pytest.raises(ValidationError) as refused:
        make_resource(steps=given)
    assert list(refused.value.message_dict) == ["steps"]


def test_an_empty_draft_cannot_be_offered():
    with pytest.raises(ValidationError, match="Write something"):
        make_resource(text="")


def test_an_earlier_version_can_be_said_again():
    resource = make_resource(text="One.")
    actions.change_resource(resource, text="Two.", by=make_designer())
    resource = actions.return_to(resource, resource.versions.get(number=1), by=make_designer())
    assert (resource.text, resource.content_version) == ("One.", 3)


def test_two_editors_see_each_other():
    resource = make_resource()
    actions.change_resource(resource, seen=resource.version, text="Mine.", by=make_designer("Ann"))
    with pytest.raises(Outdated, match="Ann"):
        actions.change_resource(resource, seen=resource.version, text="Theirs.", by=make_designer())


def test_it_is_placed_once_at_a_step():
    step = make_step()
    resource = make_resource(at=step)
    with pytest.raises(ValidationError, match="already"):
        actions.place_resource(resource, at=step, moments=[Moment.FIRST], by=make_designer())


def test_moments_are_known_and_at_least_one():
    resource = make_resource()
    for moments in ([], ["someday"]):
        with pytest.raises(ValidationError, match="moment"):
            actions.place_resource(resource, at=make_step(), moments=moments, by=make_designer())


def test_what_was_said_stays_said():
    resource = make_resource()
    with pytest.raises(IntegrityError, match="kept as it was said"), transaction.atomic():
        resource.versions.update(content={})
    with pytest.raises(IntegrityError, match="kept as it was said"), transaction.atomic():
        resource.verifications.update(note="something else")


def test_postgresql_keeps_the_states_apart():
    resource = make_resource()
    for wrong in ({"state": "stale"}, {"stale_because": ["boredom"]}, {"state": "archived"}, {"due_on": None}):
        with pytest.raises(IntegrityError), transaction.atomic():
            Resource.objects.filter(pk=resource.pk).update(**wrong)


def test_an_archived_resource_is_not_edited():
    resource = actions.archive_resource(make_resource(), by=make_designer())
    with pytest.raises(RuleBroken, match="archive"):
        actions.change_resource(resource, text="More.", by=make_designer())


def test_opening_is_counted_by_day_and_step_and_names_nobody():
    step = make_step()
    resource = make_resource(at=step)
    for _ in range(3):
        actions.note_use(resource, step=step, by=make_account())
    actions.note_use(resource, by=make_account())
    assert sorted(Use.objects.values_list("views", flat=True)) == [1, 3]


def test_drafts_are_not_there_for_colleagues_and_only_keepers_change():
    owner, colleague = make_account(), make_account()
    draft = make_resource(verified=False)
    offered = make_resource(owner=owner)
    with pytest.raises(Http404):
        access.resource_for(colleague, draft.pk)
    with pytest.raises(PermissionDenied, match=owner.name):
        access.resource_for(colleague, offered.pk, access.Ability.EDIT)
    assert access.resource_for(owner, offered.pk, access.Ability.EDIT) == offered
    assert access.resource_for(make_designer(), draft.pk, access.Ability.EDIT) == draft


@pytest.mark.parametrize(
    "hostile",
    [
        "<script>alert(1)</script>",
        "[x](javascript:alert(1))",
        "[x](data:text/html,<script>alert(1)</script>)",
        "![x](https://example.com/pixel.png)",
        '<img src=x onerror="alert(1)">',
        "[x](JaVaScRiPt:alert(1))",
        "<svg onload=alert(1)>",
        '[x](https://example.com "onmouseover=alert(1)")',
    ],
)
def test_markdown_renders_nothing_that_runs(hostile):
    html = render(hostile).lower()
    for poison in ("<script", "<img", "<svg", 'href="javascript', 'href="data'):
        assert poison not in html


def test_markdown_keeps_what_helps():
    html = render("# Prices\n\n1. Open **the list**\n\n| a | b |\n|---|---|\n| 1 | 2 |\n\n[list](https://example.com)")
    for part in ("<h3>Prices</h3>", "<strong>the list</strong>", "<td>1</td>", 'href="https://example.com"'):
        assert part in html
    assert 'rel="noopener noreferrer"' in html


def test_addresses_are_found_once_each():
    text = (
        "[a](https://example.com/a) and <https://example.com/b>, [again](https://example.com/a), [mail](mailto:a@b.c)"
    )
    assert addresses_in(text) == ["https://example.com/a", "https://example.com/b"]
