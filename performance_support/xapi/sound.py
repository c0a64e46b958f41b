"""Is a statement one that any LRS takes? Judged by the letters of xAPI 1.0.3, for the parts that we speak. No database.

Each check yields sentences, none where all is well; tests hold them against ADL's own good and bad templates.
"""

import re
from collections.abc import Collection, Iterator, Mapping
from datetime import datetime
from typing import Any
from uuid import UUID

Faults = Iterator[str]
IRI = re.compile(r"[A-Za-z][A-Za-z0-9+.-]*:[^\s<>\"{}|\\^`]+")
# RFC 5646, without its list of old names.
LANGUAGE = re.compile(
    r"(?:[A-Za-z]{2,3}(?:-[A-Za-z]{3}){0,3}|[A-Za-z]{4,8})(?:-[A-Za-z]{4})?(?:-(?:[A-Za-z]{2}|\d{3}))?"
    r"(?:-(?:[A-Za-z0-9]{5,8}|\d[A-Za-z0-9]{3}))*(?:-[A-WYZa-wyz0-9](?:-[A-Za-z0-9]{2,8})+)*(?:-x(?:-[A-Za-z0-9]{1,8})+)?"
)
INTERACTIONS = {
    "true-false": set(),
    "choice": {"choices"},
    "fill-in": set(),
    "long-fill-in": set(),
    "matching": {"source", "target"},
    "performance": {"steps"},
    "sequencing": {"choices"},
    "likert": {"scale"},
    "numeric": set(),
    "other": set(),
}
COMPONENTS = {"choices", "scale", "source", "target", "steps"}
RELATIONS = {"parent", "grouping", "category", "other"}


def faults(statement: Any) -> list[str]:
    """Whatever is wrong with one of ours; ours say who they are and when it was, so that a retry doubles nothing."""
    known = ["id", "actor", "verb", "object", "timestamp"]
    found = [*shape(statement, "statement", known=[*known, "result", "context"], needed=known)]
    if found:
        return found
    found += [] if is_uuid(statement["id"]) else ["statement.id is no UUID"]
    found += [] if is_moment(statement["timestamp"]) else ["statement.timestamp is no moment with its time zone"]
    found += [*agent(statement["actor"]), *verb(statement["verb"]), *activity(statement["object"], "object")]
    found += result(statement["result"]) if "result" in statement else ()
    found += context(statement["context"]) if "context" in statement else ()
    return found


def shape(value: Any, where: str, *, known: Collection[str], needed: Collection[str] = ()) -> Faults:
    """An object with these properties and no others, none of them empty."""
    if not isinstance(value, Mapping):
        yield f"{where} is no object"
        return
    for name in value:
        if name not in known:
            yield f"{where}.{name} is not known"
        elif value[name] is None:
            yield f"{where}.{name} is null"
    for name in needed:
        if name not in value:
            yield f"{where}.{name} is missing"


def agent(value: Any) -> Faults:
    """An account and nothing else: nobody is told of by a mail address."""
    yield from shape(value, "actor", known=["objectType", "name", "account"], needed=["account"])
    if not isinstance(value, Mapping) or "account" not in value:
        return
    if value.get("objectType", "Agent") != "Agent":
        yield "actor.objectType is not Agent"
    yield from text(value, "name", "actor")
    account = value["account"]
    yield from shape(account, "actor.account", known=["homePage", "name"], needed=["homePage", "name"])
    if isinstance(account, Mapping):
        yield from iri(account, "homePage", "actor.account")
        yield from text(account, "name", "actor.account")


def verb(value: Any) -> Faults:
    yield from shape(value, "verb", known=["id", "display"], needed=["id"])
    if isinstance(value, Mapping):
        yield from iri(value, "id", "verb")
        yield from languages(value, "display", "verb")


def activity(value: Any, where: str) -> Faults:
    yield from shape(value, where, known=["objectType", "id", "definition"], needed=["id"])
    if not isinstance(value, Mapping):
        return
    if value.get("objectType", "Activity") != "Activity":
        yield f"{where}.objectType is not Activity"
    yield from iri(value, "id", where)
    if "definition" in value:
        yield from definition(value["definition"], f"{where}.definition")


