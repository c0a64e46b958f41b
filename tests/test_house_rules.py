"""Our conventions, asked of the running application; the shortest honest description of the architecture.

Import directions are import-linter's (`make check`). Here is what it cannot see.
"""

import inspect
import re
import subprocess
from collections.abc import Callable, Iterator
from importlib import import_module
from importlib.util import find_spec
from pathlib import Path

import pytest
from django.apps import apps
from django.conf import settings
from django.db import models
from django.urls import URLResolver, get_resolver
from rest_framework.permissions import AllowAny

from config.celery import app

HOUSE = Path(settings.BASE_DIR)
ROOMS: list[str] = settings.ROOMS
OUR_MODELS = [model for model in apps.get_models() if model._meta.app_label in ROOMS]
WRITTEN_ELSEWHERE = re.compile(r"(^|/)(migrations|vendor)/|^requirements")
LONGEST_FILE = 600

# Whoever adds a line here says why the page may be seen without signing in.
OPEN_TO_EVERYONE = {
    "account_inactive",  # says whom to ask
    "account_login",
    "account_logout",  # for somebody whose session has ended already
    "account_reset_password",
    "account_reset_password_done",
    "account_reset_password_from_key",
    "account_reset_password_from_key_done",
    "api_docs",  # whoever writes a client needs it before having a key
    "api_nothing_here",  # a mistyped address, answered in the one shape
    "api_schema",
    "coach_worker",  # a script that holds nothing of anybody
    "embed_script",  # other systems load it before anybody is known; it holds nothing of anybody
    "health",  # for the load balancer
    "scim_nothing_here",  # the same for identity providers
    "mfa_authenticate",  # the second half of signing in
    "step_embed",  # asks itself for a session or a signed link
    "sign_on",  # on the way to the OpenID provider
    "sign_on_callback",  # and back
}


def our_files(*endings: str) -> list[Path]:
    """What git would commit, so that nobody's .venv or notes are judged."""
    command = ["git", "ls-files", "--cached", "--others", "--exclude-standard"]
    names = subprocess.run(command, cwd=HOUSE, check=True, capture_output=True, text=True).stdout.splitlines()
    ours = [name for name in names if name.endswith(endings) and not WRITTEN_ELSEWHERE.search(name)]
    return [HOUSE / name for name in ours if (HOUSE / name).exists()]


def found(pattern: str, paths: list[Path], text_of: Callable[[Path], str] = Path.read_text) -> dict[str, list[str]]:
    """Which files hold what they should not. Assert that it is {}, and a failure says where and what."""
    hits = {name_of(path): re.findall(pattern, text_of(path), re.MULTILINE) for path in paths}
    return {name: hit for name, hit in hits.items() if hit}


def name_of(path: Path) -> str:
    return path.relative_to(HOUSE).as_posix()


def room_of(path: Path) -> str:
    return path.relative_to(HOUSE).parts[0]


PYTHON = our_files(".py")
IN_ROOMS = [path for path in PYTHON if room_of(path) in ROOMS]
VIEWS = [path for path in IN_ROOMS if "/views" in name_of(path)]
TEMPLATES = [path for path in our_files(".html") if room_of(path) == "templates"]


# --- nouns ------------------------------------------------------------------------------------


@pytest.mark.parametrize("model", OUR_MODELS, ids=lambda model: model._meta.label)
def test_relations_point_down_the_rooms(model: type[models.Model]):
    """Foreign keys by string escape import-linter, so look at the models themselves."""
    here = ROOMS.index(model._meta.app_label)
    for field in (*model._meta.fields, *model._meta.many_to_many):
        if field.is_relation and (target := field.related_model._meta.app_label) in ROOMS:
            assert ROOMS.index(target) <= here, f"{field} looks upward"


@pytest.mark.parametrize("model", OUR_MODELS, ids=lambda model: model._meta.label)
def test_who_and_when_come_together(model: type[models.Model]):
    """Two nullable columns such as `retired_at` and `retired_by` are a pair, and PostgreSQL keeps it one."""
    empty = {field.name for field in model._meta.fields if field.null}
    kept = {constraint.name for constraint in model._meta.constraints}
    for at in (name for name in empty if name.endswith("_at") and f"{name[:-3]}_by" in empty):
        assert f"{model._meta.model_name}_{at}_goes_with_{at[:-3]}_by" in kept


