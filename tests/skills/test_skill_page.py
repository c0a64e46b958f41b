"""The page of one skill."""

import pytest
from django.urls import reverse

from tests.make import make_designer, make_outcome, make_skill, make_step, make_workflow

pytestmark = pytest.mark.django_db


def test_a_rule_about_the_work_offers_the_way_to_the_work(client):
    """An outcome without a measure, at a step that nobody has rated and nobody performs."""
    designer = make_designer()
    step = make_step(make_workflow(by=designer), by=designer)
    outcome = make_outcome(step, measured=False, by=designer)
    skill = make_skill(at=step, by=designer)
    client.force_login(designer)

    html = client.get(reverse("skill_show", args=[skill.pk])).content.decode()

    assert f'href="{step.get_absolute_url()}"' in html.replace("&amp;", "&")
    assert f'href="{outcome.get_absolute_url()}">Give it a measure</a>' in html.replace("&amp;", "&")
    assert "Rate the step" in html
    assert "Look at the step" in html
