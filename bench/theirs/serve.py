"""python -m theirs.serve DATABASE, in this folder: for each line of JSON that comes in, what one POST took."""

import json
import sys

import django
from django.conf import settings

from .bare import Asker, answer_lines

# What `startproject` writes, and the check after whoever signs in, where its documentation puts it.
MIDDLEWARE = [
    "django.middleware.security.SecurityMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "theirs.key.KeyMiddleware",
    "django_scim.middleware.SCIMAuthCheckMiddleware",
]


def main(database: str) -> None:
    settings.configure(
        SECRET_KEY="bench",
        ALLOWED_HOSTS=["*"],
        DATABASES={"default": json.loads(database)},
        USE_TZ=True,
        INSTALLED_APPS=[
            "django.contrib.auth",
            "django.contrib.contenttypes",
            "django.contrib.sessions",
            "django.contrib.messages",
            "django_scim",
            "theirs",
        ],
        MIGRATION_MODULES={"auth": None, "contenttypes": None, "sessions": None},
        AUTH_USER_MODEL="theirs.User",
        DEFAULT_AUTO_FIELD="django.db.models.BigAutoField",
        ROOT_URLCONF="theirs.urls",
        MIDDLEWARE=MIDDLEWARE,
        SCIM_SERVICE_PROVIDER={
            "NETLOC": "localhost",
            "USER_ADAPTER": "theirs.adapter.User",
            "AUTHENTICATION_SCHEMES": [{"type": "oauth2", "name": "key", "description": "key"}],
        },
    )
    django.setup()
    from django.core.management import call_command  # noqa: PLC0415 - needs the settings above
    from django.core.wsgi import get_wsgi_application  # noqa: PLC0415
    from django.db import connection  # noqa: PLC0415

    from .models import Key, User, digest_of  # noqa: PLC0415

    call_command("migrate", run_syncdb=True, verbosity=0)
    Key.objects.create(digest=digest_of("key"), account=User.objects.create(username="key", scim_username="key"))
    answer_lines(connection, Asker(get_wsgi_application(), "key"))


if __name__ == "__main__":
    main(sys.argv[1])
