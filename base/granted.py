"""What a request takes for granted goes along with its first question to the database, in one message.

PostgreSQL answers the question only if that still holds. So nothing is done by what has changed, as if it had been
asked first, and nobody waits to hear that it has not.
"""

from collections.abc import Callable
from typing import Any, TypeVar

from django.db import DatabaseError, connection

Answer = TypeVar("Answer")
# What `base_prove(false)` raises (migration 0007).
CHANGED = "SL001"


class Disproved(BaseException):
    """No Exception, so that no view makes an answer of it: the request begins anew."""


class Granted:
    """Stands before every question of one request. `proof` is a statement that asks `base_prove`."""

    def __init__(self, *, believes: bool) -> None:
        # Whether anything may be taken for granted, or all is asked.
        self.believes = believes
        self.proof = ""
        # The connection that knows the proof.
        self.known_to: Any = None

    def take(self, proof: str) -> None:
        self.proof, self.known_to = proof, connection.connection

    def __call__(self, execute: Callable[..., Any], sql: str, params: Any, many: bool, context: Any) -> Any:
        if not self.proof:
            return execute(sql, params, many, context)
        cursor = context["cursor"].cursor
        if cursor.connection is not self.known_to:
            # It was lost meanwhile, and Django has opened another one.
            raise Disproved
        if many or cursor.name:
            self.prove()
            return execute(sql, params, many, context)
        proof, self.proof = self.proof, ""
        try:
            return execute(f"{proof}; {sql}", params, many, context)
        except DatabaseError as error:
            if getattr(error.__cause__, "pgcode", "") == CHANGED:
                raise Disproved from error
            raise

    def prove(self) -> None:
        """At once, where no question came that could take the proof along. Raises Disproved."""
        if self.proof:
            with connection.cursor() as cursor:
                cursor.execute("SELECT")


def granted() -> Granted | None:
    """What this request takes for granted. None within a transaction: who asks there sees what it changed itself."""
    if connection.in_atomic_block:
        return None
    return next((one for one in connection.execute_wrappers if isinstance(one, Granted)), None)


def answered(view: Callable[[], Answer]) -> Answer:
    """What the view returns; where something was taken for granted that has changed, once more, by asking.

    By then it has done nothing: its first question was not answered.
    """
    try:
        return proved(view, Granted(believes=True))
    except Disproved:
        return proved(view, Granted(believes=False))


def proved(view: Callable[[], Answer], request: Granted) -> Answer:
    with connection.execute_wrapper(request):
        answer = view()
        request.prove()
        return answer
