"""Load the company under demo/ the way its people would have made it: through the actions of the rooms, one by one.

demo/README.md documents the files.
"""

import csv
import datetime as dt
import tomllib
from collections.abc import Iterator
from dataclasses import dataclass, field
from decimal import Decimal
from pathlib import Path
from typing import Any

from django.db import transaction
from django.utils import timezone

from base import watch
from skills import actions as skill_actions
from skills import carrying
from skills.models import ImportRow, Skill, SkillFlag
from workflows import actions as work
from workflows.models import Outcome, Step, Workflow
from workforce import actions as people_actions
from workforce.actions.runs import apply_run
from workforce.models import Account, JobRole, Person, Role, Run

# The day on which the files tell their story.
STORY_DAY = dt.date(2026, 10, 20)
PASSWORD = "sightline-demo"  # noqa: S105 - published on purpose, and good only in the sample company
PEOPLE_SOURCE = "PeopleHub"
LIST_NAME = "Skills list 2026"
DESIGNER = "designer@demo.example"

DAYS = ("start_date", "end_date")

Row = dict[str, str]


@dataclass
class Company:
    """What is loaded so far, under the names by which the files refer to it."""

    folder: Path
    today: dt.date
    roles: dict[str, JobRole] = field(default_factory=dict)
    people: dict[str, Person] = field(default_factory=dict)
    accounts: dict[str, Account] = field(default_factory=dict)
    steps: dict[str, Step] = field(default_factory=dict)
    outcomes: dict[str, Outcome] = field(default_factory=dict)
    skills: dict[str, Skill] = field(default_factory=dict)

    def rows(self, name: str) -> Iterator[Row]:
        with (self.folder / name).open(encoding="utf-8", newline="") as file:
            yield from csv.DictReader(file)

    def toml(self, name: str | Path) -> dict[str, Any]:
        return tomllib.loads((self.folder / name).read_text(encoding="utf-8"), parse_float=Decimal)

    def day(self, told: dt.date) -> dt.date:
        """What lies ahead in the story still lies ahead today, and its past lies behind; what can stay stays."""
        return told + (self.today - STORY_DAY) if told > min(STORY_DAY, self.today) else told


def is_loaded() -> bool:
    return Person.objects.filter(source=PEOPLE_SOURCE).exists()


@transaction.atomic
def load(folder: Path) -> Company:
    """Everything or nothing, in the order in which it would have happened."""
    company = Company(folder, timezone.localdate())
    load_people(company)
    load_accounts(company)
    load_deliveries(company)
    load_workflows(company)
    load_skills(company)
    load_contexts(company)
    relive_history(company)
    watch.run_through(watch.expected_run(Account.objects.system()).pk)
    return company


def load_people(company: Company) -> None:
    system = Account.objects.system()
    for row in company.rows("job_titles.csv"):
        name = row["job_role"]
        if name not in company.roles:
            company.roles[name] = people_actions.add_job_role(name, by=system)
        people_actions.map_job_title(row["job_title"], job_role=company.roles[name], by=system)
    deliver([moved(company, row) for row in company.rows("people.csv")], mode=Run.Mode.SNAPSHOT)
    company.people = {person.source_id: person for person in Person.objects.filter(source=PEOPLE_SOURCE)}


def deliver(rows: list[Row], *, mode: str) -> None:
    """A run from its opening to its end, here and now: what comes next builds on the people."""
    system = Account.objects.system()
    run = people_actions.open_run(PEOPLE_SOURCE, mode=mode, by=system)
    people_actions.add_page(run, rows, by=system)
    people_actions.close_run(run, by=system)
    apply_run(run.pk)


def load_deliveries(company: Company) -> None:
    """What came after the first people: a delta, and a snapshot that waits because a department is missing."""
    known = {row["source_id"]: moved(company, row) for row in company.rows("people.csv")}
    for told in company.toml("deliveries.toml")["deliveries"]:
        if rows := told.get("rows"):
            deliver(rows, mode=told["mode"])
            known |= {row["source_id"]: known[row["source_id"]] | row for row in rows if "end_date" not in row}
        else:
            here = [row for row in known.values() if row["department"] != told["without_department"]]
            deliver(here, mode=told["mode"])


def moved(company: Company, row: Row) -> Row:
    days = {name: row[name] and company.day(dt.date.fromisoformat(row[name])).isoformat() for name in DAYS}
    day, hour = row["updated_at"].split("T")
    return {**row, **days, "updated_at": f"{company.day(dt.date.fromisoformat(day))}T{hour}"}


def load_accounts(company: Company) -> None:
    by_email = {person.work_email: person for person in company.people.values()}
    for row in company.rows("accounts.csv"):
        person = by_email[row["work_email"]]
        company.accounts[row["work_email"]] = people_actions.open_account(
            row["work_email"],
            full_name=person.display_name,
            person=person,
            roles=[Role(role) for role in row["roles"].split()],
            password=PASSWORD if row["signs_in"] == "yes" else None,
            by=Account.objects.system(),
        )


