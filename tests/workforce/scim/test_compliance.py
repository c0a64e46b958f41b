"""The public compliance checker against a live server: every check of it, as its users run it."""

import os
import re
import subprocess
import sys
from pathlib import Path

import pytest

from tests.make import make_key

pytestmark = pytest.mark.django_db(transaction=True)
VERDICT = re.compile(r"^(SUCCESS|COMPLIANT|ACCEPTABLE|DEVIATION|SKIPPED|ERROR|CRITICAL)\b", re.MULTILINE)


def test_the_compliance_checker_finds_nothing(live_server):
    program = Path(sys.executable).parent / "scim2"
    headers = f"Authorization: Bearer {make_key('hris')}"
    told = subprocess.run(  # noqa: PLW1510
        # By this Python, wherever its environment was built.
        [sys.executable, program, "-u", f"{live_server.url}/scim/v2", "test", "-v"],
        env={**os.environ, "SCIM_CLI_HEADERS": headers},
        capture_output=True,
        text=True,
        timeout=300,
    )
    verdicts = VERDICT.findall(told.stdout)
    assert told.returncode == 0, told.stdout + told.stderr
    assert set(verdicts) <= {"SUCCESS", "COMPLIANT", "ACCEPTABLE"}, told.stdout
    assert len(verdicts) > 60
