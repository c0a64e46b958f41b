"""What happened, as an LRS is told of it: who (by an id, or by name where that was chosen), did what, with what, where.

    experienced   a step's support, or a resource, was opened
    answered      “Did this work?”, about one version of a resource: true or false

No `result.success` and no score: they would speak of the person, and a vote is about the help. Comments stay here.
"""

import datetime as dt
from dataclasses import dataclass
from typing import Any
from uuid import NAMESPACE_URL, UUID, uuid5

from django.conf import settings
from django.urls import reverse

from performance_support.models import Resource, Vote
from performance_support.models.lrs import Told
from performance_support.xapi.sound import is_language
from workflows.models import Step
from workforce.models import Account

Said = dict[str, Any]
ADL = "http://adlnet.gov/expapi"
EXPERIENCED: Said = {"id": f"{ADL}/verbs/experienced", "display": {"en": "experienced"}}
ANSWERED: Said = {"id": f"{ADL}/verbs/answered", "display": {"en": "answered"}}
# Those kinds for which ADL has a word; of the others nothing is said rather than something wrong.
TYPES = {
    Resource.Kind.COURSE: f"{ADL}/activities/course",
    Resource.Kind.VIDEO: f"{ADL}/activities/media",
    Resource.Kind.LINK: f"{ADL}/activities/link",
    Resource.Kind.TEMPLATE: f"{ADL}/activities/file",
}
QUESTION = "Did this work?"


@dataclass(frozen=True)
class Event:
    """Something that somebody did. The same event has the same id, however often it is told."""

    kind: Told
    by: Account
    at: dt.datetime
    step: Step | None = None
    resource: Resource | None = None
    vote: Vote | None = None

    @property
    def id(self) -> UUID:
        parts = [self.kind, self.by.pk, self.at.isoformat(), *(each.pk if each else "" for each in self.things)]
        return uuid5(NAMESPACE_URL, "/".join([settings.SITE_URL, "xapi", *map(str, parts)]))

    @property
    def things(self) -> tuple[Step | None, Resource | None]:
        return self.step, self.resource


def statement_of(event: Event, *, with_name: bool) -> Said:
    said = {
        "id": str(event.id),
        "actor": actor(event.by, with_name=with_name),
        "timestamp": moment(event.at),
        "context": context(event),
    }
    if event.vote and event.resource:
        return said | {"verb": ANSWERED, "object": question(event.resource), "result": answer(event.vote)}
    return said | {"verb": EXPERIENCED, "object": opened(event)}


def trial(at: dt.datetime) -> Said:
    """Says nothing about anybody: that this installation can be heard."""
    return {
        "id": str(uuid5(NAMESPACE_URL, f"{settings.SITE_URL}/xapi/test/{at.isoformat()}")),
        "actor": {"objectType": "Agent", "account": {"homePage": settings.SITE_URL, "name": "test"}},
        "verb": EXPERIENCED,
        "object": thing(settings.SITE_URL, "Sightline, trying out whether it is heard"),
        "context": {"platform": "Sightline"},
        "timestamp": moment(at),
    }


def actor(account: Account, *, with_name: bool) -> Said:
    """By the id of the person, which a program that acts for nobody has as an account."""
    who = {"homePage": settings.SITE_URL, "name": str(account.person_id or account.pk)}
    return {"objectType": "Agent", "account": who, **({"name": account.name} if with_name else {})}


def opened(event: Event) -> Said:
    if event.resource:
        return of_resource(event.resource)
    if event.step is None:
        raise ValueError("Nothing was opened.")
    return of_step(event.step)


def question(resource: Resource) -> Said:
    """A true-or-false without a right answer."""
    address = f"{address_of(resource.get_absolute_url())}#did-this-work"
    asked = thing(address, QUESTION, description=resource.title, type=f"{ADL}/activities/cmi.interaction")
    asked["definition"]["interactionType"] = "true-false"
    return asked


def answer(vote: Vote) -> Said:
    said: Said = {"response": "true" if vote.worked else "false"}
    if vote.wrong:
        said["extensions"] = {address_of("/xapi/wrong"): vote.wrong}
    return said


def context(event: Event) -> Said:
    """Where it was: the step and its workflow around it; above a vote, what was voted on."""
    around = []
    if event.step:
        around = [of_step(event.step), of_workflow(event.step)] if event.resource else [of_workflow(event.step)]
    said: Said = {"platform": "Sightline"}
    related = {"grouping": around, "parent": [of_resource(event.resource)] if event.vote and event.resource else []}
    if kept := {name: activities for name, activities in related.items() if activities}:
        said["contextActivities"] = kept
    if event.resource:
        said |= {"revision": str(event.resource.content_version), "language": language_of(event.resource)}
    return said


def of_resource(resource: Resource) -> Said:
    kind = TYPES.get(Resource.Kind(resource.kind), "")
    return thing(address_of(resource.get_absolute_url()), resource.title, language=language_of(resource), type=kind)


def of_step(step: Step) -> Said:
    return thing(address_of(reverse("step_support", args=[step.pk])), step.name)


def of_workflow(step: Step) -> Said:
    return thing(address_of(step.workflow.get_absolute_url()), step.workflow.name)


def thing(address: str, name: str, *, language: str = "en", description: str = "", type: str = "") -> Said:
    definition: Said = {"name": {language: name}}
    if description:
        definition["description"] = {language: description}
    if type:
        definition["type"] = type
    return {"objectType": "Activity", "id": address, "definition": definition}


def language_of(resource: Resource) -> str:
    return resource.language if is_language(resource.language) else "und"


def address_of(path: str) -> str:
    return f"{settings.SITE_URL}{path}"


def moment(at: dt.datetime) -> str:
    return at.astimezone(dt.UTC).isoformat(timespec="milliseconds").replace("+00:00", "Z")
