"""python -m theirs.bare DATABASE: the least that a Django view can do for one user more, asked as theirs.serve is.

No middleware, no library: a key looked up, one row inserted, an answer. Nothing that Django serves can be quicker.
"""

import json
import sys
import time
from io import BytesIO
from typing import Any

import django
from django.conf import settings
from django.http import HttpRequest, JsonResponse
from django.urls import path

ENTERPRISE = "urn:ietf:params:scim:schemas:extension:enterprise:2.0:User"
TABLES = """
CREATE TABLE api_key (digest text PRIMARY KEY, account uuid NOT NULL);
INSERT INTO api_key VALUES ('key', gen_random_uuid());
CREATE TABLE person (
    id uuid PRIMARY KEY DEFAULT gen_random_uuid(), external_id text UNIQUE, user_name text UNIQUE, given_name text,
    family_name text, display_name text, title text, email text, employee_number text, department text
)
"""
KEY = "SELECT account FROM api_key WHERE digest = %s"
INSERT = """
INSERT INTO person
    (external_id, user_name, given_name, family_name, display_name, title, email, employee_number, department)
VALUES (%s, %s, %s, %s, %s, %s, %s, %s, %s) RETURNING id
"""


def add(request: HttpRequest) -> JsonResponse:
    from django.db import connection  # noqa: PLC0415 - needs the settings below

    user: dict[str, Any] = json.loads(request.body)
    name, work = user["name"], user[ENTERPRISE]
    with connection.cursor() as cursor:
        cursor.execute(KEY, [request.headers["Authorization"].removeprefix("Bearer ")])
        cursor.fetchone()
        cursor.execute(
            INSERT,
            [
                *(user[field] for field in ("externalId", "userName")),
                *(name[field] for field in ("givenName", "familyName")),
                *(user[field] for field in ("displayName", "title")),
                user["emails"][0]["value"],
                *(work[field] for field in ("employeeNumber", "department")),
            ],
        )
        (pk,) = cursor.fetchone()
    return JsonResponse({**user, "id": str(pk)}, status=201)


urlpatterns = [path("scim/v2/Users", add)]


def main(database: str) -> None:
    settings.configure(
        SECRET_KEY="bench",
        ALLOWED_HOSTS=["*"],
        DATABASES={"default": json.loads(database)},
        ROOT_URLCONF=__name__,
        MIDDLEWARE=[],
    )
    django.setup()
    from django.core.wsgi import get_wsgi_application  # noqa: PLC0415 - needs the settings above
    from django.db import connection  # noqa: PLC0415

    with connection.cursor() as cursor:
        cursor.execute(TABLES)
    answer_lines(connection, Asker(get_wsgi_application(), "key"))


class Asker:
    """Asks an application for one user more as the server does that it runs in, over a connection that stays."""

    def __init__(self, application: Any, key: str) -> None:
        from django.core.signals import request_finished, request_started  # noqa: PLC0415 - needs settings
        from django.db import close_old_connections  # noqa: PLC0415

        # A connection that stays, and nobody asks whether it does, as in Django's own test client.
        request_started.disconnect(close_old_connections)
        request_finished.disconnect(close_old_connections)
        self.application = application
        self.environ = {
            "REQUEST_METHOD": "POST",
            "SCRIPT_NAME": "",
            "PATH_INFO": "/scim/v2/Users",
            "QUERY_STRING": "",
            "SERVER_NAME": "testserver",
            "SERVER_PORT": "80",
            "SERVER_PROTOCOL": "HTTP/1.1",
            "REMOTE_ADDR": "127.0.0.1",
            "CONTENT_TYPE": "application/scim+json",
            "HTTP_HOST": "testserver",
            "HTTP_ACCEPT": "application/scim+json",
            "HTTP_AUTHORIZATION": f"Bearer {key}",
            "wsgi.url_scheme": "http",
        }
        self.status = ""

    def add(self, body: str) -> None:
        """Raises SystemExit with what was answered instead."""
        sent = body.encode()
        answer = self.application(
            {**self.environ, "CONTENT_LENGTH": str(len(sent)), "wsgi.input": BytesIO(sent)}, self.start
        )
        content = b"".join(answer)
        answer.close()
        if not self.status.startswith("201"):
            raise SystemExit(content.decode())

    def start(self, status: str, headers: Any) -> None:
        self.status = status


def answer_lines(connection: Any, asker: Asker) -> None:
    """For each line that comes in, add the user it holds and print [seconds, seconds of the processor]."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_backend_pid()")
        print(cursor.fetchone()[0], flush=True)
    for line in sys.stdin:
        start, start_cpu = time.perf_counter(), time.process_time()
        asker.add(line)
        took, worked = time.perf_counter() - start, time.process_time() - start_cpu
        print(json.dumps([took, worked]), flush=True)


if __name__ == "__main__":
    main(sys.argv[1])
