"""One of everything that an address can name, and one of everybody who can ask for it."""

import datetime as dt
from dataclasses import dataclass, field
from io import BytesIO
from typing import Any
from uuid import UUID, uuid4

from django.test import Client
from django.urls import URLResolver, get_resolver, reverse
from django.utils import timezone

from base import flags, watch
from gaps.actions import add_ratings, agree_goal, contest, name_cause, overrule_gap, propose_date, propose_goal
from gaps.actions.recording import reference_in
from gaps.arithmetic import Label
from gaps.models import GoalDate, Requirement
from performance_support.actions import (
    add_cohort,
    add_community,
    add_plan_rule,
    add_programme,
    ask_champion,
    connect_lrs,
    grant_time,
    leave_tip,
    log_learning,
    overrule_plan,
    set_intervals,
    switch_lrs,
    test_lrs,
)
from skills.actions import add_import
from skills.models import Skill, SkillFlag
from skills.queries.history import history_of
from tests.api.client import Program
from tests.make import (
    make_account,
    make_context,
    make_designer,
    make_evidence,
    make_job_role,
    make_key,
    make_person,
    make_resource,
    make_skill,
    make_upload,
    make_workflow,
)
from workflows.models import Handoff
from workforce import actions
from workforce.actions import add_upload, add_webhook, open_run, test_webhook
from workforce.models import Account, ApiKey, Group, JobTitle, Person, Role, Source, Team

# The parts of an address that name a thing.
NAMES_A_THING = {
    "pk",
    "skill_pk",
    "resource_pk",
    "step_pk",
    "source_id",
    "key",
    "here",
    "there",
    "skill",
    "person",
    "batch",
}
MADE_UP = {"source_id": "nobody-has-this"}
LIST = b"RSD Name,Skill Statement\nCount,Count the secret stock\n"
RATED = b"person,skill,level\nE1,Count,3\n"
STAFF = b"source_id,display_name\nE1,Zora Quill\n"
# What no page may show to those who do not design.
DRAFT = "Zorbify the unpublished quantities"


@dataclass
class House:
    """`things` by the word that the tables use; `people` and `programs` by the words at the head of their columns."""

    things: dict[str, Any] = field(default_factory=dict)
    people: dict[str, Any] = field(default_factory=dict)
    programs: dict[str, str] = field(default_factory=dict)

    def client(self, who: str, **options: Any) -> Client:
        client = Client(raise_request_exception=False, **options)
        if self.people[who]:
            client.force_login(self.people[who])
        return client

    def program(self, which: str) -> Program:
        program = Program(self.programs[which])
        program.raise_request_exception = False
        return program

    def address(self, route: str, of: str) -> str:
        """The address of a page about one thing of the house; `of` is "" where it names none."""
        if route == "account_reset_password_from_key":
            return reverse(route, args=["1", "spent"])
        return reverse(route, kwargs=self.parts(of))

    def parts(self, of: str) -> dict[str, Any]:
        thing = self.things.get(of)
        if isinstance(thing, dict):
            return thing
        return {"pk": thing.pk} if thing else {}

    def of_nobody(self, of: str) -> dict[str, Any]:
        """The same address with an id that nothing has."""
        return {
            name: MADE_UP.get(name, uuid4()) if name in NAMES_A_THING else value
            for name, value in self.parts(of).items()
        }


