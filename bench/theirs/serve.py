"""python -m theirs.serve DATABASE, in this folder: seconds of one POST, for each line of JSON that comes in."""

import json
import sys
import time

import django
from django.conf import settings

MIDDLEWARE = [
    "django.middleware.security.SecurityMiddleware",
    "django.middleware.common.CommonMiddleware",
    "theirs.key.KeyMiddleware",
    "django_scim.middleware.SCIMAuthCheckMiddleware",
]


def main(database: str) -> None:
    settings.configure(
        SECRET_KEY="bench",
        ALLOWED_HOSTS=["*"],
        DATABASES={"default": json.loads(database)},
        USE_TZ=True,
        INSTALLED_APPS=["django.contrib.auth", "django.contrib.contenttypes", "django_scim", "theirs"],
        MIGRATION_MODULES={"auth": None, "contenttypes": None},
        AUTH_USER_MODEL="theirs.User",
        DEFAULT_AUTO_FIELD="django.db.models.BigAutoField",
        ROOT_URLCONF="theirs.urls",
        MIDDLEWARE=MIDDLEWARE,
        SCIM_SERVICE_PROVIDER={
            "NETLOC": "localhost",
            "AUTHENTICATION_SCHEMES": [{"type": "oauth2", "name": "key", "description": "key"}],
        },
    )
    django.setup()
    from django.core.management import call_command  # noqa: PLC0415 - needs the settings above
    from django.test import Client  # noqa: PLC0415

    from .models import User  # noqa: PLC0415

    call_command("migrate", run_syncdb=True, verbosity=0)
    User.objects.create(username="key", scim_username="key")
    client = Client(headers={"Authorization": "Bearer key"})
    for line in sys.stdin:
        start = time.perf_counter()
        answer = client.post("/scim/v2/Users", line, content_type="application/scim+json")
        took = time.perf_counter() - start
        if answer.status_code != 201:
            raise SystemExit(answer.content.decode())
        print(json.dumps(took), flush=True)


if __name__ == "__main__":
    main(sys.argv[1])