def definition(value: Any, where: str) -> Faults:
    simple = ["name", "description", "type", "moreInfo", "extensions", "interactionType", "correctResponsesPattern"]
    yield from shape(value, where, known=[*simple, *COMPONENTS])
    if not isinstance(value, Mapping):
        return
    for name in ("name", "description"):
        yield from languages(value, name, where)
    for name in ("type", "moreInfo"):
        yield from iri(value, name, where)
    yield from extensions(value, where)
    yield from interaction(value, where)


def interaction(value: Mapping[str, Any], where: str) -> Faults:
    """A question: its kind, the right answers where there are any, and what can be chosen."""
    kind = value.get("interactionType", "other")
    if not isinstance(kind, str) or kind not in INTERACTIONS:
        yield f"{where}.interactionType is not known"
        return
    right = value.get("correctResponsesPattern", [])
    if not isinstance(right, list) or not all(isinstance(each, str) for each in right):
        yield f"{where}.correctResponsesPattern is no list of texts"
    for name in COMPONENTS & set(value):
        if name not in INTERACTIONS[kind]:
            yield f"{where}.{name} does not belong to {kind}"
        parts = value[name] if isinstance(value[name], list) else [None]
        for part in parts:
            yield from shape(part, f"{where}.{name}", known=["id", "description"], needed=["id"])
            if isinstance(part, Mapping):
                yield from text(part, "id", f"{where}.{name}")
                yield from languages(part, "description", f"{where}.{name}")


def result(value: Any) -> Faults:
    names = ["score", "success", "completion", "response", "duration", "extensions"]
    yield from shape(value, "result", known=names)
    if not isinstance(value, Mapping):
        return
    yield from text(value, "response", "result")
    yield from extensions(value, "result")
    for name in ("success", "completion"):
        if name in value and not isinstance(value[name], bool):
            yield f"result.{name} is neither true nor false"


def context(value: Any) -> Faults:
    texts = ["platform", "revision"]
    names = [*texts, "registration", "language", "statement", "contextActivities", "extensions"]
    yield from shape(value, "context", known=names)
    if not isinstance(value, Mapping):
        return
    for name in texts:
        yield from text(value, name, "context")
    if "language" in value and not is_language(value["language"]):
        yield "context.language is no language"
    yield from extensions(value, "context")
    related = value.get("contextActivities", {})
    yield from shape(related, "contextActivities", known=RELATIONS)
    for name, activities in related.items() if isinstance(related, Mapping) else ():
        for each in activities if isinstance(activities, list) else [activities]:
            yield from activity(each, f"contextActivities.{name}")


# --- small things -----------------------------------------------------------------------------


def text(value: Mapping[str, Any], name: str, where: str) -> Faults:
    if name in value and not (isinstance(value[name], str) and value[name].strip()):
        yield f"{where}.{name} says nothing"


def iri(value: Mapping[str, Any], name: str, where: str) -> Faults:
    if name in value and not (isinstance(value[name], str) and IRI.fullmatch(value[name])):
        yield f"{where}.{name} is no address"


def languages(value: Mapping[str, Any], name: str, where: str) -> Faults:
    """The same in one language or several: {"en": "Check the order"}."""
    said = value.get(name, {})
    if not isinstance(said, Mapping) or not all(is_language(tag) and isinstance(said[tag], str) for tag in said):
        yield f"{where}.{name} is no text by language"


def extensions(value: Mapping[str, Any], where: str) -> Faults:
    more = value.get("extensions", {})
    if not isinstance(more, Mapping) or not all(isinstance(key, str) and IRI.fullmatch(key) for key in more):
        yield f"{where}.extensions are not named by addresses"


def is_language(tag: Any) -> bool:
    return isinstance(tag, str) and bool(LANGUAGE.fullmatch(tag))


def is_uuid(value: Any) -> bool:
    try:
        return str(UUID(value)) == str(value).lower()
    except (ValueError, TypeError, AttributeError):
        return False


def is_moment(value: Any) -> bool:
    try:
        return datetime.fromisoformat(value).tzinfo is not None
    except (ValueError, TypeError):
        return False
