"""Constraints that several rooms need, each with a sentence for a name."""

from django.db import models
from django.db.models import Q


def both_or_neither(first: str, second: str) -> models.CheckConstraint:
    """Two columns that only make sense together, such as who and when."""
    return models.CheckConstraint(
        condition=Q(**{f"{first}__isnull": True, f"{second}__isnull": True})
        | Q(**{f"{first}__isnull": False, f"{second}__isnull": False}),
        name=f"%(class)s_{first}_goes_with_{second}",
        violation_error_message=f"Set both {first} and {second}, or neither.",
    )


def is_between(field: str, low: int, high: int) -> models.CheckConstraint:
    """A scale with its ends; an empty column passes, as SQL has it."""
    return models.CheckConstraint(
        condition=Q(**{f"{field}__range": (low, high)}),
        name=f"%(class)s_{field}_is_{low}_to_{high}",
        violation_error_message=f"Choose a {field.replace('_', ' ')} from {low} to {high}.",
    )


def says_something(field: str) -> models.CheckConstraint:
    """Text that holds more than white space."""
    return models.CheckConstraint(
        condition=Q(**{f"{field}__regex": r"\S"}),
        name=f"%(class)s_{field}_says_something",
        violation_error_message=f"Give a {field.replace('_', ' ')}.",
    )
