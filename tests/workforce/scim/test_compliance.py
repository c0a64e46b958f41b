"""The public compliance checker against a live server: every check of it, as its users run it."""

import os
import re
import subprocess
import sys
from pathlib import Path

import pytest

from tests.make import make_key
from workforce.actions.braking import allow_leavers
from workforce.models import Account, Source

pytestmark = pytest.mark.django_db(transaction=True)
VERDICT = re.compile(r"^(SUCCESS|COMPLIANT|ACCEPTABLE|DEVIATION|SKIPPED|ERROR|CRITICAL)\b", re.MULTILINE)


def test_the_compliance_checker_finds_nothing(live_server, client):
    program = Path(sys.executable).parent / "scim2"
    # It lets people leave by the toss of a coin, now and then more than a source may let go without asking.
    allow_leavers(Source.objects.create(name="Checker"), by=Account.objects.system())
    key = f"Bearer {make_key('hris', name='Checker')}"
    # The checker waits five seconds for an answer, which the first one of a process may take on a busy machine.
    assert client.get("/scim/v2/ResourceTypes", headers={"Authorization": key}).status_code == 200
    told = subprocess.run(  # noqa: PLW1510
        # By this Python, wherever its environment was built.
        [sys.executable, program, "-u", f"{live_server.url}/scim/v2", "test", "-v"],
        env={**os.environ, "SCIM_CLI_HEADERS": f"Authorization: {key}"},
        capture_output=True,
        text=True,
        timeout=300,
    )
    verdicts = VERDICT.findall(told.stdout)
    blamed = [told.stdout[at.start() :][:600] for at in VERDICT.finditer(told.stdout) if at[1] != "SUCCESS"]
    assert not blamed, "\n".join(blamed)
    assert told.returncode == 0, told.stderr
    assert len(verdicts) > 60