def load_workflows(company: Company) -> None:
    found = [company.toml(path) for path in sorted((company.folder / "workflows").glob("*.toml"))]
    for told in found:
        load_steps(company, told)
    # Last, because a handoff may cross into a workflow that comes later.
    for told in found:
        load_handoffs(company, told)


def load_steps(company: Company, told: dict[str, Any]) -> None:
    owner = company.accounts[told["owner"]]
    workflow = work.add_workflow(told["name"], area=told["area"], purpose=told["purpose"], owner=owner, by=owner)
    for entry in told["steps"]:
        load_step(company, workflow, told["key"], entry)


def load_step(company: Company, workflow: Workflow, key: str, entry: dict[str, Any]) -> None:
    ratings = {name: entry.get(name) for name in ("criticality", "difficulty", "frequency")}
    role = company.roles.get(entry.get("performed_by", ""))
    step = work.add_step(workflow, name=entry["name"], performed_by=role, **ratings, by=workflow.owner)
    company.steps[f"{key}/{entry['key']}"] = step
    for outcome in entry.get("outcomes", []):
        company.outcomes[f"{key}/{outcome['key']}"] = work.add_outcome(
            step,
            statement=outcome["statement"],
            beneficiary=outcome.get("beneficiary", ""),
            beneficiary_role=company.roles.get(outcome.get("beneficiary_role", "")),
            **measured(company, outcome.get("measured", {})),
            by=workflow.owner,
        )


def measured(company: Company, told: dict[str, Any]) -> dict[str, Any]:
    return {**told, "due": company.day(told["due"])} if told else {}


def load_handoffs(company: Company, told: dict[str, Any]) -> None:
    owner = company.accounts[told["owner"]]
    for outcome in (outcome for step in told["steps"] for outcome in step.get("outcomes", [])):
        for handoff in outcome.get("handoffs", []):
            work.add_handoff(
                company.outcomes[f"{told['key']}/{outcome['key']}"],
                to_step=company.steps[in_workflow(told["key"], handoff["to"])],
                accepted_when=handoff["accepted_when"],
                share_complete_and_accurate=handoff["share_complete_and_accurate"],
                by=owner,
            )


def in_workflow(key: str, step: str) -> str:
    return step if "/" in step else f"{key}/{step}"


def load_skills(company: Company) -> None:
    """Import the list as a designer would: plan it, and take in what looks alike too, so that the rules can find it."""
    designer = company.accounts[DESIGNER]
    with (company.folder / "skills.csv").open("rb") as file:
        plan = skill_actions.add_import(file, file_name="skills.csv", name=LIST_NAME, by=designer)
    carrying.work_on(plan.pk)
    skill_actions.choose_every(plan, verdict=ImportRow.Verdict.LOOK_ALIKE, choice=ImportRow.Choice.APPLY, by=designer)
    skill_actions.apply_import(plan, by=designer)
    carrying.work_on(plan.pk)
    company.skills = {skill.name: skill for skill in Skill.objects.filter(origin=LIST_NAME)}


def load_contexts(company: Company) -> None:
    to_publish: dict[str, Account] = {}
    for row in company.rows("contexts.csv"):
        skill, step = company.skills[row["skill"]], company.steps[row["step"]]
        designer = step.workflow.owner
        skill_actions.place(
            skill,
            step=step,
            outcome=company.outcomes[row["outcome"]],
            required_level=int(row["required_level"]),
            contribution=row["contribution"],
            condition=row["condition"],
            degree=row["degree"],
            by=designer,
        )
        if row["publish"] == "yes":
            to_publish.setdefault(row["skill"], designer)
    for name, designer in to_publish.items():
        skill_actions.publish(company.skills[name], by=designer)


def relive_history(company: Company) -> None:
    for edit in company.toml("history.toml")["edits"]:
        by = company.accounts[edit["by"]]
        match edit:
            case {"retire_step": key}:
                work.retire_step(company.steps[key], by=by)
            case {"retire_handoff": {"outcome": outcome, "to": step}}:
                handoff = company.outcomes[outcome].handoffs.get(to_step=company.steps[step])
                work.retire_handoff(handoff, by=by)
            case {"retire_outcome": key}:
                work.retire_outcome(company.outcomes[key], by=by)
            case {"revise_step": key, "name": name}:
                work.change_step(company.steps[key], name=name, by=by)
            case {"assign": told, "to": to}:
                skill_actions.assign_flags([flag_told(company, told)], to=company.accounts[to], by=by)
            case {"snooze": told, "until": until, "reason": reason}:
                until = company.day(until)
                skill_actions.snooze_flags([flag_told(company, told)], until=until, reason=reason, by=by)
            case _:
                raise ValueError(f"history.toml: nothing is known about {edit}")


def flag_told(company: Company, told: Row) -> SkillFlag:
    return SkillFlag.objects.open().coded(told["code"]).get(about=company.skills[told["skill"]])
