"""How long answers are cut into pages."""

from rest_framework.pagination import CursorPagination


class CursorPages(CursorPagination):
    """`{next, previous, results}` by position, never by offset: page 1,000 costs what page 1 does."""

    ordering = "pk"
    page_size = 100
    max_page_size = 1000
    page_size_query_param = "page_size"
