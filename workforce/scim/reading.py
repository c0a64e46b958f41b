"""What clients send, as the protocol would have it: the habits of Microsoft Entra ID and Okta end here."""

import json
import re
from typing import Any, NoReturn

from pydantic import ValidationError
from scim2_models import Context, InvalidSyntaxException, InvalidValueException, PatchOp, SCIMException
from scim2_models import Error as ScimError

from workforce.scim import users
from workforce.scim.resources import ENTERPRISE_URN, TOLERANT, USER_URN, Group, Person, required_of

DEEPEST = 12
MOST_OPERATIONS = 1000
LONGEST_PATH = 1000
PATCH_URN = "urn:ietf:params:scim:api:messages:2.0:PatchOp"
# We keep one address, which is the primary one.
PRIMARY = re.compile(r"\[\s*primary\s+eq\s+\"?true\"?\s*\]", re.IGNORECASE)
ASSIGNED_HERE = {"id", "meta", "groups"}
# Parts that are made here: whoever sends them is not refused for it.
MADE_HERE = re.compile(r"(emails(\[[^\]]*\])?\.primary|name\.formatted)", re.IGNORECASE)
MADE_PARTS = {"name": "formatted", "emails": "primary"}
REQUIRED = {model: required_of(model) for model in (Person, Group)}
CORE, EXTENSION = f"{USER_URN}:".lower(), ENTERPRISE_URN.lower()
MANAGER = {"manager", f"{EXTENSION}:manager"}
NESTED = (dict, list)


def refuse_constant(name: str) -> NoReturn:
    raise ValueError(f"{name} is no JSON.")


# Made once: `json.loads` makes another one for every text that it reads with options.
JSON = json.JSONDecoder(parse_constant=refuse_constant)


def parsed(body: bytes) -> dict[str, Any]:
    """An object of JSON, not too deep. Raises InvalidSyntaxException."""
    try:
        found = JSON.decode(body.decode("utf-8-sig"))
    except (ValueError, RecursionError):
        raise InvalidSyntaxException(detail="This is no JSON that we can read.") from None
    if not isinstance(found, dict):
        raise InvalidSyntaxException(detail="Send a JSON object.")
    if is_too_deep(found):
        raise InvalidSyntaxException(detail=f"This is nested more than {DEEPEST} levels deep.")
    return found


def is_too_deep(found: Any) -> bool:
    level = [found]
    for _ in range(DEEPEST):
        level = [
            inner
            for outer in level
            for inner in (outer.values() if isinstance(outer, dict) else outer)
            if isinstance(inner, NESTED)
        ]
        if not level:
            return False
    return True


def with_schema(payload: dict[str, Any], urn: str) -> dict[str, Any]:
    """Clients forget what the address says already."""
    return payload if any(key.lower() == "schemas" for key in payload) else {"schemas": [urn], **payload}


def user_in(payload: dict[str, Any], *, is_whole: bool = False) -> Any:
    """The User that a POST, or a PUT of the whole, carries. Raises SCIMException."""
    context = Context.RESOURCE_REPLACEMENT_REQUEST if is_whole else Context.RESOURCE_CREATION_REQUEST
    return checked(Person, with_schema(cleaned(users.named(payload)), USER_URN), context)


def group_in(payload: dict[str, Any], urn: str, *, is_whole: bool = False) -> Any:
    context = Context.RESOURCE_REPLACEMENT_REQUEST if is_whole else Context.RESOURCE_CREATION_REQUEST
    return checked(Group, with_schema(without(payload, ASSIGNED_HERE), urn), context)


def checked(model: Any, payload: dict[str, Any], context: Context) -> Any:
    """The payload as the model has it. Raises SCIMException.

    What the context of a request adds for our resources is that nothing required is missing. The library asks that of
    each field in turn, which takes three times as long as all the rest; so it is asked only where something is.
    """
    try:
        if model in REQUIRED:
            found = model.model_validate(payload, scim_policy=TOLERANT)
            if all(getattr(found, name) not in (None, []) for name in REQUIRED[model]):
                return found
        return model.model_validate(payload, scim_ctx=context, scim_policy=TOLERANT)
    except ValidationError as invalid:
        raise refusal_of(invalid) from None


def refusal_of(invalid: ValidationError) -> SCIMException:
    return SCIMException.from_error(ScimError.from_validation_errors(invalid)[0])


def without(payload: dict[str, Any], names: set[str]) -> dict[str, Any]:
    return {key: value for key, value in payload.items() if key.lower() not in names}


def cleaned(payload: dict[str, Any]) -> dict[str, Any]:
    """Without what we assign or make."""
    return {key: part_in(name, value) for key, value in payload.items() if (name := key.lower()) not in ASSIGNED_HERE}


