"""A filter of RFC 7644, section 3.4.2.2, as a condition of SQL. Nothing is evaluated row by row in Python."""

import datetime as dt
from collections.abc import Mapping
from typing import Any
from uuid import UUID

from scim2_models import InvalidFilterException
from scim2_models.path import (
    AttrPath,
    CompareOperator,
    Comparison,
    FilterNode,
    FilterVisitor,
    LogicalExpr,
    LogicalOperator,
    Not,
    Present,
    ValuePath,
)

from workforce.queries.scim.columns import DEFAULT_PART, WHOLES, Attribute, Column, Fixed, Many

ORDERING = {"gt": ">", "ge": ">=", "lt": "<", "le": "<="}
LIKE = {"co": "%{}%", "sw": "{}%", "ew": "%{}"}


class Condition(FilterVisitor[str]):
    """The SQL of a filter, with its values in `params`. NULL counts as false, so every negation is IS NOT TRUE."""

    def __init__(self, attributes: Mapping[str, Attribute]) -> None:
        self.attributes = attributes
        self.params: list[Any] = []

    def visit_logical_expr(self, node: LogicalExpr) -> str:
        joiner = " AND " if node.op == LogicalOperator.and_ else " OR "
        return f"({joiner.join(self.visit(term) for term in node.terms)})"

    def visit_not(self, node: Not) -> str:
        return f"({self.visit(node.expr)}) IS NOT TRUE"

    def visit_value_path(self, node: ValuePath) -> str:
        many = self.attributes.get(node.attr_path.attr.lower())
        if not isinstance(many, Many):
            return "false"
        return many.some.format(inner=self.within(many).visit(node.val_filter))

    def within(self, many: Many) -> "Condition":
        """For the parts of one value; its values join ours, in the order in which they are written."""
        inner = Condition(many.columns)
        inner.params = self.params
        return inner

    def visit_present(self, node: Present) -> str:
        name = name_of(node.attr_path)
        if parts := WHOLES.get(name):
            return f"({' OR '.join(is_there(self.attributes.get(part)) for part in parts)})"
        attribute, part = self.found(name)
        if isinstance(attribute, Many):
            return attribute.some.format(inner=is_there(attribute.columns.get(part)) if part else "true")
        return is_there(attribute)

    def visit_comparison(self, node: Comparison) -> str:
        attribute, part = self.found(name_of(node.attr_path))
        if not isinstance(attribute, Many):
            return self.compared(attribute, node.op, node.value)
        inner = attribute.columns.get(part or DEFAULT_PART[node.attr_path.attr.lower()])
        # “Not equal” of several values: none of them is equal.
        if node.op == CompareOperator.ne:
            return f"({attribute.some.format(inner=self.compared(inner, CompareOperator.eq, node.value))}) IS NOT TRUE"
        return attribute.some.format(inner=self.compared(inner, node.op, node.value))

    def found(self, name: str) -> tuple[Attribute | None, str]:
        """The attribute and the part of it that is named; None where this type has no such attribute."""
        if name in self.attributes:
            return self.attributes[name], ""
        head, _, part = name.partition(".")
        many = self.attributes.get(head)
        return (many, part) if isinstance(many, Many) else (None, "")

    def compared(self, attribute: Attribute | None, op: CompareOperator, value: Any) -> str:
        if op == CompareOperator.ne:
            return f"({self.compared(attribute, CompareOperator.eq, value)}) IS NOT TRUE"
        if value is None or value == "":
            return f"({is_there(attribute)}) IS NOT TRUE" if op == CompareOperator.eq else "false"
        if isinstance(attribute, Fixed):
            return "true" if any(holds(one, op, value) for one in attribute.values) else "false"
        if not isinstance(attribute, Column):
            return "false"
        return getattr(self, f"compared_as_{attribute.kind}")(attribute, op, value)  # type: ignore[no-any-return]

    def compared_as_text(self, column: Column, op: CompareOperator, value: Any) -> str:
        self.params.append(pattern_of(op, value))
        if op == CompareOperator.eq:
            return f"{column.equals or f'lower({column.sql})'} = lower(%s)"
        # In this order the index on userName stands, which then serves the beginning of a name too.
        folded = f'lower({column.sql}) COLLATE "C"'
        return f"{folded} LIKE lower(%s)" if op in LIKE else f"{folded} {ORDERING[op]} lower(%s)"

    def compared_as_exact(self, column: Column, op: CompareOperator, value: Any) -> str:
        self.params.append(pattern_of(op, value))
        if op == CompareOperator.eq:
            also = f"{column.equals} = %s AND " if column.equals else ""
            self.params.extend([self.params[-1]] if also else [])
            return f"({also}{column.sql} = %s)"
        return f'{column.sql} COLLATE "C" {"LIKE" if op in LIKE else ORDERING[op]} %s'

    def compared_as_id(self, column: Column, op: CompareOperator, value: Any) -> str:
        if op == CompareOperator.eq and (known := uuid_of(value)):
            self.params.append(known)
            return f"{column.equals} = %s"
        return self.compared_as_exact(Column(column.sql), op, value)

    def compared_as_ref(self, column: Column, op: CompareOperator, value: Any) -> str:
        """An address ends in the id; how it begins is not stored."""
        if op != CompareOperator.eq:
            raise InvalidFilterException(detail="An address can only be equal or not; compare the id instead.")
        return self.compared_as_id(column, op, text_of(value).rstrip("/").rpartition("/")[2])

    def compared_as_bool(self, column: Column, op: CompareOperator, value: Any) -> str:
        if op != CompareOperator.eq:
            raise InvalidFilterException(detail="What is true or false can only be equal or not.")
        return column.sql if truth_of(value) else f"NOT {column.sql}"

    def compared_as_moment(self, column: Column, op: CompareOperator, value: Any) -> str:
        if op in LIKE:
            raise InvalidFilterException(detail="A moment can be equal, before or after; it has no parts.")
        self.params.append(moment_of(value))
        return f"{column.sql} {ORDERING.get(op, '=')} %s"


