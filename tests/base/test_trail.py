"""What people did, as the pages tell it."""

import re
from pathlib import Path

from django.conf import settings

from base import trail

ROOMS = [Path(settings.BASE_DIR) / room for room in settings.ROOMS]
# `record("place", …)` and `verb="place"` in Python, and what statements write beside who did it.
WRITTEN = re.compile(r"""record\(\s*"([a-z_]+)"|\bverb(?:: str)? ?= ?"([a-z_]+)"|%\(by_name\)s, '(\w+)'""")


def test_every_deed_that_is_noted_has_its_words():
    texts = [path.read_text() for room in ROOMS for path in room.rglob("*.py") if "migrations" not in path.parts]
    verbs = {verb for text in texts for found in WRITTEN.findall(text) for verb in found if verb}

    assert "place" in verbs
    assert verbs - trail.DEEDS.keys() == set()