def part_in(path: str, value: Any) -> Any:
    """One attribute, by its path in lower case: a manager is an object, and what is made here is left out."""
    if path in MANAGER:
        return manager_in(value)
    if not isinstance(value, NESTED):
        return value
    if path == EXTENSION and isinstance(value, dict):
        return {inner: part_in(inner.lower(), part) for inner, part in value.items()}
    return without_made(path, value)


def bare(path: str) -> str:
    """Without the schema of the core, in lower case."""
    return path.lower().removeprefix(CORE)


def is_made_here(path: str) -> bool:
    return bool(MADE_HERE.fullmatch(bare(path)))


def without_made(path: str, value: Any) -> Any:
    """The value of an attribute without the part of it that is made here."""
    part = MADE_PARTS.get(bare(path).partition("[")[0])
    if part and isinstance(value, list):
        return [without_made(path, one) for one in value]
    return without(value, {part}) if part and isinstance(value, dict) else value


def is_manager(path: str) -> bool:
    return path.lower() in MANAGER


def manager_in(value: Any) -> Any:
    """Entra sends the bare id, and an empty text where there is no manager any more."""
    if isinstance(value, list):
        value = value[0] if value else None
    if isinstance(value, str):
        return {"value": value} if value.strip() else None
    if isinstance(value, dict):
        value = {key: part for key, part in value.items() if key.lower() != "displayname"}
        return value if any(value.values()) else None
    return value


def operations_in(payload: dict[str, Any]) -> list[dict[str, Any]]:
    """The operations of a PATCH with their names in lower case. Raises InvalidSyntaxException."""
    given = next((value for key, value in payload.items() if key.lower() == "operations"), None)
    if not isinstance(given, list) or not all(isinstance(one, dict) for one in given):
        raise InvalidSyntaxException(detail="Send what to change as a list of objects under “Operations”.")
    if len(given) > MOST_OPERATIONS:
        raise InvalidValueException(detail=f"Send at most {MOST_OPERATIONS} operations at once.")
    return [{key.lower(): value for key, value in one.items()} for one in given]


def patch_of(operations: list[dict[str, Any]], model: Any = Person) -> Any:
    payload = {"schemas": [PATCH_URN], "Operations": operations}
    return checked(PatchOp[model], payload, Context.RESOURCE_PATCH_REQUEST)


def path_of(operation: dict[str, Any]) -> str:
    path = operation.get("path")
    if path is not None and not isinstance(path, str):
        raise InvalidSyntaxException(detail="A path is a text.")
    if path and len(path) > LONGEST_PATH:
        raise InvalidValueException(detail=f"A path has at most {LONGEST_PATH} characters.")
    return PRIMARY.sub('[type eq "work"]', path or "").strip()


def user_operation(operation: dict[str, Any]) -> dict[str, Any]:
    """One operation on a User as the protocol has it."""
    found = dict(operation)
    path, value = path_of(operation), operation.get("value")
    found.pop("path", None)
    if path:
        found["path"] = path
    is_removal = str(operation.get("op")).lower() == "remove"
    if is_manager(path) and not is_removal:
        value = manager_in(value)
        if value is None:
            return {"op": "remove", "path": path}
        found["value"] = value
    elif not path and isinstance(value, dict):
        found["value"] = {
            PRIMARY.sub('[type eq "work"]', key): part for key, part in cleaned(value).items() if not is_made_here(key)
        }
    elif path:
        found["value"] = part_in(path.lower(), value)
    if is_removal and not isinstance(value, list | dict):
        # What is removed is said by the path; some clients repeat the value that was there.
        found.pop("value", None)
    if is_removal and bare(path) == "displayname":
        # Nobody is without one: it is made of the other names again, as where a POST does not say it.
        return {"op": "replace", "path": path, "value": ""}
    return found


def is_left_alone(operation: dict[str, Any]) -> bool:
    """What is made here; and taking `active` away, which leaves it as it is, as a PUT that does not say it."""
    path = path_of(operation)
    return is_made_here(path) or (bare(path) == "active" and str(operation.get("op")).lower() == "remove")


def patched(user: Any, payload: dict[str, Any]) -> Any:
    """The User after a PATCH, which works whole or not at all. Raises SCIMException."""
    operations = [one for one in operations_in(payload) if not is_left_alone(one)]
    if not operations:
        return user
    patch = patch_of([user_operation(one) for one in operations])
    try:
        patch.patch(user, scim_policy=TOLERANT)
    except ValidationError as invalid:
        raise refusal_of(invalid) from None
    return user
