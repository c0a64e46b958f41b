"""What every endpoint shares: pages, refusals, and the shape of both."""

from drf_standardized_errors.handler import ExceptionHandler
from rest_framework.exceptions import APIException
from rest_framework.pagination import CursorPagination

from base.errors import RuleBroken


class CursorPages(CursorPagination):
    """`{next, previous, results}` by position, never by offset: page 1,000 costs what page 1 does."""

    ordering = "pk"
    page_size = 100
    max_page_size = 1000
    page_size_query_param = "page_size"


class Refused(APIException):
    """409, not 400: nothing in the request is wrong, a rule of the business says no."""

    status_code = 409


class Explainer(ExceptionHandler):
    """Turns a refusal of the business into `{type, errors: [{code, detail, attr}]}`."""

    def convert_known_exceptions(self, exc: Exception) -> Exception:
        if isinstance(exc, RuleBroken):
            return Refused(detail=exc.message, code=exc.code)
        converted: Exception = super().convert_known_exceptions(exc)
        return converted
