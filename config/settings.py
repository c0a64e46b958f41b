"""All settings, in one file. What differs between places comes from the environment."""

import json
import os
from pathlib import Path
from typing import Any

import dj_database_url
from celery.schedules import crontab
from django.core.exceptions import ImproperlyConfigured

from config import embedded, sign_on, site, trial

BASE_DIR = Path(__file__).resolve().parent.parent
OWN_FOLDER = BASE_DIR / ".sightline"


def yes(name: str, default: str = "") -> bool:
    return os.environ.get(name, default).lower() in {"1", "true", "yes", "on"}


# --- where this runs -------------------------------------------------------------------------

DATABASE_URL = os.environ.get("DATABASE_URL", "")
REDIS_URL = os.environ.get("REDIS_URL", "")

# Without a database of its own this is a trial on one machine: PostgreSQL, queue and secret live in OWN_FOLDER.
IS_TRIAL = not DATABASE_URL
# Off in a trial too, so that a trial looks like the product; DEBUG=1 shows tracebacks in the browser.
DEBUG = yes("DEBUG")

SECRET_KEY = os.environ.get("SECRET_KEY", "")
if not SECRET_KEY:
    if not IS_TRIAL:
        raise ImproperlyConfigured(
            "Set SECRET_KEY to a long random text, such as the output of: "
            "python -c 'import secrets; print(secrets.token_urlsafe(50))'"
        )
    SECRET_KEY = trial.secret(OWN_FOLDER)

ALLOWED_HOSTS = [h.strip() for h in os.environ.get("ALLOWED_HOSTS", "").split(",") if h.strip()]
if IS_TRIAL:
    ALLOWED_HOSTS += ["127.0.0.1", "localhost", "[::1]", "testserver"]
CSRF_TRUSTED_ORIGINS = [o for o in os.environ.get("CSRF_TRUSTED_ORIGINS", "").split(",") if o]

# --- rooms -----------------------------------------------------------------------------------

ROOMS = ["base", "workforce", "workflows", "skills", "gaps", "performance_support"]

INSTALLED_APPS = [
    *reversed(ROOMS),
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "django.contrib.postgres",
    "django.contrib.humanize",
    "whitenoise.runserver_nostatic",
    "django.contrib.staticfiles",
    "django.forms",
    "allauth",
    "allauth.account",
    "allauth.mfa",
    "allauth.socialaccount",
    "allauth.socialaccount.providers.openid_connect",
    "django_htmx",
    "template_partials",
    "rest_framework",
    "django_filters",
    "drf_spectacular",
    "drf_spectacular_sidecar",
    "drf_standardized_errors",
]

MIDDLEWARE = [
    "django.middleware.security.SecurityMiddleware",
    "base.headers.ContentSecurityPolicyMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "base.headers.PackedPagesMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "base.middleware.AddressMiddleware",
    "base.middleware.ProgramMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "django.contrib.auth.middleware.LoginRequiredMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django_htmx.middleware.HtmxMiddleware",
    "base.headers.MessagesForRegionsMiddleware",
    "allauth.account.middleware.AccountMiddleware",
    "workforce.middleware.SecondFactorMiddleware",
    "base.middleware.RefusalMiddleware",
]

ROOT_URLCONF = "config.urls"
WSGI_APPLICATION = "config.wsgi.application"

TEMPLATES: list[dict[str, Any]] = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "DIRS": [BASE_DIR / "templates"],
        "APP_DIRS": True,
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.request",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
            ],
        },
    },
    {
        "NAME": "dense",
        "BACKEND": "django.template.backends.jinja2.Jinja2",
        "DIRS": [BASE_DIR / "templates" / "dense"],
        "OPTIONS": {"environment": "base.dense.environment"},
    },
]
FORM_RENDERER = "django.forms.renderers.TemplatesSetting"

# --- data ------------------------------------------------------------------------------------

DATABASES = {
    "default": dj_database_url.parse(
        DATABASE_URL or embedded.database_url(OWN_FOLDER),
        conn_max_age=60,
        conn_health_checks=True,
    )
}
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"

# --- jobs ------------------------------------------------------------------------------------

CELERY_BROKER_URL = REDIS_URL or "filesystem://localhost"
if not REDIS_URL:
    CELERY_BROKER_TRANSPORT_OPTIONS = trial.queue_folders(OWN_FOLDER)
