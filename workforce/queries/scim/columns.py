"""Where each attribute of a User or a Group stands: names are those of the protocol, in lower case."""

from collections.abc import Mapping
from dataclasses import dataclass

from workforce.scim.resources import ENTERPRISE_URN, GROUP_URN, USER_URN


@dataclass(frozen=True)
class Column:
    """One value of a row. NULL and "" both mean that there is none."""

    sql: str
    # text compares without case, exact with it; moment and bool are what they are; ref ends in an id.
    kind: str = "text"
    # The same as an index has it, where `sql` is not what is indexed.
    equals: str = ""
    # Nobody is without it, so that an index may give the order.
    is_always: bool = False


@dataclass(frozen=True)
class Many:
    """Several values: `some` holds where one of them is as {inner} says."""

    some: str
    columns: Mapping[str, Column]


@dataclass(frozen=True)
class Fixed:
    """What every resource of the type says alike."""

    values: tuple[str, ...]


Attribute = Column | Many | Fixed

USER_NAME = "coalesce(person.user_name, nullif(person.work_email, ''), person.source_id)"
MANAGER = "coalesce(person.manager_id::text, person.manager_source_id)"
EXTERNAL = "nullif(person.source_id, person.id::text)"


def meta(table: str, resource_type: str) -> dict[str, Attribute]:
    return {
        "id": Column(f"{table}.id::text", "id", f"{table}.id", is_always=True),
        "meta.created": Column(f"{table}.created_at", "moment", is_always=True),
        "meta.lastmodified": Column(f"{table}.changed_at", "moment", is_always=True),
        "meta.version": Column(f"'W/\"' || {table}.version || '\"'", "exact", is_always=True),
        "meta.location": Column(f"{table}.id::text", "ref", f"{table}.id"),
        "meta.resourcetype": Fixed((resource_type,)),
    }


USER: dict[str, Attribute] = {
    **meta("person", "User"),
    "schemas": Fixed((USER_URN, ENTERPRISE_URN)),
    "externalid": Column(EXTERNAL, "exact", "person.source_id"),
    "username": Column(USER_NAME, equals=f'lower({USER_NAME}) COLLATE "C"', is_always=True),
    "displayname": Column("person.display_name", is_always=True),
    "name.formatted": Column("btrim(person.given_name || ' ' || person.family_name)"),
    "name.givenname": Column("person.given_name"),
    "name.familyname": Column("person.family_name"),
    "title": Column("job_title.name"),
    "usertype": Column("person.employment_type"),
    "active": Column("(person.status <> 'inactive')", "bool", is_always=True),
    "emails": Many(
        "(person.work_email <> '' AND {inner})",
        {"value": Column("person.work_email"), "type": Column("'work'"), "primary": Column("true", "bool")},
    ),
    "addresses": Many(
        "(person.location <> '' AND {inner})",
        {"formatted": Column("person.location"), "type": Column("'work'"), "primary": Column("true", "bool")},
    ),
    "groups": Many(
        """EXISTS (
            SELECT FROM workforce_membership membership JOIN workforce_group list ON list.id = membership.group_id
            WHERE membership.person_id = person.id AND {inner}
        )""",
        {
            "value": Column("membership.group_id::text", "id", "membership.group_id"),
            "$ref": Column("membership.group_id::text", "ref", "membership.group_id"),
            "display": Column("list.name"),
        },
    ),
    "employeenumber": Column("person.employee_number"),
    "department": Column("team.name"),
    "manager": Column(MANAGER, "id", "person.manager_id"),
    "manager.value": Column(MANAGER, "id", "person.manager_id"),
    "manager.$ref": Column(MANAGER, "ref", "person.manager_id"),
    "manager.displayname": Column("manager.display_name"),
}
GROUP: dict[str, Attribute] = {
    **meta("list", "Group"),
    "schemas": Fixed((GROUP_URN,)),
    "externalid": Column("list.external_id", "exact"),
    "displayname": Column("list.name", is_always=True),
    "members": Many(
        """EXISTS (
            SELECT FROM workforce_membership membership JOIN workforce_person person ON person.id = membership.person_id
            WHERE membership.group_id = list.id AND {inner}
        )""",
        {
            "value": Column("membership.person_id::text", "id", "membership.person_id"),
            "$ref": Column("membership.person_id::text", "ref", "membership.person_id"),
            "type": Column("'User'"),
            "display": Column("person.display_name"),
        },
    ),
}
# Parts that a presence test of the whole looks at.
WHOLES = {
    "name": ("name.givenname", "name.familyname"),
    "meta": ("meta.created",),
}
# What a multi-valued attribute is compared by where no part is named.
DEFAULT_PART = {"emails": "value", "groups": "value", "members": "value", "addresses": "formatted"}
