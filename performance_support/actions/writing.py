"""What a resource says. Every edit is a version; editing is not verifying."""

from collections.abc import Collection, Sequence
from typing import Any

from django.core.exceptions import ValidationError
from django.db import transaction

from base import changes, edits
from base.errors import RuleBroken
from base.outbox import send_later
from performance_support.filetypes import Upload
from performance_support.models import Link, Resource, ResourceVersion
from performance_support.queries import vocabulary
from performance_support.settling import settle
from performance_support.storing import NO_FILE, kept
from performance_support.wording import addresses_in, must_name_nobody
from workforce.models import Account, JobRole

# What it says; the rest (owner, audience, language) may change without a new version.
CONTENT = ("title", "summary", "text", "steps", "url", "file", "file_name", "file_type", "file_size", "file_alt")
WITH_ADDRESSES = ("url", "text", "steps")
MOST_STEPS = 40
LONGEST_TEXT = 100_000
LONGEST_STEP = 300
LONGEST_DETAIL = 2000


@transaction.atomic
def add_resource(
    *,
    kind: str,
    title: str,
    audience: Collection[JobRole] = (),
    owner: Account | None = None,
    upload: Upload | None = None,
    by: Account,
    **values: Any,
) -> Resource:
    """Begin a draft, owned by whoever begins it unless somebody is named. See also: verify, which offers it."""
    must_be_readable(values)
    with kept(upload) as file:
        said = {**values, **file}
        resource = edits.add(Resource(kind=kind, title=title, owner=owner or by, created_by=by, **said), by=by)
        resource.audience.set(audience)
        keep_version(resource, by=by)
        follow_addresses(resource)
        settle([resource.pk])
    return resource


@transaction.atomic
def change_resource(
    resource: Resource,
    *,
    seen: int | None = None,
    audience: Collection[JobRole] | None = None,
    upload: Upload | None = None,
    without_file: bool = False,
    by: Account,
    **values: Any,
) -> Resource:
    """Edit. What it says becomes a new version, on which votes begin anew; how fresh it is does not change.

    `seen` is the version of the row that the editor had before them. Raises Outdated, RuleBroken or ValidationError.
    An `upload` takes the place of the file there was, `without_file` takes it out; versions that had it keep it.
    """
    resource = edits.locked(resource, seen=seen)
    must_be_kept(resource)
    must_be_readable(values)
    with kept(upload) as file:
        values |= NO_FILE if without_file and not file else file
        if any(getattr(resource, field) != values[field] for field in CONTENT if field in values):
            values["content_version"] = resource.content_version + 1
        edits.save(resource, values, by=by)
        if "content_version" in values:
            keep_version(resource, by=by)
            follow_addresses(resource)
            tell_who_asked(resource, by=by)
        if audience is not None:
            set_audience(resource, audience, by=by)
        settle([resource.pk])
    return resource


def tell_who_asked(resource: Resource, *, by: Account) -> None:
    """Whoever said that the version before did not work hears that there is a new one."""
    before = resource.votes.down().filter(content_version=resource.content_version - 1).exclude(voted_by=by)
    if votes := list(before.order_by("pk").values_list("pk", flat=True)):
        send_later("performance_support.tasks.tell_voters", votes=votes)


def set_audience(resource: Resource, audience: Collection[JobRole], *, by: Account) -> None:
    before = sorted(map(str, resource.audience.all()))
    after = sorted(map(str, audience))
    if before != after:
        resource.audience.set(audience)
        changes.record("change", resource, by=by, facts={"audience": (", ".join(before), ", ".join(after))})


@transaction.atomic
def return_to(resource: Resource, version: ResourceVersion, *, seen: int | None = None, by: Account) -> Resource:
    """Say again what it said at an earlier version: as a new one, so that nothing is lost."""
    said = NO_FILE | version.content
    if resource.has_erased(said["file"]):
        said |= NO_FILE
    return change_resource(resource, seen=seen, by=by, **said)


@transaction.atomic
def hand_over(resource: Resource, *, to: Account, by: Account) -> Resource:
    """Give it to another owner."""
    resource = edits.locked(resource)
    must_be_kept(resource)
    if not to.is_active or to.kind != Account.Kind.PERSON:
        raise RuleBroken(f"{to} cannot own it any more. Choose somebody who works here.", code="owner_not_here")
    edits.save(resource, {"owner": to}, by=by, verb="hand_over")
    settle([resource.pk])
    return resource


def keep_version(resource: Resource, *, by: Account) -> None:
    """What it says from now on, and the words by which it is found."""
    vocabulary.learn(resource.pk)
    content = {field: changes.plain(str(value) if field == "file" else value) for field, value in said_by(resource)}
    ResourceVersion.objects.create(resource=resource, number=resource.content_version, content=content, written_by=by)


def said_by(resource: Resource) -> list[tuple[str, Any]]:
    return [(field, getattr(resource, field)) for field in CONTENT]


def follow_addresses(resource: Resource) -> None:
    """Keep the addresses it leads to, so that the checker knows them; the same address is one link everywhere."""
    found = dict.fromkeys(url for field in WITH_ADDRESSES for url in addresses_said(field, getattr(resource, field)))
    Link.objects.bulk_create([Link(url=url) for url in found], ignore_conflicts=True)
    resource.links.set(Link.objects.filter(url__in=found))


def addresses_said(field: str, value: Any) -> list[str]:
    """The web addresses in one of the fields that may hold some."""
    if field == "steps":
        return addresses_in("\n\n".join(step.get("detail", "") for step in value or ()))
    return [value] if field == "url" and value else addresses_in(value or "")


def must_be_kept(resource: Resource) -> None:
    """Raises RuleBroken `archived`."""
    if resource.state == Resource.State.ARCHIVED:
        raise RuleBroken(f"“{resource}” is in the archive. Take it back before you change it.", code="archived")


def must_be_readable(values: dict[str, Any]) -> None:
    """Raises ValidationError where the text is too long, the steps are no steps or an address holds a password."""
    if len(values.get("text") or "") > LONGEST_TEXT:
        raise ValidationError({"text": f"Keep it below {LONGEST_TEXT:,} characters, or split it in two."})
    if "steps" in values:
        values["steps"] = steps_of(values["steps"])
    for field in WITH_ADDRESSES:
        must_name_nobody(addresses_said(field, values.get(field)), field=field)


def steps_of(given: Any) -> list[dict[str, str]]:
    """[{"text", "detail"}], with the "rule" behind it where there is one; trimmed, without empty ones."""
    if not isinstance(given, Sequence) or isinstance(given, str) or not all(isinstance(step, dict) for step in given):
        raise ValidationError({"steps": "Give a list of steps, each with a text and perhaps a detail."})
    parts = ("text", "detail", "rule")
    said = [{part: str(step.get(part) or "").strip() for part in parts} for step in given]
    steps = [{part: words for part, words in step.items() if words or part != "rule"} for step in said]
    steps = [step for step in steps if any(step.values())]
    if any(not step["text"] for step in steps):
        raise ValidationError({"steps": "A step needs words of its own before its detail."})
    if len(steps) > MOST_STEPS:
        raise ValidationError({"steps": f"Keep it to {MOST_STEPS} steps; who works cannot follow more."})
    if any(len(step["text"]) > LONGEST_STEP or max(map(len, step.values())) > LONGEST_DETAIL for step in steps):
        raise ValidationError(
            {"steps": f"Keep a step below {LONGEST_STEP} characters and its detail below {LONGEST_DETAIL:,}."}
        )
    return steps