CELERY_BROKER_CONNECTION_RETRY_ON_STARTUP = True
CELERY_TASK_IGNORE_RESULT = True
# A job is a row with a lease, so a task may be lost or come twice; late acknowledgement makes losing rarer.
CELERY_TASK_ACKS_LATE = True
CELERY_WORKER_PREFETCH_MULTIPLIER = 1
CELERY_TASK_ALWAYS_EAGER = False
CELERY_TIMEZONE = "UTC"
CELERY_BEAT_SCHEDULE_FILENAME = str(OWN_FOLDER / "beat-schedule")
CELERY_BEAT_SCHEDULE: dict[str, dict[str, Any]] = {
    "go on with runs that a worker left, end those that nobody closed": {
        "task": "workforce.routines.look_after_runs",
        "schedule": 30.0,
    },
    # UTC; soon after midnight, and again later where midnight comes later.
    "joiners start and leavers leave on their day": {
        "task": "workforce.routines.begin_the_day",
        "schedule": crontab(minute="5"),
    },
    "say which keys rest because of their owner": {"task": "workforce.routines.look_after_keys", "schedule": 60.0},
    "call whom a webhook's time has come for": {"task": "workforce.routines.send_webhooks", "schedule": 10.0},
    # UTC, as above: a day ends later elsewhere, and what ran out there is found at the next hour.
    "evidence that ran out no longer counts": {"task": "gaps.routines.begin_day", "schedule": crontab(minute="10")},
    # UTC, as late as a day is still itself.
    "keep everybody's figures of the day": {
        "task": "gaps.routines.keep_figures",
        "schedule": crontab(hour="23", minute="50"),
    },
    "send what waits in the outbox": {"task": "base.routines.empty_outbox", "schedule": 10.0},
    "go on with imports that a worker left": {"task": "skills.routines.resume_imports", "schedule": 30.0},
    "go on with ratings that a worker left": {"task": "gaps.routines.resume_ratings", "schedule": 30.0},
    "go on with levels that a worker left": {"task": "gaps.routines.resume_reweighing", "schedule": 30.0},
    "forget files of ratings": {
        "task": "gaps.routines.forget_rating_files",
        "schedule": crontab(hour="3", minute="40"),
    },
    "forget answers that nobody asks for again": {
        "task": "base.routines.forget_answers",
        "schedule": crontab(hour="3", minute="30"),
    },
    # Every hour, because a day begins somewhere; the watch flags what turned.
    "find what is stale by now": {"task": "performance_support.routines.keep_fresh", "schedule": crontab(minute="40")},
    "count the words of the library": {
        "task": "performance_support.routines.learn_words",
        "schedule": crontab(minute="47"),
    },
    "ask once a week what is still correct": {
        "task": "performance_support.routines.send_reminders",
        "schedule": crontab(day_of_week=os.environ.get("DIGEST_DAY", "mon"), hour="6", minute="0"),
    },
    "ask managers to talk before and after programmes": {
        "task": "performance_support.routines.ask_for_talks",
        "schedule": crontab(hour="6", minute="10"),
    },
    "sweep up files that nothing leads to": {
        "task": "performance_support.routines.sweep_files",
        "schedule": crontab(hour="3", minute="50"),
    },
    "tell the record store what waits": {"task": "performance_support.routines.send_statements", "schedule": 10.0},
    "look whether links still lead somewhere": {"task": "performance_support.routines.check_links", "schedule": 300.0},
    # UTC; an hour in which few people edit.
    "keep watch every night": {
        "task": "base.routines.keep_watch",
        "schedule": crontab(hour=os.environ.get("WATCH_HOUR", "2"), minute="0"),
    },
    # UTC; what the policy (docs/privacy.md) no longer keeps.
    "forget what has been kept long enough": {
        "task": "workforce.routines.keep_policy",
        "schedule": crontab(hour="4", minute="20"),
    },
    # A few minutes, so that somebody who was let go by mistake can come back before anything is passed on.
    "pass on the workflows of those who left": {"task": "workflows.routines.pass_on_work", "schedule": 300.0},
    "pass on the skills and flags of those who left": {"task": "skills.routines.pass_on_work", "schedule": 300.0},
    "pass on the resources of those who left": {
        "task": "performance_support.routines.pass_on_work",
        "schedule": 300.0,
    },
    "count the words of names": {"task": "workforce.routines.learn_names", "schedule": crontab(minute="37")},
    "count the words in use": {"task": "skills.routines.learn_words", "schedule": crontab(minute="17")},
    "tell owners once a week what waits": {
        "task": "skills.routines.send_digests",
        "schedule": crontab(day_of_week=os.environ.get("DIGEST_DAY", "mon"), hour="6", minute="0"),
    },
}