def name_of(path: AttrPath) -> str:
    return f"{path.attr}.{path.sub_attr}".lower() if path.sub_attr else path.attr.lower()


def is_there(attribute: Attribute | None) -> str:
    if isinstance(attribute, Many):
        return attribute.some.format(inner="true")
    if isinstance(attribute, Fixed):
        return "true"
    if attribute is None:
        return "false"
    if attribute.is_always or attribute.kind == "bool":
        return "true"
    return f"{attribute.sql} <> ''"


def holds(fixed: str, op: CompareOperator, value: Any) -> bool:
    """What every resource says alike is compared once, not per row."""
    mine, theirs = fixed.lower(), text_of(value).lower()
    return {
        "eq": mine == theirs,
        "co": theirs in mine,
        "sw": mine.startswith(theirs),
        "ew": mine.endswith(theirs),
        "gt": mine > theirs,
        "ge": mine >= theirs,
        "lt": mine < theirs,
        "le": mine <= theirs,
    }[op]


def pattern_of(op: CompareOperator, value: Any) -> str:
    text = text_of(value)
    if op not in LIKE:
        return text
    return LIKE[op].format(text.replace("\\", "\\\\").replace("%", "\\%").replace("_", "\\_"))


def text_of(value: Any) -> str:
    if isinstance(value, bool) or not isinstance(value, str | int | float):
        raise InvalidFilterException(detail=f"{value!r} is no text.")
    text = str(value)
    if "\x00" in text or any("\ud800" <= character <= "\udfff" for character in text):
        raise InvalidFilterException(detail="There are characters in it that no text here can hold.")
    return text


def uuid_of(value: Any) -> UUID | None:
    try:
        return UUID(text_of(value))
    except ValueError:
        return None


def truth_of(value: Any) -> bool:
    """Microsoft Entra ID writes "True"."""
    words = {"true": True, "false": False}
    if isinstance(value, bool):
        return value
    if isinstance(value, str) and value.lower() in words:
        return words[value.lower()]
    raise InvalidFilterException(detail="Compare it with true or false.")


def moment_of(value: Any) -> dt.datetime:
    try:
        found = value if isinstance(value, dt.datetime) else dt.datetime.fromisoformat(text_of(value))
        return found.astimezone(dt.UTC) if found.tzinfo else found.replace(tzinfo=dt.UTC)
    except (ValueError, OverflowError):
        raise InvalidFilterException(detail="Write a moment as 2026-11-23T08:00:00Z.") from None


def condition_of(node: FilterNode, attributes: Mapping[str, Attribute]) -> tuple[str, list[Any]]:
    """(SQL, its values). Raises InvalidFilterException."""
    condition = Condition(attributes)
    return condition.visit(node), condition.params
