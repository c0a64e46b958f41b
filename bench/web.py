"""gunicorn on loopback, and other processes, on the very database that their starter is on. Benches and tests do."""

import os
import re
import socket
import subprocess
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import psutil
from django.conf import settings
from django.db import connection

from config import embedded

NAME = "SIGHTLINE_DATABASE_NAME"
# Where the collected, fingerprinted and packed files lie, when they are to be served as production serves them.
SHIPPED = "SIGHTLINE_SHIPPED"


def application(environ: dict[str, Any], start_response: Callable[..., Any]) -> Any:
    """What gunicorn serves: the product itself."""
    go_to_shipped_files()
    from config.wsgi import application as product  # noqa: PLC0415 - a starter has settings of its own

    go_to_database_of_starter()
    return product(environ, start_response)


def go_to_database_of_starter() -> None:
    """For processes begun with `environment()`; and what they queue goes nowhere."""
    from config import celery_app  # noqa: PLC0415

    settings.DATABASES["default"]["NAME"] = os.environ[NAME]
    celery_app.conf.update(broker_url="memory://", broker_transport_options={})


def go_to_shipped_files() -> None:
    if os.environ.get(SHIPPED):
        settings.STATIC_ROOT = os.environ[SHIPPED]


def environment(shipped: Path | None = None) -> dict[str, str]:
    """`shipped`: as where there is a DATABASE_URL, with static files from this folder."""
    ours = {**os.environ, "DJANGO_SETTINGS_MODULE": "config.settings", NAME: connection.settings_dict["NAME"]}
    if shipped is None:
        return ours
    database = settings.DATABASE_URL or embedded.database_url(settings.OWN_FOLDER)
    secret = {"SECRET_KEY": settings.SECRET_KEY, "DATABASE_URL": database}
    return {**ours, **secret, SHIPPED: str(shipped), "ALLOWED_HOSTS": "127.0.0.1", "HTTPS": "0"}


@dataclass(frozen=True)
class Web:
    port: int
    master: psutil.Process

    @property
    def workers(self) -> list[psutil.Process]:
        found: list[psutil.Process] = self.master.children()
        return found


@contextmanager
def web(*, workers: int = 1, threads: int = 4, shipped: Path | None = None) -> Iterator[Web]:
    """The way production runs it. Its socket is ours: it takes calls before it is up, and nobody else can have it.

    `shipped`: an empty folder; static files are collected there, and served as production serves them.
    """
    if shipped is not None:
        in_a_fresh_process(COLLECT, shipped=shipped)
    with socket.create_server(("127.0.0.1", 0), backlog=128) as listening:
        master = psutil.Popen(
            [
                *[sys.executable, "-W", "ignore", "-m", "gunicorn", "bench.web:application"],
                *["--bind", f"fd://{listening.fileno()}", "--workers", str(workers), "--threads", str(threads)],
                *["--no-control-socket", "--log-level", "warning", "--keep-alive", "60"],
            ],
            cwd=Path(settings.BASE_DIR),
            env=environment(shipped),
            pass_fds=[listening.fileno()],
        )
        try:
            yield Web(listening.getsockname()[1], master)
        finally:
            master.terminate()
            master.wait(timeout=30)


def most_memory(pid: int) -> int:
    """Megabytes that a process has ever had at once (Linux)."""
    found = re.search(r"VmHWM:\s+(\d+) kB", Path(f"/proc/{pid}/status").read_text())
    return int(found[1]) // 1024 if found else 0


COLLECT = "from django.core.management import call_command; call_command('collectstatic', verbosity=0)"


def in_a_fresh_process(code: str, *arguments: str, shipped: Path | None = None) -> str:
    """What some Python says that runs in a process of its own, which remembers nothing of this one."""
    start = "from bench import web; web.go_to_shipped_files(); import django; django.setup()\n"
    start += "web.go_to_database_of_starter()\n"
    return subprocess.run(
        [sys.executable, "-W", "ignore", "-c", start + code, *arguments],
        cwd=Path(settings.BASE_DIR),
        env=environment(shipped),
        stdout=subprocess.PIPE,
        text=True,
        check=True,
    ).stdout