# --- what is kept about people, in days (docs/privacy.md) ---------------------------------------

KEEP_LEAVERS_DAYS = int(os.environ.get("KEEP_LEAVERS_DAYS", "730"))
KEEP_FIGURES_DAYS = int(os.environ.get("KEEP_FIGURES_DAYS", "1095"))
KEEP_ACCESS_NOTES_DAYS = int(os.environ.get("KEEP_ACCESS_NOTES_DAYS", "365"))
KEEP_LEARNING_DAYS = int(os.environ.get("KEEP_LEARNING_DAYS", "365"))
KEEP_STATEMENTS_DAYS = int(os.environ.get("KEEP_STATEMENTS_DAYS", "14"))
KEEP_SENT_DAYS = int(os.environ.get("KEEP_SENT_DAYS", "30"))

# --- people ----------------------------------------------------------------------------------

AUTH_USER_MODEL = "workforce.Account"
# E-mail addresses are unique without regard to case, which this check cannot see.
SILENCED_SYSTEM_CHECKS = ["auth.W004"]
AUTHENTICATION_BACKENDS = ["allauth.account.auth_backends.AuthenticationBackend"]
AUTH_PASSWORD_VALIDATORS = [
    {"NAME": "django.contrib.auth.password_validation.UserAttributeSimilarityValidator"},
    {"NAME": "django.contrib.auth.password_validation.MinimumLengthValidator", "OPTIONS": {"min_length": 12}},
    {"NAME": "django.contrib.auth.password_validation.CommonPasswordValidator"},
]
LOGIN_URL = "account_login"
LOGIN_REDIRECT_URL = "/"
LOGOUT_REDIRECT_URL = "account_login"
ACCOUNT_LOGIN_METHODS = {"email"}
ACCOUNT_SIGNUP_FIELDS = ["email*", "password1*"]
ACCOUNT_USER_MODEL_USERNAME_FIELD = None
ACCOUNT_EMAIL_VERIFICATION = "none"
ACCOUNT_PREVENT_ENUMERATION = True
ACCOUNT_ADAPTER = "workforce.accounts.ClosedDoorAdapter"
ACCOUNT_PASSWORD_RESET_TOKEN_GENERATOR = "workforce.reset_links.ResetLinks"  # noqa: S105 - a class by its name
ACCOUNT_SESSION_REMEMBER = True
# A stranger's address gets no mail from us, and the page says the same either way.
ACCOUNT_EMAIL_UNKNOWN_ACCOUNTS = False
ACCOUNT_EMAIL_SUBJECT_PREFIX = "Sightline: "
ACCOUNT_FORMS = {
    "change_password": "workforce.account_forms.ChangePasswordForm",
    "set_password": "workforce.account_forms.SetPasswordForm",
    "reset_password": "workforce.account_forms.ResetPasswordForm",
    "reset_password_from_key": "workforce.account_forms.ResetPasswordKeyForm",
    "reauthenticate": "workforce.account_forms.ReauthenticateForm",
}
MFA_FORMS = {
    "authenticate": "workforce.account_forms.FactorForm",
    "reauthenticate": "workforce.account_forms.FactorAgainForm",
    "activate_totp": "workforce.account_forms.ActivateAppForm",
}
MFA_TOTP_ISSUER = "Sightline"
ACCOUNT_EMAIL_NOTIFICATIONS = True
# Tries are counted by address: whose that is behind proxies, PROXIES below says.
ACCOUNT_RATE_LIMITS = {"login": "30/m/ip", "login_failed": "20/m/ip,5/5m/key", "reset_password": "10/m/ip,3/5m/key"}

