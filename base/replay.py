"""Idempotency-Key: whoever is not sure that a request arrived sends it again, and it happens once.

Same key and same body: the first answer. Same key, other body: 422. The first one is still running: 409.
"""

import datetime as dt
import hashlib
import json
from collections.abc import Callable

from django.db import connection, transaction
from django.utils import timezone
from rest_framework.exceptions import APIException, ValidationError
from rest_framework.renderers import JSONRenderer
from rest_framework.request import Request
from rest_framework.response import Response

from base.api import Refused
from base.models import Answer

# Long enough for any retry; afterwards the same key is a new request.
REMEMBERED = dt.timedelta(days=7)


class OtherBody(APIException):
    status_code = 422
    default_detail = "This Idempotency-Key came with another body before. Use a new key for a new request."
    default_code = "key_used_otherwise"


def once(request: Request, body: bytes, act: Callable[[], Response]) -> Response:
    """Do `act` unless this key was answered before; then give that answer. Without a key, just do it."""
    key = request.headers.get("Idempotency-Key", "")
    if not key:
        return act()
    if len(key) > 255 or not key.isprintable():
        raise ValidationError({"Idempotency-Key": "Up to 255 printable characters."}, code="bad_key")
    name = {"by": request.user.pk, "place": request.path[:200], "key": key}
    digest = hashlib.blake2b(body, digest_size=32).hexdigest()
    with transaction.atomic():
        if not is_first_in_line(f"{name['by']} {name['place']} {key}"):
            raise Refused(
                "The first request with this Idempotency-Key is still running. Wait, then ask again.", "still_running"
            )
        if known := Answer.objects.filter(**name).first():
            if known.digest != digest:
                raise OtherBody
            return Response(json.loads(known.body), status=known.status, headers={"Idempotent-Replayed": "true"})
        answer = act()
        told = JSONRenderer().render(answer.data).decode()
        Answer.objects.create(**name, digest=digest, status=answer.status_code, body=told)
    return answer


def is_first_in_line(name: str) -> bool:
    """Try for the key's lock, held until commit; never wait for it."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_try_advisory_xact_lock(hashtextextended(%s, 0))", [name])
        return bool(cursor.fetchone()[0])


def forget_old() -> int:
    """Returns how many were forgotten."""
    count, _ = Answer.objects.filter(answered_at__lt=timezone.now() - REMEMBERED).delete()
    return count