def build() -> House:
    designer = make_designer("Maren Holt")
    role = make_job_role("Warehouse lead")
    boss = make_person(role=role, display_name="Ines Vogt")
    report = make_person(role=role, display_name="Tomas Brandt", manager=boss)
    # Leads people too, and none of those whom the tables ask about.
    other = make_person(display_name="Olaf Krogh")
    make_person(display_name="Nora Lind", manager=other)
    workflow = make_workflow("Order to delivery", steps=2, by=designer)
    handoff = Handoff.objects.get()
    step = handoff.outcome.produced_by
    published = make_skill("Support the sales rep by checking the order", at=step, published=True, by=designer)
    draft = make_skill(DRAFT, at=step, by=designer, origin="A list of secrets")
    # Nobody has said anything about it, so whoever needs it lacks it.
    lacked = make_skill("Support the packer by weighing the order", at=step, published=True, by=designer)
    loose = make_skill("Zorbify the loose ends of it", by=designer)
    watch.run_through(watch.ask(by=designer).pk)
    flag = SkillFlag.objects.open().get(about=loose, code="no_context")
    # What is done with flags stands in the trail of what they are about.
    flagged = make_skill("Support the clerk by checking the invoice", by=designer)
    own = SkillFlag.objects.open().get(about=flagged, code="no_context")
    flags.assign(own, to=designer, by=designer)
    make_context(flagged, step, by=designer)
    webhook = add_webhook("https://receiver.example.com/hook", kinds=["run.held"], by=designer)
    resource = make_resource("How to check an order", at=step, by=designer)
    pictured = make_resource("How a checked order looks", upload=make_upload(), file_alt="A stamp", by=designer)
    written = make_resource(
        "Zorbify the guidance", at=step, verified=False, upload=make_upload(), file_alt="A dot", by=designer
    )
    champion = ask_champion(step, account=make_account(name="Lena Fischer"), by=designer)
    community = add_community(name="Order circle", meets="Thursdays", steps=[step], by=designer)
    tip = leave_tip(step, text="Look at the second page first", by=designer)
    lrs = connect_lrs("https://lrs.example.com/", key="k", secret="s", kinds=["vote"], by=designer)
    switch_lrs(lrs, on=True, by=designer)
    house = House()
    house.people = {
        "stranger": None,
        "employee": make_account(name="Tomas Brandt", person=report),
        "manager": make_account(name="Ines Vogt", person=boss),
        "other manager": make_account(name="Olaf Krogh", person=other),
        "people admin": make_account(Role.PEOPLE_ADMIN, name="Pia Lund"),
        "designer": designer,
        "administrator": make_account(Role.ADMINISTRATOR, name="Ada Berg"),
    }
    # So the report lacks what the step asks: it is a gap on the way to another role.
    goal = propose_goal(report, job_role=step.performed_by, by=house.people["manager"])
    agree_goal(goal, by=house.people["employee"])
    day = timezone.localdate() + dt.timedelta(days=90)
    propose_date(goal, due_on=day, by=house.people["manager"])
    house.programs = {
        "none": "",
        "read": make_key("read"),
        "design": make_key("design"),
        "hris": make_key("hris", name="idp"),
        "all": make_key("read", "design", "hris", name="idp"),
    }
    leaver = actions.terminate_person(make_person(display_name="Gone Gustafson", source="hr"), by=designer)
    title = JobTitle.objects.create(name="Night warehouse lead")
    evidence = make_evidence(report, published)
    week = {"starts_on": timezone.localdate(), "ends_on": timezone.localdate()}
    cohort = add_cohort(name="Order learners", goal="Check alone", meets="Mondays", steps=[step], by=designer, **week)
    manager = house.people["manager"]
    programme = add_programme(name="Check orders", people=[report], steps=[step], by=manager, **week)
    granted = grant_time(boss, minutes=60, since=timezone.localdate(), by=house.people["manager"])
    learnt = log_learning(report, form="reading", minutes=437, by=house.people["employee"])
    house.things = {
        "programme": programme,
        "programme's facts": {"pk": programme.pk, "kind": "csv"},
        "cohort": cohort,
        "grant": granted,
        "own learning": learnt,
        "contest": contest(make_evidence(report, published), reason="No", by=house.people["employee"]),
        "goal date": GoalDate.objects.get(),
        "goal": propose_goal(report, job_role=make_job_role("Planner"), by=house.people["manager"]),
        "workflow": workflow,
        "step": step,
        "outcome": handoff.outcome,
        "handoff": handoff,
        "published skill": published,
        "draft": draft,
        "loose draft": loose,
        "context": published.contexts.get(),
        "draft's context": draft.contexts.get(),
        "flag": flag,
        "evidence": evidence,
        "cell": {"pk": step.pk, "person": report.pk},
        "skill's cell": {"pk": published.pk, "person": report.pk},
        "somebody": {"person": report.pk},
        "gap": {"person": report.pk, "skill": lacked.pk},
        "overrule": overrule_gap(report, lacked, label=Label.RESKILL, reason="A new role to them.", by=designer),
        "cause": name_cause(report, lacked, kind="skill", by=designer),
        "entry": {"batch": entered_by(house.people["manager"], report, published)},
        "requirement": Requirement.objects.first(),
        "required of a role": {"pk": step.performed_by_id, "skill": published.pk},
        "job role": role,
        "two roles": {"here": role.pk, "there": role.pk},
        "cover as csv": {"pk": workflow.pk, "kind": "csv"},
        "outcome as csv": {"pk": handoff.outcome.pk, "kind": "csv"},
        "role as csv": {"pk": role.pk, "kind": "csv"},
        "comparison as csv": {"here": role.pk, "there": role.pk, "kind": "csv"},
        "title": JobTitle.objects.get(name="Warehouse lead (title)"),
        "last change": {"pk": published.pk, "change": history_of(published, seen_by=designer)[0].pk},
        "list as csv": {"kind": "csv"},
        "trust": {"type": "own"},
        "trust version": {"type": "own", "version": 1},
        "list as xlsx": {"kind": "xlsx"},
        "colleague": report,
        "leaver": leaver,
        "said of colleague": {"pk": report.pk, "skill": published.pk},
        "record as csv": {"pk": report.pk, "kind": "csv"},
        "record as json": {"pk": report.pk, "kind": "json"},
        "field": {"pk": report.pk, "field": "location"},
        "leaver's field": {"pk": leaver.pk, "field": "location"},
        "mapping": {"pk": actions.map_job_titles({title.pk: role}, by=designer).batch},
        "team": Team.objects.create(name="Inbound"),
        "user": make_person(source="idp", display_name="Uma Falk"),
        "group": Group.objects.create(source="idp", name="Night shift"),
        "SCIM schema": {"key": "urn:ietf:params:scim:schemas:core:2.0:User"},
        "SCIM type": {"key": "User"},
        "person": {"source_id": report.source_id},
        "run": open_run("hr", mode="delta", by=designer),
        "upload": add_upload(BytesIO(STAFF), file_name="staff.csv", source="hr", mode="delta", by=designer),
        "ratings": (ratings := add_ratings(BytesIO(RATED), file_name="rated.csv", by=designer)),
        "ratings as csv": {"pk": ratings.pk, "kind": "csv"},
        "import": add_import(BytesIO(LIST), file_name="secrets.csv", name="A list of secrets", by=designer),
        "statement": test_lrs(lrs, by=designer),
        "webhook": webhook,
        "delivery": {"pk": webhook.pk, "delivery": test_webhook(webhook, by=designer).pk},
        "source": Source.objects.get(name="hr"),
        "account": house.people["employee"],
        "key": ApiKey.objects.get(scopes=["hris"]),
        "contexts": {"skill_pk": published.pk},
        "contexts of a draft": {"skill_pk": draft.pk},
        "one context": {"skill_pk": published.pk, "pk": published.contexts.get().pk},
        "one context of a draft": {"skill_pk": draft.pk, "pk": draft.contexts.get().pk},
        "champion": champion,
        "community": community,
        "tip": tip,
        "resource": resource,
        "plan's rule": add_plan_rule(99, by=designer),
        "plan's overrule": overrule_plan(
            handoff.to_step, training="", practice="", support="Ask", reason="They know it.", by=designer
        ),
        "moment": {"pk": step.pk, "moment": "applying"},
        "help in a moment": {"pk": step.pk, "moment": "applying", "resource_pk": resource.pk},
        "draft resource": written,
        "batch": {"batch": set_intervals({7: 31}, by=designer)},
        "its file": pictured,
        "file's version": {"pk": pictured.pk, "number": 1},
        "placement": resource.placements.get(),
        "draft's placement": written.placements.get(),
        "version": {"pk": resource.pk, "number": 1},
        "placements": {"resource_pk": resource.pk},
        "placements of a draft": {"resource_pk": written.pk},
        "one placement": {"resource_pk": resource.pk, "pk": resource.placements.get().pk},
        "one placement of a draft": {"resource_pk": written.pk, "pk": written.placements.get().pk},
        "somebody's link": {"token": "made-up"},
        "step's support": {"step_pk": step.pk},
        "anything": {"path": "anything/"},
    }
    return house


def entered_by(account: Account, person: Person, skill: Skill) -> UUID:
    """Something that an account entered on the page for many levels."""
    batch = uuid4()
    make_evidence(person, skill, level=1, source=account.name, reference=reference_in(batch, 0), recorded_by=account)
    return batch


def routes() -> set[str]:
    """The name of every address that the resolver knows; an address without a name goes by its pattern."""

    def walk(resolver: URLResolver) -> set[str]:
        found: set[str] = set()
        for entry in resolver.url_patterns:
            found |= walk(entry) if isinstance(entry, URLResolver) else {entry.name or str(entry.pattern)}
        return found

    return walk(get_resolver())