# Signing on through an OpenID provider; docs/sign-on.md says how to connect the usual ones.
PASSWORDS = yes("PASSWORDS", "1")
OIDC_CLIENT_ID = os.environ.get("OIDC_CLIENT_ID", "")
OIDC_CLIENT_SECRET = os.environ.get("OIDC_CLIENT_SECRET", "")
OIDC_ISSUER = sign_on.checked(
    os.environ.get("OIDC_ISSUER", ""), client_id=OIDC_CLIENT_ID, client_secret=OIDC_CLIENT_SECRET, passwords=PASSWORDS
)
OIDC_NAME = os.environ.get("OIDC_NAME", "") or "my organisation"
# The claim in which the provider says that an address is its owner's.
OIDC_VERIFIED_CLAIM = os.environ.get("OIDC_VERIFIED_CLAIM", "") or "email_verified"
SOCIALACCOUNT_ADAPTER = "workforce.sign_on.SignOnAdapter"
# Browsers hold every stop on the way to the provider against the policy of the page with the button.
FORM_ACTIONS = [
    sign_on.origin(address)
    for address in [OIDC_ISSUER, *os.environ.get("OIDC_ORIGINS", "").split(",")]
    if OIDC_ISSUER and address
]
# Whether administrators and people admins must have a second factor.
SECOND_FACTOR = yes("SECOND_FACTOR")

# --- pages -----------------------------------------------------------------------------------

LANGUAGE_CODE = "en-gb"
TIME_ZONE = "UTC"
USE_I18N = False
USE_TZ = True
STATIC_URL = "static/"
STATIC_ROOT = BASE_DIR / "staticfiles"
STATICFILES_DIRS = [BASE_DIR / "static"]
STORAGES = {
    "default": {
        "BACKEND": os.environ.get("FILES_BACKEND") or "django.core.files.storage.FileSystemStorage",
        "OPTIONS": json.loads(os.environ.get("FILES_OPTIONS") or "{}"),
    },
    "staticfiles": {
        "BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"
        if IS_TRIAL
        else "whitenoise.storage.CompressedManifestStaticFilesStorage"
    },
}
# The stylesheet's words for what a message says.
MESSAGE_TAGS = {10: "", 20: "", 25: "ok", 30: "warn", 40: "block"}
CSRF_FAILURE_VIEW = "base.views.csrf_refused"
# Tries at the door are counted here, so that several web machines count together.
CACHES = {
    "default": {"BACKEND": "django.core.cache.backends.redis.RedisCache", "LOCATION": REDIS_URL}
    if REDIS_URL
    else {"BACKEND": "django.core.cache.backends.locmem.LocMemCache"}
}
# A trial serves static/ as it is now; elsewhere `manage.py collectstatic` gathers and fingerprints it.
WHITENOISE_USE_FINDERS = WHITENOISE_AUTOREFRESH = IS_TRIAL
WHITENOISE_MAX_AGE = 0 if IS_TRIAL else 3600
# What people upload lies outside of everything that is served; pages hand it out through the door of its resource.
MEDIA_ROOT = os.environ.get("FILES_FOLDER") or OWN_FOLDER / "files"
FILE_UPLOAD_PERMISSIONS, FILE_UPLOAD_DIRECTORY_PERMISSIONS = 0o600, 0o700
FILE_MOST_MB = int(os.environ.get("FILE_MOST_MB", "50"))
# Endings, such as pdf,png: what may be uploaded. Unset: every kind of performance_support/filetypes.py.
FILE_KINDS = [k.strip().lower() for k in os.environ.get("FILE_KINDS", "").split(",") if k.strip()]
FILE_UPLOAD_HANDLERS = [
    "base.uploads.StopsAtTheLimit",
    "django.core.files.uploadhandler.MemoryFileUploadHandler",
    "django.core.files.uploadhandler.TemporaryFileUploadHandler",
]
SECURE_CONTENT_TYPE_NOSNIFF = True
X_FRAME_OPTIONS = "DENY"
# Who may show a step's support in a frame, such as https://crm.example.com; nobody else may frame anything.
EMBED_ORIGINS = [o.strip().rstrip("/") for o in os.environ.get("EMBED_ORIGINS", "").split(",") if o.strip()]
SESSION_COOKIE_HTTPONLY = True
SESSION_COOKIE_SAMESITE = "Lax"
# HTTPS=0 is for trying the production shape on one machine; cookies then travel in the clear.
SESSION_COOKIE_SECURE = CSRF_COOKIE_SECURE = yes("HTTPS", "" if IS_TRIAL else "1")
# How many proxies of our own stand in front. They, and nobody else, may say who asks and whether it came by HTTPS.
# Tries at the door are counted by address: in X-Forwarded-For, as many places from the right.
ALLAUTH_TRUSTED_PROXY_COUNT = int(os.environ.get("PROXIES", "0"))
if ALLAUTH_TRUSTED_PROXY_COUNT:
    SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https")
    SECURE_HSTS_SECONDS = 30 * 24 * 3600

