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

NAME = "SIGHTLINE_DATABASE_NAME"


def application(environ: dict[str, Any], start_response: Callable[..., Any]) -> Any:
    """What gunicorn serves: the product itself."""
    from config.wsgi import application as product  # noqa: PLC0415 - a starter has settings of its own

    go_to_database_of_starter()
    return product(environ, start_response)


def go_to_database_of_starter() -> None:
    """For processes begun with `environment()`; and what they queue goes nowhere."""
    from config import celery_app  # noqa: PLC0415

    settings.DATABASES["default"]["NAME"] = os.environ[NAME]
    celery_app.conf.update(broker_url="memory://", broker_transport_options={})


def environment() -> dict[str, str]:
    return {**os.environ, "DJANGO_SETTINGS_MODULE": "config.settings", NAME: connection.settings_dict["NAME"]}


@dataclass(frozen=True)
class Web:
    port: int
    master: psutil.Process

    @property
    def workers(self) -> list[psutil.Process]:
        found: list[psutil.Process] = self.master.children()
        return found


@contextmanager
def web(*, workers: int = 1, threads: int = 4) -> Iterator[Web]:
    """The way production runs it. Its socket is ours: it takes calls before it is up, and nobody else can have it."""
    with socket.create_server(("127.0.0.1", 0), backlog=128) as listening:
        master = psutil.Popen(
            [
                *[sys.executable, "-W", "ignore", "-m", "gunicorn", "bench.web:application"],
                *["--bind", f"fd://{listening.fileno()}", "--workers", str(workers), "--threads", str(threads)],
                *["--no-control-socket", "--log-level", "warning", "--keep-alive", "60"],
            ],
            cwd=Path(settings.BASE_DIR),
            env=environment(),
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


def in_a_fresh_process(code: str, *arguments: str) -> str:
    """What some Python says that runs in a process of its own, which remembers nothing of this one."""
    start = "import django; django.setup(); from bench import web; web.go_to_database_of_starter()\n"
    return subprocess.run(
        [sys.executable, "-W", "ignore", "-c", start + code, *arguments],
        cwd=Path(settings.BASE_DIR),
        env=environment(),
        stdout=subprocess.PIPE,
        text=True,
        check=True,
    ).stdout
