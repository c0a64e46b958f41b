"""The production queue: Redis between a web process and a worker."""

import os
import subprocess
import sys
import time
from urllib.parse import quote

import pytest
from celery import Celery
from django.conf import settings
from django.db import connection

from base.models import OutboxMessage


def url_of_the_test_database() -> str:
    known = connection.get_connection_params()
    return f"postgresql://{known['user']}@/{known['dbname']}?host={quote(known['host'])}"


@pytest.fixture
def worker(redis_url):
    """A real worker, as docker-compose.yml starts it, on the test's own database."""
    command = [sys.executable, "-m", "celery", "--app", "config", "worker", "--concurrency", "1", "--loglevel", "INFO"]
    surroundings = {**os.environ, "REDIS_URL": redis_url, "SECRET_KEY": "x" * 50, "HTTPS": "0"}
    surroundings["DATABASE_URL"] = url_of_the_test_database()
    process = subprocess.Popen(command, cwd=settings.BASE_DIR, env=surroundings, stderr=subprocess.DEVNULL)
    yield process
    process.terminate()
    process.wait(timeout=30)


@pytest.mark.redis
@pytest.mark.django_db(transaction=True)
def test_a_worker_on_redis_sends_what_waits_in_the_outbox(worker, redis_url):
    message = OutboxMessage.objects.create(topic="base.routines.empty_outbox", payload={})

    with Celery(broker=redis_url) as web:
        web.send_task("base.routines.empty_outbox")

    give_up = time.monotonic() + 60
    while message.sent_at is None:
        assert worker.poll() is None, "the worker ended"
        assert time.monotonic() < give_up, "nothing came"
        time.sleep(0.1)
        message.refresh_from_db()
    assert message.attempts == 1
