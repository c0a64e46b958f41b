"""Who may do what with work: every role at every door and every page."""

import uuid

import pytest
from django.core.exceptions import PermissionDenied
from django.http import Http404
from django.urls import reverse

from tests.make import make_account, make_designer, make_workflow
from workflows.access import Ability, handoff_for, may_design, outcome_for, step_for, workflow_for
from workflows.models import Handoff
from workforce.models import Role

pytestmark = pytest.mark.django_db
MAY_EDIT = {
    "employee": (False, []),
    "designer": (True, [Role.DESIGNER]),
    "people admin": (False, [Role.PEOPLE_ADMIN]),
    "reader": (False, [Role.READER]),
    "administrator": (True, [Role.ADMINISTRATOR]),
}
DIALOGS = [
    ("workflow", "workflow_change"),
    ("workflow", "workflow_retire"),
    ("workflow", "workflow_restore"),
    ("workflow", "step_add"),
    ("step", "step_change"),
    ("step", "step_move"),
    ("step", "step_retire"),
    ("step", "step_restore"),
    ("step", "outcome_add"),
    ("outcome", "outcome_change"),
    ("outcome", "outcome_retire"),
    ("outcome", "outcome_restore"),
    ("outcome", "handoff_add"),
    ("handoff", "handoff_change"),
    ("handoff", "handoff_retire"),
    ("handoff", "handoff_restore"),
]
DOORS = {"workflow": workflow_for, "step": step_for, "outcome": outcome_for, "handoff": handoff_for}


@pytest.fixture
def work():
    """One of each noun, owned by Maren Holt."""
    workflow = make_workflow(steps=2, by=make_designer("Maren Holt"))
    handoff = Handoff.objects.get()
    return {"workflow": workflow, "step": handoff.to_step, "outcome": handoff.outcome, "handoff": handoff}


@pytest.mark.parametrize(("may", "roles"), MAY_EDIT.values(), ids=MAY_EDIT)
@pytest.mark.parametrize("noun", DOORS)
def test_everybody_here_may_look_and_designers_may_change(work, noun, may, roles):
    account, pk = make_account(*roles), work[noun].pk

    assert DOORS[noun](account, pk) == work[noun]
    if may:
        assert DOORS[noun](account, pk, Ability.EDIT) == work[noun]
    else:
        with pytest.raises(PermissionDenied, match="Ask Maren Holt to do it"):
            DOORS[noun](account, pk, Ability.EDIT)


@pytest.mark.parametrize("noun", DOORS)
def test_what_is_not_there_is_not_found(noun):
    with pytest.raises(Http404):
        DOORS[noun](make_designer(), uuid.uuid4())


def test_whoever_may_not_begin_a_workflow_hears_whom_to_ask():
    with pytest.raises(PermissionDenied, match="Ask a designer"):
        may_design(make_account())


@pytest.mark.parametrize(("may", "roles"), MAY_EDIT.values(), ids=MAY_EDIT)
def test_every_dialog_stands_behind_its_door(client, work, may, roles):
    client.force_login(make_account(*roles))
    for noun, page in DIALOGS:
        address = reverse(page, args=[work[noun].pk])
        assert client.get(address).status_code == (200 if may else 403), page
        if not may:
            assert client.post(address).status_code == 403, page
    assert client.get(reverse("workflow_add")).status_code == (200 if may else 403)


@pytest.mark.parametrize("roles", [roles for _, roles in MAY_EDIT.values()], ids=MAY_EDIT)
def test_the_list_and_the_history_are_for_everybody(client, work, roles):
    client.force_login(make_account(*roles))

    assert client.get(reverse("workflow_list")).status_code == 200
    assert client.get(reverse("workflow_history", args=[work["workflow"].pk])).status_code == 200


def test_a_stranger_is_led_to_the_door(client, work):
    for noun, page in DIALOGS:
        response = client.get(reverse(page, args=[work[noun].pk]))
        assert response.status_code == 302, page
        assert reverse("account_login") in response.url
