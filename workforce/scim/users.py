"""A person as a User of the protocol, and what a User asks of a person."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from workforce.queries.scim.users import UserRow
from workforce.scim.resources import ENTERPRISE_URN, USER_URN, User

MOST_OF_A_PLACE = 120
# A fact of a person, where it stands in the core of a User.
PLAIN = {"job_title": "title", "employment_type": "userType"}


@dataclass(frozen=True)
class Wanted:
    """What a client wants a person to be. `facts` are fields of a feed, but the manager goes by the protocol's id."""

    user_name: str
    external_id: str = ""
    is_active: bool = True
    facts: dict[str, str] = field(default_factory=dict)

    def beyond(self, now: "Wanted") -> dict[str, str]:
        """The facts that are to change: what a client leaves as it is must not end a correction made here."""
        return {name: value for name, value in self.facts.items() if value != now.facts.get(name)}


def told(row: UserRow, base: str) -> dict[str, Any]:
    """As the client sees it; what is empty is left out."""
    said: dict[str, Any] = {"schemas": [USER_URN, ENTERPRISE_URN], "id": str(row.id)}
    if row.external_id:
        said["externalId"] = row.external_id
    said["userName"] = row.user_name
    whole = f"{row.given_name} {row.family_name}".strip()
    if name := filled(formatted=whole, givenName=row.given_name, familyName=row.family_name):
        said["name"] = name
    said["displayName"] = row.display_name
    said |= filled(title=row.job_title, userType=row.employment_type)
    said["active"] = row.is_active
    if row.work_email:
        said["emails"] = [{"value": row.work_email, "type": "work", "primary": True}]
    if row.location:
        said["addresses"] = [{"formatted": row.location, "type": "work"}]
    if row.groups:
        said["groups"] = [{"value": pk, "$ref": f"{base}/Groups/{pk}", "display": name} for pk, name in row.groups]
    if extension := enterprise(row, base):
        said[ENTERPRISE_URN] = extension
    said["meta"] = {
        "resourceType": "User",
        "created": row.created_at.isoformat(),
        "lastModified": row.changed_at.isoformat(),
        "location": f"{base}/Users/{row.id}",
        "version": version_of(row.version),
    }
    return said


def enterprise(row: UserRow, base: str) -> dict[str, Any]:
    said: dict[str, Any] = filled(employeeNumber=row.employee_number, department=row.department)
    if manager := str(row.manager or row.manager_source_id):
        said["manager"] = {"value": manager, "$ref": f"{base}/Users/{manager}"}
        if row.manager_name:
            said["manager"]["displayName"] = row.manager_name
    return said


def filled(**values: str) -> dict[str, str]:
    return {name: value for name, value in values.items() if value}


def version_of(version: int) -> str:
    """Weak: what a manager or a group is called may change without it."""
    return f'W/"{version}"'


def as_it_is(row: UserRow) -> Wanted:
    facts = {
        "given_name": row.given_name,
        "family_name": row.family_name,
        "display_name": row.display_name,
        "work_email": row.work_email,
        "location": row.location,
        "employment_type": row.employment_type,
        "employee_number": row.employee_number,
        "job_title": row.job_title,
        "department": row.department,
        "manager_source_id": str(row.manager or row.manager_source_id),
    }
    return Wanted(row.user_name, row.external_id, row.is_active, facts)


def wanted(user: User[Any]) -> Wanted:
    """What a whole User asks for: what it does not say is to be empty."""
    name = user.name
    given, family = (name.given_name or "", name.family_name or "") if name else ("", "")
    extension = user.EnterpriseUser  # type: ignore[attr-defined]
    facts = {
        "given_name": given,
        "family_name": family,
        "display_name": user.display_name or f"{given} {family}".strip() or user.user_name or "",
        "work_email": address_of(user),
        "location": place_of(user),
        "employment_type": user.user_type or "",
        "job_title": user.title or "",
        "employee_number": (extension and extension.employee_number) or "",
        "department": (extension and extension.department) or "",
        "manager_source_id": manager_of(extension),
    }
    return Wanted((user.user_name or "").strip(), (user.external_id or "").strip(), user.active is not False, facts)


def address_of(user: User[Any]) -> str:
    """The address at work: named so, else the one without a type. A private one is none of ours."""
    mails = [mail for mail in user.emails or [] if mail.value]
    for kind in ("work", None):
        for mail in mails:
            if mail.type == kind:
                return (mail.value or "").strip()
    return ""


def place_of(user: User[Any]) -> str:
    """A place of work is a short text; of a whole postal address only the town is taken."""
    for place in user.addresses or []:
        if place.type in ("work", None):
            town = place.unknown_attributes.get("locality")
            text = " ".join((place.formatted or "").split())
            if len(text) > MOST_OF_A_PLACE or not text:
                text = town if isinstance(town, str) and town else text[:MOST_OF_A_PLACE]
            return text[:MOST_OF_A_PLACE].strip()
    return ""


def manager_of(extension: Any) -> str:
    manager = extension.manager if extension else None
    if manager is None:
        return ""
    return (manager.value or (str(manager.ref).rstrip("/").rpartition("/")[2] if manager.ref else "")).strip()


def named(payload: dict[str, Any]) -> dict[str, Any]:
    """Fill in what we need and clients may leave out: a name to show, and whether the person works here."""
    keys = {key.lower(): key for key in payload}
    if payload.get(keys.get("active", "")) is None:
        payload = {**payload, keys.get("active", "active"): True}
    shown = payload.get(keys.get("displayname", ""))
    if shown is None or (isinstance(shown, str) and not shown.strip()):
        payload = {**payload, keys.get("displayname", "displayName"): name_in(payload, keys)}
    return payload


def name_in(payload: Mapping[str, Any], keys: Mapping[str, str]) -> Any:
    name = payload.get(keys.get("name", ""))
    parts = {key.lower(): part for key, part in name.items()} if isinstance(name, dict) else {}
    whole = " ".join(str(parts[part]).strip() for part in ("givenname", "familyname") if parts.get(part))
    return whole or parts.get("formatted") or payload.get(keys.get("username", ""))
