"""Our judge of statements agrees with ADL's own templates, the good and the bad."""

import json
from pathlib import Path

import pytest
from django.conf import settings

from performance_support.xapi import sound

TEMPLATES = Path(settings.BASE_DIR).parent / "shared" / "data" / "xapi" / "v2_0" / "templates"
pytestmark = pytest.mark.skipif(not TEMPLATES.is_dir(), reason="ADL's templates are not beside this checkout")

# By their names: what ADL expects an LRS to refuse.
BAD = {
    "verbs": {"no_id"},
    "agents": {"account_no_name", "account_no_homepage"},
    "contexts": {"invalid_activity"},
    "results": set(),
    "activities": {
        "no_id",
        "name_invalid",
        "description_invalid",
        "numeric_name",
        "numeric_description",
        "string_name",
        "string_description",
        "interaction_type_invalid_iri",
        "interaction_type_invalid_numeric",
        "interaction_type_invalid_object",
        "interaction_type_invalid_string",
    },
}
# Instructors, teams and what xAPI 2 adds: we tell of one person and nobody else. Agents by mail, which we never use.
UNSAID = {
    "contexts": {"instructor", "team", "context_agents", "context_groups"},
    "agents": {"default", "mbox", "mbox_sha1sum", "openid"},
}
JUDGES = {
    "verbs": sound.verb,
    "agents": sound.agent,
    "contexts": sound.context,
    "results": sound.result,
    "activities": lambda value: sound.activity(value, "object"),
}
FOUND = [(kind, path.stem) for kind in JUDGES for path in sorted((TEMPLATES / kind).glob("*.json"))]


@pytest.mark.parametrize(("kind", "name"), [each for each in FOUND if each[1] not in UNSAID.get(each[0], ())])
def test_it_agrees_with_the_templates(kind, name):
    template = json.loads((TEMPLATES / kind / f"{name}.json").read_text())

    found = [*JUDGES[kind](template)]

    assert bool(found) == (name in BAD[kind]), found


@pytest.mark.parametrize(("kind", "name"), [(kind, name) for kind, names in UNSAID.items() for name in sorted(names)])
def test_what_we_never_say_is_refused(kind, name):
    template = json.loads((TEMPLATES / kind / f"{name}.json").read_text())

    assert [*JUDGES[kind](template)]


def test_every_bad_template_is_there():
    assert {(kind, name) for kind, names in BAD.items() for name in names} <= set(FOUND)
