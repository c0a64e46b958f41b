"""Addresses of pages that another room may or may not offer."""

from uuid import UUID

from django.urls import NoReverseMatch, reverse


def address_of(name: str, pk: UUID) -> str:
    """Empty where no page has this name, as `{% url … as x %}` has it."""
    try:
        return reverse(name, args=[pk])
    except NoReverseMatch:
        return ""
