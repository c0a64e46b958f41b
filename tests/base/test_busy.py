"""Nobody waits for ever: what the database gave up on is a sentence, for pages and programs alike."""

import os
import subprocess
import sys
from pathlib import Path

import pytest
from django.conf import settings
from django.db import OperationalError, connection, transaction

from base import busy
from base.api import Explainer

SHOW = """
from config.wsgi import application
from django.db import connection
with connection.cursor() as cursor:
    for limit in ("statement_timeout", "lock_timeout"):
        cursor.execute(f"SHOW {limit}")
        print(*cursor.fetchone())
"""


@pytest.mark.django_db
def test_a_statement_that_took_too_long_is_a_refusal_not_a_fault():
    with pytest.raises(OperationalError) as stopped, transaction.atomic():
        connection.cursor().execute("SET LOCAL statement_timeout = '20ms'; SELECT pg_sleep(5)")

    assert busy.refusal_of(stopped.value).code == "busy"
    assert Explainer(stopped.value, {}).convert_known_exceptions(stopped.value).status_code == 409
    assert busy.refusal_of(OperationalError("the server went away")) is None


def test_pages_are_served_with_limits_and_workers_work_without():
    env = {**os.environ, "DJANGO_SETTINGS_MODULE": "config.settings"}
    shown = [
        subprocess.run(
            [sys.executable, "-W", "ignore", "-c", program],
            cwd=Path(settings.BASE_DIR),
            env=env,
            capture_output=True,
            text=True,
            check=True,
        ).stdout.split()
        for program in (SHOW, SHOW.replace("from config.wsgi import application", "import django; django.setup()"))
    ]

    assert shown == [["30s", "10s"], ["0", "0"]]