@pytest.mark.parametrize("model", OUR_MODELS, ids=lambda model: model._meta.label)
def test_constraints_are_named_as_sentences(model: type[models.Model]):
    for constraint in model._meta.constraints:
        assert re.fullmatch(r"[a-z]+(_[a-z0-9]+){2,}", constraint.name), constraint.name
        assert not re.search(r"uniq|chk|_check$|_ck$|_idx$|constraint", constraint.name), constraint.name


# --- verbs ------------------------------------------------------------------------------------


def our_actions() -> Iterator[Callable[..., object]]:
    """What a room offers from `actions`: all that its package lists, or all that its one module defines."""
    for room in ROOMS:
        if find_spec(f"{room}.actions") is None:
            continue
        module = import_module(f"{room}.actions")
        own = [name for name, thing in vars(module).items() if getattr(thing, "__module__", "") == module.__name__]
        for name in getattr(module, "__all__", own):
            if inspect.isfunction(action := getattr(module, name)) and not name.startswith("_"):
                yield action


@pytest.mark.parametrize("action", list(our_actions()), ids=lambda action: f"{action.__module__}.{action.__name__}")
def test_actions_take_the_object_then_named_facts_and_last_who(action: Callable[..., object]):
    parameters = list(inspect.signature(action).parameters.values())
    loose = [one for one in parameters if one.kind in {one.POSITIONAL_ONLY, one.POSITIONAL_OR_KEYWORD}]
    named = [one.name for one in parameters if one.kind is one.KEYWORD_ONLY]

    # Two where the object is a pair, or is not there yet and goes by its natural key.
    assert len(loose) <= 2, "facts are keyword-only"
    assert named, "an action says who acts"
    assert named[-1] == "by"
    assert (action.__doc__ or "").strip(), "an action is a sentence of the business; write it down"


# --- pages ------------------------------------------------------------------------------------


def named_views(resolver: URLResolver, space: str = "") -> Iterator[tuple[str, Callable[..., object]]]:
    for entry in resolver.url_patterns:
        if isinstance(entry, URLResolver):
            yield from named_views(entry, f"{space}{entry.namespace}:" if entry.namespace else space)
        else:
            yield space + (entry.name or str(entry.pattern)), entry.callback


def is_open(view: Callable[..., object]) -> bool:
    """DRF's views step out of LoginRequiredMiddleware, so their permissions must answer instead."""
    if api := getattr(view, "cls", None):
        return not api.permission_classes or AllowAny in api.permission_classes
    return not getattr(view, "login_required", True)


def test_only_these_pages_are_open_to_everyone():
    assert {name for name, view in named_views(get_resolver()) if is_open(view)} == OPEN_TO_EVERYONE


def test_a_page_never_says_filter():
    """Reads are adjectives on QuerySets, and an adjective has a name."""
    assert found(r"\.(?:filter|exclude|annotate)\(.*", VIEWS) == {}


@pytest.mark.parametrize("room", ROOMS)
def test_python_names_no_page_of_a_room_above(room: str):
    """Templates may link anywhere; Python that names an upper room's page would depend on it."""
    above = "|".join(ROOMS[ROOMS.index(room) + 1 :]) or "nobody"
    named = rf"""(?:reverse|reverse_lazy|redirect|resolve_url)\(\s*["'](?:{above}):"""
    assert found(named, [path for path in IN_ROOMS if room_of(path) == room]) == {}


def test_sql_lives_in_queries():
    elsewhere = [path for path in IN_ROOMS if room_of(path) != "base" and "/queries" not in name_of(path)]
    assert found(r"\.cursor\(|\.raw\(|RawSQL\(", elsewhere) == {}


def markup(path: Path) -> str:
    return re.sub(r"{%.*?%}|{#.*?#}|{{.*?}}", "", path.read_text())


def test_templates_carry_no_script_and_no_style():
    """The content security policy would refuse them. A custom property is a value, not a style."""
    assert found(r"<style\b.*", TEMPLATES, markup) == {}
    assert found(r"<script\b(?![^>]*\b(?:src=|type=\"application/json\"))[^>]*>", TEMPLATES, markup) == {}
    assert found(r"\s(?:on[a-z]+|hx-on[:-][\w:-]+)=[\"']", TEMPLATES, markup) == {}
    assert found(r"\sstyle=\"(?!\s*--)[^\"]*\"", TEMPLATES, markup) == {}


