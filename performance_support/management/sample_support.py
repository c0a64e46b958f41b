"""What helps at the steps of the sample company, and what people said of it; demo/README.md documents the file."""

import datetime as dt
from typing import Any

from django.db import transaction
from django.utils import timezone

from performance_support import actions
from performance_support.forms import StepsField
from performance_support.models import Resource
from performance_support.settling import settle
from skills.management.sample_company import Company


@transaction.atomic
def load(company: Company) -> int:
    """Returns how many resources there are."""
    told = company.toml("support.toml")
    for entry in told["resources"]:
        load_resource(company, entry)
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


def load_resource(company: Company, entry: dict[str, Any]) -> None:
    owner, step = company.accounts[entry["owner"]], company.steps[entry["at"]]
    lines = StepsField().clean("\n".join(entry["steps"])) if "steps" in entry else []
    resource = actions.add_resource(
        kind=entry["kind"], title=entry["title"], text=entry.get("text", ""), steps=lines, by=owner
    )
    actions.place_resource(resource, at=step, moments=entry["moments"], by=owner)
    resource.refresh_from_db()
    resource = actions.verify(resource, by=owner)
    age(resource, days=entry["verified"])
    for who in entry.get("worked", []):
        actions.vote(resource, worked=True, step=step, by=company.accounts[who])
    for said in entry.get("failed", []):
        by, why = company.accounts[said["by"]], {"wrong": said["wrong"], "comment": said["comment"]}
        actions.vote(resource, worked=False, step=step, by=by, **why)


def age(resource: Resource, *, days: int) -> None:
    """It was verified so long ago; when its next review is due follows from that."""
    then = timezone.now() - dt.timedelta(days=days)
    Resource.objects.filter(pk=resource.pk).update(verified_at=then)
    settle([resource.pk])
