"""config/environment.py, which runs before anything is installed."""

import ast
import subprocess
import sys
from pathlib import Path

import pytest
from django.conf import settings

from config import environment


@pytest.fixture
def house(tmp_path, monkeypatch):
    monkeypatch.setattr(environment, "HOUSE", str(tmp_path))
    monkeypatch.setattr(environment, "ENVIRONMENT", str(tmp_path / ".venv"))
    monkeypatch.setattr(environment, "STAMP", str(tmp_path / ".venv" / "built-from"))
    (tmp_path / "requirements.txt").write_text("")
    return tmp_path


@pytest.fixture
def ran(monkeypatch):
    """The commands that would have been run; they succeed."""
    commands: list[list[str]] = []

    def run(command: list[str], **_: object) -> subprocess.CompletedProcess[str]:
        commands.append(command)
        folder = Path(environment.ENVIRONMENT) / "bin"
        folder.mkdir(parents=True, exist_ok=True)
        for program in ("python", "pip"):
            (folder / program).touch()
        return subprocess.CompletedProcess(command, 0)

    monkeypatch.setattr(subprocess, "run", run)
    return commands


def fail(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(subprocess, "run", lambda command, **_: subprocess.CompletedProcess(command, 1))


def test_an_old_python_can_read_it():
    ast.parse((settings.BASE_DIR / "config" / "environment.py").read_text(), feature_version=(3, 6))


def test_an_old_python_is_told_which_one_to_install(house, monkeypatch):
    monkeypatch.setattr(sys, "version_info", (3, 9, 1))

    with pytest.raises(environment.Refused, match=r"needs Python 3\.11 or newer, and this is 3\.9"):
        environment.main("requirements.txt")


def test_the_first_time_it_builds_and_installs(house, ran):
    environment.main("requirements.txt")

    assert [command[2] for command in ran] == ["venv", "pip"]
    assert {"--require-hashes", "--no-deps"} < set(ran[1])


def test_the_lists_are_whole_so_that_nothing_else_is_looked_for():
    asked = subprocess.run([sys.executable, "-m", "pip", "check"], capture_output=True, text=True, check=False)

    assert asked.returncode == 0, asked.stdout


def test_nothing_is_run_while_the_requirements_stay_as_they_are(house, ran):
    environment.main("requirements.txt")
    ran.clear()

    environment.main("requirements.txt")

    assert ran == []


def test_new_requirements_are_installed_into_the_same_environment(house, ran):
    environment.main("requirements.txt")
    (house / "requirements.txt").write_text("# new")
    ran.clear()

    environment.main("requirements.txt")

    assert [command[2] for command in ran] == ["pip"]


def test_a_missing_venv_module_is_named(house, monkeypatch):
    fail(monkeypatch)

    with pytest.raises(environment.Refused, match="apt-get install python3-venv"):
        environment.main("requirements.txt")


def test_a_failing_pip_points_to_compiler_and_network(house, ran, monkeypatch):
    environment.build()
    fail(monkeypatch)

    with pytest.raises(environment.Refused, match=r"compiler.*network"):
        environment.main("requirements.txt")

    assert environment.built_from() == []