def test_every_icon_that_is_named_is_drawn():
    drawn = set(re.findall(r'id="i-([\w-]+)"', (HOUSE / "templates/parts/icons.html").read_text()))
    named = found(r"""\bicon(?:=| |\()["']([\w-]+)["']""", [*TEMPLATES, *IN_ROOMS])
    assert {name for names in named.values() for name in names} <= drawn


# --- the house itself -------------------------------------------------------------------------


def test_no_file_runs_away():
    """Split by idea, not by kind."""
    lengths = {name_of(path): len(path.read_text().splitlines()) for path in our_files(".py", ".html", ".css", ".js")}
    assert {name: length for name, length in lengths.items() if length > LONGEST_FILE} == {}


@pytest.mark.parametrize("file", ["requirements.txt", "requirements-dev.txt"])
def test_locked_requirements_are_hashed_and_name_no_place(file: str):
    text = (HOUSE / file).read_text()
    assert re.findall(r"://|--(?:index-url|extra-index-url|find-links|trusted-host)", text) == []
    pins = re.findall(r"^[\w.\[\]-]+==\S+", text, re.MULTILINE)
    assert pins
    assert len(pins) == len(re.findall(r"^[\w.\[\]-]+==[^\n]*\\\n    --hash=sha256:", text, re.MULTILINE))


def wanted(text: str) -> list[tuple[str, str]]:
    """The names of required packages in pyproject.toml, each with the comment behind it."""
    return re.findall(r'^    "([\w.-]+)[^"]*",?[ \t]*(#.*)?$', text, re.MULTILINE)


def test_every_dependency_has_a_reason_and_is_locked():
    project = (HOUSE / "pyproject.toml").read_text().split("[tool.")[0]
    locked = {re.sub(r"[-_.]+", "-", name).lower() for name in pins_of("requirements-dev.txt")}

    assert [name for name, reason in wanted(project) if not reason] == []
    assert [name for name, _ in wanted(project) if re.sub(r"[-_.]+", "-", name).lower() not in locked] == []


def pins_of(file: str) -> list[str]:
    return re.findall(r"^([\w.-]+)(?:\[[\w,-]+\])?==", (HOUSE / file).read_text(), re.MULTILINE)


def targets() -> list[str]:
    return re.findall(r"^([a-z-]+):", (HOUSE / "Makefile").read_text(), re.MULTILINE)


def test_commands_that_are_written_down_exist():
    named = found(r"(?:`|^ *)make ([a-z][a-z-]*)", our_files(".md", ".yml", ".py", "Dockerfile", "run"))
    assert {name for commands in named.values() for name in commands} <= set(targets())


def test_the_readme_lists_every_setting():
    read = re.findall(r'(?:environ\.get|yes)\("([A-Z_]+)"', (HOUSE / "config/settings.py").read_text())
    rows = re.findall(r"^\| (`[A-Z].*?) \|", (HOUSE / "README.md").read_text(), re.MULTILINE)

    assert {name for row in rows for name in re.findall(r"`(\w+)`", row)} == set(read)


def test_what_the_example_offers_reaches_the_product():
    offered = re.findall(r"^(\w+)=", (HOUSE / ".env.example").read_text(), re.MULTILINE)
    passed = re.findall(r"\$\{(\w+):", (HOUSE / "docker-compose.yml").read_text())
    assert set(offered) == set(passed)


def test_pages_that_are_referred_to_exist():
    named = found(r"\bdocs/[\w/-]+\.md", our_files(".py", ".md", ".html", ".css", ".js"))
    assert {page for pages in named.values() for page in pages if not (HOUSE / page).exists()} == set()


def test_the_clock_starts_what_exists():
    """Celery would log an unknown task every night, and nobody reads that."""
    app.loader.import_default_modules()
    assert {entry["task"] for entry in settings.CELERY_BEAT_SCHEDULE.values()} <= set(app.tasks)


def test_decisions_are_short_and_have_a_number_of_their_own():
    decisions = sorted((HOUSE / "docs/decisions").glob("*.md"))
    assert [path.name[:4] for path in decisions] == [f"{number:04}" for number in range(1, len(decisions) + 1)]
    assert {path.name for path in decisions if len(path.read_text().splitlines()) > 40} == set()


def test_the_makefile_stays_a_list():
    assert len(targets()) <= 14


def test_no_package_index_is_named():
    """Where packages come from is each machine's own business."""
    hosts = "py" + r"pi\.|python" + "hosted"
    assert found(hosts, our_files(".py", ".toml", ".md", ".yml", ".txt", "Makefile", "Dockerfile", "run")) == {}
