"""Answers that belong to no room: refusals, and whether the house stands."""

from celery import current_app
from django.contrib.auth.decorators import login_not_required
from django.db import DatabaseError, connection
from django.db.migrations.loader import MigrationLoader
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import render
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe
from kombu.exceptions import OperationalError


def bad_request(request: HttpRequest, exception: Exception) -> HttpResponse:
    return render(request, "400.html", status=400)


def csrf_refused(request: HttpRequest, reason: str = "") -> HttpResponse:
    return render(request, "403_csrf.html", {"no_cookie": "cookie" in reason.lower()}, status=403)


def too_many_tries(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:
    return render(request, "429.html", status=429)


@require_safe
@never_cache
@login_not_required
def health(request: HttpRequest) -> JsonResponse:
    """Whether each part answers: 200 when all do, 503 when one does not. Open, so it says no more than that."""
    parts = {"database": database_answers(), "migrations": migrations_are_applied(), "queue": queue_answers()}
    return JsonResponse(
        {"ok": all(parts.values()), **parts},
        status=200 if all(parts.values()) else 503,
    )


def database_answers() -> bool:
    try:
        with connection.cursor() as cursor:
            cursor.execute("SELECT 1")
    except DatabaseError:
        return False
    return True


def migrations_are_applied() -> bool:
    try:
        loader = MigrationLoader(connection)
    except DatabaseError:
        return False
    return set(loader.disk_migrations) <= set(loader.applied_migrations)


def queue_answers() -> bool:
    # Two seconds: whoever asks wants to know about now, not about after the retries.
    try:
        with current_app.connection_for_write(transport_options={"socket_connect_timeout": 2}) as queue:
            queue.ensure_connection(max_retries=1, timeout=2)
    except OperationalError:
        return False
    return True
