"""What helps at the steps of the sample company, and what people said of it; demo/README.md documents the file."""

import datetime as dt
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from typing import Any

from django.db import transaction
from django.utils import timezone

from performance_support import actions
from performance_support.filetypes import Upload
from performance_support.forms import StepsField
from performance_support.models import FreshnessDay, Resource, Use
from performance_support.models.plan import WAYS
from performance_support.queries import desk
from performance_support.settling import settle
from performance_support.storing import looked_at
from skills.management.sample_company import Company

# For so long the figures of each day are there, as the clock would have kept them.
WEEKS_BEFORE = 8


@transaction.atomic
def load(company: Company) -> int:
    """Returns how many resources there are."""
    told = company.toml("support.toml")
    loaded = [(load_resource(company, entry), entry) for entry in told["resources"]]
    for resource, _ in loaded:
        resource.refresh_from_db()
    live_through(company, [(resource, entry) for resource, entry in loaded if "opened" in entry])
    for entry in told["champions"]:
        account = company.accounts[entry["account"]]
        step = company.steps[entry["at"]]
        champion = actions.ask_champion(step, account=account, by=step.workflow.owner)
        actions.answer_champion(champion, accepts=True, available_when=entry["available_when"], by=account)
    for entry in told["communities"]:
        steps = [company.steps[key] for key in entry["at"]]
        by = company.accounts[entry["by"]]
        actions.add_community(name=entry["name"], meets=entry["meets"], steps=steps, by=by)
    for entry in told["tips"]:
        tip = actions.leave_tip(company.steps[entry["at"]], text=entry["text"], by=company.accounts[entry["by"]])
        for who in entry["helped"]:
            actions.vote_tip(tip, by=company.accounts[who])
    for entry in told["overrules"]:
        words = {way: entry.get(way, "") for way in WAYS}
        actions.overrule_plan(
            company.steps[entry["at"]], **words, reason=entry["reason"], by=company.accounts[entry["by"]]
        )
    for entry in told["cohorts"]:
        load_cohort(company, entry)
    for entry in told["programmes"]:
        load_programme(company, entry)
    return Resource.objects.in_use().count()


def day_of(company: Company, entry: dict[str, Any], word: str) -> dt.date:
    """The file counts days from today, so that what is planned stays ahead."""
    return company.today + dt.timedelta(days=entry[word])


def load_cohort(company: Company, entry: dict[str, Any]) -> None:
    steps = [company.steps[key] for key in entry["at"]]
    cohort = actions.add_cohort(
        name=entry["name"],
        goal=entry["goal"],
        meets=entry["meets"],
        starts_on=day_of(company, entry, "starts"),
        ends_on=day_of(company, entry, "ends"),
        steps=steps,
        by=company.accounts[entry["by"]],
    )
    for who in entry["joined"]:
        actions.join_cohort(cohort, by=company.accounts[who])


def load_programme(company: Company, entry: dict[str, Any]) -> None:
    programme = actions.add_programme(
        name=entry["name"],
        purpose=entry["purpose"],
        people=[company.people[key] for key in entry["people"]],
        steps=[company.steps[key] for key in entry["steps"]],
        by=company.accounts[entry["by"]],
        starts_on=day_of(company, entry, "starts"),
        ends_on=day_of(company, entry, "ends"),
    )
    accounts = {account.person_id: account for account in company.accounts.values()}
    for participant in programme.participants.select_related("person"):
        if goal := entry["goals"].get(participant.person.source_id):
            actions.set_goal(participant, goal=goal, by=accounts[participant.person_id])


def load_resource(company: Company, entry: dict[str, Any]) -> Resource:
    owner = company.accounts[entry["owner"]]
    lines = StepsField().clean("\n".join(entry["steps"])) if "steps" in entry else []
    said = {field: entry[field] for field in ("text", "url", "language", "file_alt") if field in entry}
    with file_of(company, entry) as upload:
        resource = actions.add_resource(
            kind=entry["kind"], title=entry["title"], steps=lines, upload=upload, by=owner, **said
        )
    step = company.steps[entry["at"]] if "at" in entry else None
    if step:
        actions.place_resource(resource, at=step, moments=entry["moments"], by=owner)
    resource.refresh_from_db()
    if "verified" in entry:
        resource = actions.verify(resource, by=owner)
        age(resource, days=entry["verified"])
    for who in entry.get("worked", []):
        actions.vote(resource, worked=True, step=step, by=company.accounts[who])
    for told in entry.get("failed", []):
        by, why = company.accounts[told["by"]], {"wrong": told["wrong"], "comment": told["comment"]}
        actions.vote(resource, worked=False, step=step, by=by, **why)
    return resource


@contextmanager
def file_of(company: Company, entry: dict[str, Any]) -> Iterator[Upload | None]:
    if "file" not in entry:
        yield None
        return
    with (company.folder / "files" / entry["file"]).open("rb") as file:
        yield looked_at(file, entry["file"])


def age(resource: Resource, *, days: int) -> None:
    """It was verified so long ago; when its next review is due follows from that."""
    then = timezone.now() - dt.timedelta(days=days)
    Resource.objects.filter(pk=resource.pk).update(verified_at=then)
    settle([resource.pk])


def live_through(company: Company, entries: list[tuple[Resource, dict[str, Any]]]) -> None:
    """Who opened what, day by day, and how fresh that was at the end of each of the last weeks."""
    first = company.today - dt.timedelta(days=WEEKS_BEFORE * 7 + desk.COUNTED.days)
    days = [first + dt.timedelta(days=n) for n in range((company.today - first).days + 1)]
    views = {resource.pk: dict(zip(days, opened(entry, days), strict=True)) for resource, entry in entries}
    Use.objects.bulk_create(
        Use(resource=resource, step_id=resource.placements.get().step_id, day=day, views=count)
        for resource, _ in entries
        for day, count in views[resource.pk].items()
        if count
    )
    for day in days[desk.COUNTED.days : -1]:
        since = day - desk.COUNTED
        in_use = [(resource, entry, was_fresh(resource, entry, day)) for resource, entry in entries]
        read = {pk: sum(n for on, n in counts.items() if since < on <= day) for pk, counts in views.items()}
        FreshnessDay.objects.create(
            day=day,
            views=sum(read.values()),
            fresh_views=sum(read[resource.pk] for resource, _, fresh in in_use if fresh),
            resources=len(in_use),
            fresh=sum(fresh for *_, fresh in in_use),
        )


def opened(entry: dict[str, Any], days: Sequence[dt.date]) -> Iterator[int]:
    """So often in five working days, spread evenly: what is left over of one day comes on a later one."""
    left = 0
    for day in days:
        left += entry["opened"] if day.weekday() < 5 else 0
        count, left = divmod(left, 5)
        yield count


def was_fresh(resource: Resource, entry: dict[str, Any], day: dt.date) -> bool:
    """Before somebody looked again it was stale for a while, and it is once the day of its review has come."""
    looked = resource.verified_at.date() if resource.verified_at else day
    waited = looked - dt.timedelta(days=entry.get("stale_before", 0))
    return not waited <= day < looked and (resource.due_on is None or day < resource.due_on)
