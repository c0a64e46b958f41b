"""The doors of the skills' room: every role at every ability."""

import pytest
from django.core.exceptions import PermissionDenied
from django.http import Http404
from django.urls import reverse

from skills.access import Ability, context_for, skill_for
from tests.make import make_account, make_designer, make_skill, make_workflow
from workforce.models import Role

pytestmark = pytest.mark.django_db

ROLES = [(), (Role.READER,), (Role.PEOPLE_ADMIN,), (Role.DESIGNER,), (Role.ADMINISTRATOR,)]
SEE_DRAFTS = {(Role.READER,), (Role.DESIGNER,), (Role.ADMINISTRATOR,)}
DESIGN = {(Role.DESIGNER,), (Role.ADMINISTRATOR,)}


def answer(door, account, pk, ability) -> str:
    try:
        door(account, pk, ability)
    except Http404:
        return "not found"
    except PermissionDenied as denied:
        return "denied" if "Maren Holt" in str(denied) or "designer" in str(denied) else "denied without whom to ask"
    return "in"


@pytest.mark.parametrize("roles", ROLES)
@pytest.mark.parametrize("ability", Ability)
@pytest.mark.parametrize("published", [False, True])
@pytest.mark.parametrize("noun", ["skill", "context"])
def test_each_role_at_each_door(roles, ability, published, noun):
    step = make_workflow(steps=1).steps.get()
    skill = make_skill(at=step, published=published, by=make_designer("Maren Holt"))
    door, pk = (skill_for, skill.pk) if noun == "skill" else (context_for, skill.contexts.get().pk)

    sees = published or roles in SEE_DRAFTS
    expected = "not found" if not sees else "in" if ability is Ability.VIEW or roles in DESIGN else "denied"

    assert answer(door, make_account(*roles), pk, ability) == expected


@pytest.mark.parametrize("verb", ["publish", "withdraw", "retire", "restore"])
def test_an_employee_cannot_act_on_a_skill(client, verb):
    skill = make_skill(at=make_workflow(steps=1).steps.get(), published=True)
    client.force_login(make_account())

    assert client.post(reverse(f"skill_{verb}", args=[skill.pk])).status_code == 403
    skill.refresh_from_db()
    assert skill.is_published


@pytest.mark.parametrize("name", ["skill_list", "search"])
def test_whoever_is_not_signed_in_is_shown_the_door(client, name):
    answer = client.get(reverse(name))

    assert answer.status_code == 302
    assert "/account/login/" in answer.url
