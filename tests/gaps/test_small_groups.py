"""Whoever sees groups only learns nothing about a group below five: what its people can changes no answer at all.

Two companies that differ in nothing but what three people of one role can do give the same answers, letter for letter,
to every question about cover, outcomes, what-if and roles, as pages, as files and to programs.
"""

import re
from collections.abc import Iterator
from itertools import product

import pytest
from django.test import Client
from django.urls import reverse

from gaps.models import Evidence
from gaps.queries import standing
from tests.api.client import Program
from tests.make import (
    make_account,
    make_designer,
    make_evidence,
    make_handoff,
    make_job_role,
    make_key,
    make_outcome,
    make_person,
    make_skill,
    make_step,
    make_workflow,
)
from workforce.models import Account, Person, Role

pytestmark = pytest.mark.django_db

# What differs between two answers without telling of anybody.
CHANCE = re.compile(r'(csrf\w*"?[^"]*"[^"]*"|nonce="[^"]*"|value="\w{64}")', re.IGNORECASE)


class Company:
    """Three smiths and eight clerks at two steps of one chain; the skill of either can be checked.

    Six who pack are not told of either: else everybody less the clerks would be the three smiths.
    """

    def __init__(self) -> None:
        self.rare, self.common = make_job_role("Smith"), make_job_role("Clerk")
        self.workflow = make_workflow("Forge")
        self.forge = make_step(self.workflow, name="Forge the part", performed_by=self.rare, criticality=7)
        self.ship = make_step(self.workflow, name="Ship the part", performed_by=self.common, criticality=6)
        part = make_outcome(self.forge, statement="The part is whole")
        self.outcomes = [part, make_outcome(self.ship, statement="The part is there")]
        make_handoff(part, self.ship)
        self.forging = make_skill("Support the clerk by forging parts", at=self.forge, published=True)
        self.shipping = make_skill("Support the customer by shipping parts", at=self.ship, published=True)
        self.smiths = [make_person(role=self.rare, display_name=f"Smith {n}") for n in range(3)]
        self.clerks = [make_person(role=self.common, display_name=f"Clerk {n}") for n in range(8)]
        packer = make_job_role("Packer")
        for n in range(6):
            make_person(role=packer, display_name=f"Packer {n}")
        for clerk in self.clerks[:4]:
            able(clerk, self.shipping)


def able(person: Person, skill: object) -> Evidence:
    evidence = make_evidence(person, skill, type="exercise", level=4)
    standing.recompute(standing.pairs([(person.pk, skill.pk)]))
    return evidence


@pytest.fixture
def company() -> Company:
    return Company()


def questions(company: Company, oneself: Person | None) -> Iterator[str]:
    """Every address about the work that takes a question, with every answer to it that there is."""
    files = ("csv",)
    yield from (reverse(name) for name in ("risk_list", "cover_list", "role_choose", "what_if"))
    for kind in files:
        yield from (reverse(name, args=[kind]) for name in ("risk_export", "cover_list_export"))
        yield reverse("cover_export", args=[company.workflow.pk, kind])
        yield from (reverse("outcome_export", args=[each.pk, kind]) for each in company.outcomes)
        yield from (reverse("role_near_export", args=[role.pk, kind]) for role in (company.rare, company.common))
    yield reverse("workflow_cover", args=[company.workflow.pk])
    yield from (reverse("outcome_show", args=[each.pk]) for each in company.outcomes)
    for one, other in product((company.rare, company.common), repeat=2):
        yield reverse("role_compare", args=[one.pk, other.pk])
    people = [*company.smiths, *company.clerks, *filter(None, [oneself])]
    for person in people:
        asked = [f"what=moves&role={role.pk}" for role in (company.rare, company.common)]
        asked += ["what=leaves", "what=reaches"]
        asked += [f"what=reaches&skill={skill.pk}" for skill in (company.forging, company.shipping)]
        for each in asked:
            yield f"{reverse('what_if')}?person={person.pk}&{each}"
            yield f"{reverse('what_if_export', args=['csv'])}?person={person.pk}&{each}"
    for step, question in product((company.forge, company.ship), ("", "?whose=all", f"?role={company.rare.pk}")):
        yield reverse("cover_show", args=[step.pk]) + question
        yield from (reverse("cell_show", args=[step.pk, person.pk]) + question for person in company.smiths)
    for outcome, question in product(company.outcomes, ("", "?whose=all", f"?role={company.rare.pk}")):
        yield reverse("risk_show", args=[outcome.pk]) + question
    for name in ("gap_list", "readiness_show", "why_show", "heatmap_show"):
        yield f"{reverse(name)}?role={company.rare.pk}"
    for name in ("gap_export", "why_export", "heatmap_export"):
        yield f"{reverse(name, args=['csv'])}?role={company.rare.pk}"


def answers(client: Client, company: Company, oneself: Person | None) -> dict[str, tuple[int, str]]:
    found = {}
    for address in questions(company, oneself):
        answer = client.get(address)
        body = b"".join(answer) if answer.streaming else answer.content
        found[address] = (answer.status_code, CHANCE.sub("", body.decode()))
    return found


def seen_by(account: Account, company: Company) -> dict[str, tuple[int, str]]:
    client = Client()
    client.force_login(account)
    return answers(client, company, account.person)


def reader(who: str, company: Company) -> Account:
    """Somebody who leads nobody and sees groups only."""
    return {
        "designer": make_designer,
        "clerk": lambda: make_account(person=company.clerks[0]),
        "designer among the clerks": lambda: make_account(Role.DESIGNER, person=company.clerks[0]),
    }[who]()


@pytest.mark.parametrize("who", ["designer", "clerk", "designer among the clerks"])
def test_what_a_small_group_can_changes_no_answer_to_whoever_sees_groups_only(who: str, company: Company) -> None:
    account = reader(who, company)
    before = seen_by(account, company)

    for count, smith in enumerate(company.smiths, 1):
        able(smith, company.forging)
        after = seen_by(account, company)
        assert {address for address in before if before[address] != after[address]} == set(), count


@pytest.mark.parametrize("who", ["designer", "clerk"])
def test_the_walk_does_see_what_a_large_group_can(who: str, company: Company) -> None:
    """Else the test above could not fail."""
    account = reader(who, company)
    before = seen_by(account, company)
    able(company.clerks[5], company.shipping)

    after = seen_by(account, company)
    moved = {address.split("?")[0].split("/")[2] for address in before if before[address] != after[address]}
    assert {"cover", "outcomes"} <= moved


def test_one_of_a_small_group_learns_nothing_of_the_others_from_what_if(company: Company) -> None:
    me = company.smiths[0]
    account = make_account(person=me)
    before = seen_by(account, company)

    able(company.smiths[1], company.forging)
    after = seen_by(account, company)

    assert {address for address in before if before[address] != after[address]} == set()


def test_a_program_without_sight_of_people_learns_nothing_of_a_small_group(company: Company) -> None:
    program = Program(make_key("design"))
    paths = ["cover/", "outcomes-at-risk/", f"roles/{company.common.pk}/compare/{company.rare.pk}/"]
    paths += [f"cover/?job_role={company.rare.pk}", f"gaps/?job_role={company.rare.pk}", "evidence/"]
    before = [program.ask("GET", path).body for path in paths]

    able(company.smiths[0], company.forging)

    assert [program.ask("GET", path).body for path in paths] == before