# --- mail ------------------------------------------------------------------------------------

EMAIL_BACKEND = (
    "django.core.mail.backends.smtp.EmailBackend"
    if os.environ.get("EMAIL_HOST")
    else "django.core.mail.backends.filebased.EmailBackend"
)
# Where people reach the pages: what links in a mail begin with, whatever a request says of its host.
SITE_URL = site.address(os.environ.get("SITE_URL", ""), hosts=ALLOWED_HOSTS, is_secure=SESSION_COOKIE_SECURE)
EMAIL_FILE_PATH = OWN_FOLDER / "mail"
if IS_TRIAL:
    trial.private(EMAIL_FILE_PATH)
EMAIL_HOST = os.environ.get("EMAIL_HOST", "")
EMAIL_PORT = int(os.environ.get("EMAIL_PORT", "587"))
EMAIL_USE_TLS = EMAIL_PORT == 587
EMAIL_USE_SSL = EMAIL_PORT == 465
EMAIL_HOST_USER = os.environ.get("EMAIL_HOST_USER", "")
EMAIL_HOST_PASSWORD = os.environ.get("EMAIL_HOST_PASSWORD", "")
DEFAULT_FROM_EMAIL = os.environ.get("DEFAULT_FROM_EMAIL", "sightline@localhost")

# --- programs --------------------------------------------------------------------------------

# Where programs call, who have no session.
PROGRAMS = ("/api/", "/scim/")
REST_FRAMEWORK = {
    "DEFAULT_AUTHENTICATION_CLASSES": ["workforce.keys.KeyAuthentication"],
    "DEFAULT_PERMISSION_CLASSES": ["rest_framework.permissions.IsAuthenticated"],
    "DEFAULT_PAGINATION_CLASS": "base.paging.CursorPages",
    "DEFAULT_RENDERER_CLASSES": ["rest_framework.renderers.JSONRenderer"],
    "DEFAULT_PARSER_CLASSES": ["base.parsers.SoundJson"],
    "DEFAULT_FILTER_BACKENDS": ["django_filters.rest_framework.DjangoFilterBackend"],
    "DEFAULT_SCHEMA_CLASS": "drf_spectacular.openapi.AutoSchema",
    "EXCEPTION_HANDLER": "drf_standardized_errors.handler.exception_handler",
    "TEST_REQUEST_DEFAULT_FORMAT": "json",
}
DRF_STANDARDIZED_ERRORS = {"EXCEPTION_HANDLER_CLASS": "base.api.Explainer"}
SPECTACULAR_SETTINGS = {
    "TITLE": "Sightline",
    "DESCRIPTION": "Every skill in sight of the outcome it serves.",
    "VERSION": "1.0.0",
    "SERVE_INCLUDE_SCHEMA": False,
    "SWAGGER_UI_DIST": "SIDECAR",
    "SWAGGER_UI_FAVICON_HREF": "SIDECAR",
    "REDOC_DIST": "SIDECAR",
    # What would be called by the same field of two nouns otherwise.
    "ENUM_NAME_OVERRIDES": {
        "EvidenceType": "gaps.models.evidence.Type",
        "GapKind": "gaps.arithmetic.KINDS",
        "GapLabel": "gaps.arithmetic.LABELS",
        "ResourceKind": "performance_support.models.Resource.Kind",
    },
}

# Webhooks go to https on the open internet. On a developer's machine a receiver may stand beside us, on http as well.
CALLS_LOOPBACK = IS_TRIAL or DEBUG

LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
    "handlers": {"console": {"class": "logging.StreamHandler"}},
    "root": {"handlers": ["console"], "level": os.environ.get("LOG_LEVEL", "WARNING")},
}
