"""What we tell a SCIM client that we keep: the accepted fields (design section 8) under their names in the protocol.

Whatever else a client sends is tolerated and dropped. An attribute stands here only if it is kept as it was sent.
"""

from typing import Annotated, Any, ClassVar, Union

from pydantic import Field
from scim2_models import (
    AnyExtension,
    CaseExact,
    ComplexAttribute,
    Extension,
    Mutability,
    Reference,
    Required,
    Resource,
    Returned,
    ScimPolicy,
    Uniqueness,
)
from scim2_models.attributes import ExtensibleStringEnum
from scim2_models.urn import URN

USER_URN = "urn:ietf:params:scim:schemas:core:2.0:User"
ENTERPRISE_URN = "urn:ietf:params:scim:schemas:extension:enterprise:2.0:User"
GROUP_URN = "urn:ietf:params:scim:schemas:core:2.0:Group"

# As Microsoft Entra ID and Okta really behave: attributes that we do not keep, a `remove` that carries what to remove,
# and a path such as emails[type eq "work"].value while there is no e-mail yet.
TOLERANT = ScimPolicy(
    unknown=ScimPolicy.Unknown.ignore,
    remove_value_as_filter=ScimPolicy.RemoveValue.apply,
    unmatched_path_filter=ScimPolicy.UnmatchedPathFilter.create,
)


class Work(ExtensibleStringEnum):
    """Private addresses are none of our business."""

    work = "work"


class Name(ComplexAttribute):
    family_name: str | None = None
    """The family name."""

    given_name: str | None = None
    """The given name."""

    formatted: Annotated[str | None, Mutability.read_only, Returned.request] = None
    """Both together, made here; only if asked for."""


class Email(ComplexAttribute):
    value: str | None = None
    """The address at work. One is kept; a private one is not."""

    type: Work | None = None
    """Always work."""

    primary: Annotated[bool | None, Mutability.read_only, Returned.request] = None
    """Always true, because it is the only one; only if asked for."""


class Address(ComplexAttribute):
    formatted: str | None = None
    """The place of work, such as an office. Nothing else of an address is kept."""

    type: Work | None = None
    """Always work."""


class GroupOfUser(ComplexAttribute):
    value: Annotated[str | None, Mutability.read_only, CaseExact.true] = None
    """The id of the group."""

    ref: Annotated[Reference["Group"] | None, Mutability.read_only] = Field(
        None, serialization_alias="$ref", validation_alias="$ref"
    )
    """Where the group is."""

    display: Annotated[str | None, Mutability.read_only] = None
    """What the group is called."""


class User(Resource[AnyExtension]):
    """A person who works here."""

    __schema__ = URN(USER_URN)

    user_name: Annotated[str | None, Uniqueness.server, Required.true] = None
    """What the identity provider knows the person by."""

    name: Name | None = None
    """The parts of the name."""
    Name: ClassVar[type[ComplexAttribute]] = Name

    display_name: Annotated[str | None, Required.true] = None
    """What people call them; made of the other names where it is not sent."""

    title: str | None = None
    """The job title, which people here map to a job role."""

    user_type: str | None = None
    """The kind of employment."""

    active: Annotated[bool | None, Required.true] = None
    """Whether they work here; true where it is not sent. Who is inactive is kept and can come back."""

    emails: list[Email] | None = None
    """The address at work."""
    Emails: ClassVar[type[ComplexAttribute]] = Email

    addresses: list[Address] | None = None
    """The place of work."""
    Addresses: ClassVar[type[ComplexAttribute]] = Address

    groups: Annotated[list[GroupOfUser] | None, Mutability.read_only] = None
    """The groups they are in; change the group to change this."""
    Groups: ClassVar[type[ComplexAttribute]] = GroupOfUser


class Manager(ComplexAttribute):
    value: Annotated[str | None, CaseExact.true] = None
    """The id of the manager, who may arrive later."""

    ref: Annotated[Reference["User"] | None, CaseExact.true] = Field(  # type: ignore[type-arg]
        None, serialization_alias="$ref", validation_alias="$ref"
    )
    """Where the manager is."""

    display_name: Annotated[str | None, Mutability.read_only, Returned.request] = None
    """What the manager is called."""


class EnterpriseUser(Extension):
    """What an employer knows about a person."""

    __schema__ = URN(ENTERPRISE_URN)

    employee_number: str | None = None
    """The number that the employer gave."""

    department: str | None = None
    """The department, which is a team here."""

    manager: Manager | None = None
    """To whom the person reports."""


class Member(ComplexAttribute):
    class Type(ExtensibleStringEnum):
        User = "User"

    value: Annotated[str | None, Mutability.immutable, CaseExact.true] = None
    """The id of the user."""

    ref: Annotated[Reference["User"] | None, Mutability.immutable] = Field(  # type: ignore[type-arg]
        None, serialization_alias="$ref", validation_alias="$ref"
    )
    """Where the user is."""

    type: Annotated[Type | None, Mutability.immutable] = None
    """Always User: groups of groups are not kept."""

    display: Annotated[str | None, Mutability.read_only, Returned.request] = None
    """What the user is called; only if asked for, because a group may have many members."""


class Group(Resource[Any]):
    """A list of people that the identity provider keeps."""

    __schema__ = URN(GROUP_URN)

    display_name: Annotated[str | None, Required.true, Uniqueness.server] = None
    """What the group is called."""

    members: list[Member] | None = None
    """The people in it."""
    Members: ClassVar[type[ComplexAttribute]] = Member


Person = User[EnterpriseUser]
AnyResource = Union[User[EnterpriseUser], Group]  # noqa: UP007 - a value for `SearchRequest[...]`


def required_of(model: Any) -> list[str]:
    """The fields that a resource must have. Their parts are all optional."""
    return [name for name in model.model_fields if model.get_field_annotation(name, Required) == Required.true]
