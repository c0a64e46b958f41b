"""Who may open whose record, and that the person learns of it."""

import uuid

import pytest
from django.core.exceptions import PermissionDenied
from django.http import Http404

from gaps import access, actions
from gaps.models import AccessNote, Type
from gaps.seeing import people_seen_by
from tests.make import make_account, make_designer, make_job_role, make_person, make_skill, make_step
from workforce.models import Person, Role

pytestmark = pytest.mark.django_db


@pytest.fixture
def line():
    """Three levels: a director, a lead, a clerk; and somebody beside them."""
    director = make_person(display_name="Director")
    lead = make_person(display_name="Lead", manager=director)
    clerk = make_person(display_name="Clerk", manager=lead)
    beside = make_person(display_name="Beside", manager=director)
    return {person.display_name: make_account(person=person) for person in (director, lead, clerk, beside)}


def seen(account) -> set[str]:
    return {person.display_name for person in people_seen_by(account)}


def test_the_tree_goes_all_the_way_down(line):
    assert {p.display_name for p in Person.objects.in_tree_of(line["Director"].person)} == {"Lead", "Clerk", "Beside"}
    assert {p.display_name for p in Person.objects.in_tree_of(line["Lead"].person)} == {"Clerk"}
    assert not Person.objects.in_tree_of(line["Clerk"].person).exists()


def test_everybody_sees_oneself_and_the_own_tree(line):
    assert seen(line["Director"]) == {"Director", "Lead", "Clerk", "Beside"}
    assert seen(line["Lead"]) == {"Lead", "Clerk"}
    assert seen(line["Clerk"]) == {"Clerk"}
    assert seen(make_designer()) == set()
    assert seen(make_account(Role.PEOPLE_ADMIN)) == {"Director", "Lead", "Clerk", "Beside"}


@pytest.mark.parametrize(("who", "opens"), [("Director", True), ("Lead", True), ("Clerk", True), ("Beside", False)])
def test_a_record_opens_for_the_person_and_the_managers_above(line, who, opens):
    clerk = line["Clerk"].person
    assert access.may_see_record(line[who], clerk) is opens
    if not opens:
        with pytest.raises(PermissionDenied, match="Only Clerk, Lead, the managers above and people admins"):
            access.record_for(line[who], clerk.pk, page="gaps")


def test_designers_open_no_record(line):
    with pytest.raises(PermissionDenied):
        access.record_for(make_designer(), line["Clerk"].person.pk, page="gaps")


def test_a_record_of_nobody_is_missing(line):
    with pytest.raises(Http404):
        access.record_for(line["Lead"], uuid.uuid4(), page="gaps")


def test_looking_is_noted_once_a_day_and_not_for_oneself(line):
    clerk = line["Clerk"].person
    for who in ("Lead", "Lead", "Director", "Clerk"):
        access.record_for(line[who], clerk.pk, page="gaps")
    access.note_list(line["Lead"], [clerk.pk, line["Lead"].person.pk], page="team")

    noted = AccessNote.objects.order_by("pk").values_list("seen_by__full_name", "person", "page")
    assert [(person, page) for _, person, page in noted] == [(clerk.pk, "gaps"), (clerk.pk, "gaps"), (clerk.pk, "team")]


def test_about_oneself_there_is_only_the_own_view(line):
    clerk = line["Clerk"]
    assert access.person_to_judge_for(clerk, clerk.person.pk, Type.OWN) == clerk.person
    with pytest.raises(PermissionDenied, match="own view"):
        access.person_to_judge_for(clerk, clerk.person.pk, Type.CREDENTIAL)


def test_colleagues_vouch_and_managers_judge(line):
    clerk = line["Clerk"].person.pk
    for who, type in [
        ("Beside", Type.PEER),
        ("Beside", Type.OBSERVED),
        ("Lead", Type.MANAGER),
        ("Director", Type.EXERCISE),
    ]:
        access.person_to_judge_for(line[who], clerk, type)
    for who, type in [("Beside", Type.MANAGER), ("Beside", Type.CREDENTIAL), ("Lead", Type.OWN)]:
        with pytest.raises(PermissionDenied):
            access.person_to_judge_for(line[who], clerk, type)


def test_who_contests_who_answers_and_who_withdraws(line):
    clerk, lead, beside = line["Clerk"], line["Lead"], line["Beside"]
    said = actions.record_evidence(clerk.person, make_skill(), level=1, type=Type.PEER, by=beside)

    assert access.evidence_to_contest_for(clerk, said.pk) == said
    with pytest.raises(PermissionDenied):
        access.evidence_to_contest_for(lead, said.pk)
    contest = actions.contest(said, reason="No", by=clerk)
    assert access.contest_for(lead, contest.pk) == contest
    with pytest.raises(PermissionDenied):
        access.contest_for(clerk, contest.pk)
    for who in (lead, beside):  # a manager above, and whoever said it
        assert access.evidence_to_withdraw_for(who, said.pk) == said
    with pytest.raises(PermissionDenied):
        access.evidence_to_withdraw_for(clerk, said.pk)


def test_a_goal_is_for_both_sides(line):
    goal = actions.propose_goal(line["Clerk"].person, job_role=make_job_role(), by=line["Clerk"])
    for who in ("Clerk", "Lead", "Director"):
        assert access.goal_for(line[who], goal.pk) == goal
    with pytest.raises(PermissionDenied):
        access.goal_for(line["Beside"], goal.pk)


def test_a_step_is_staffed_by_designers_and_whoever_leads_its_performers(line):
    role = make_job_role()
    step = make_step(performed_by=role)
    make_person(role=role, manager=line["Lead"].person)

    for account in (make_designer(), line["Lead"], line["Director"]):
        assert access.step_to_staff_for(account, step.pk) == step
    with pytest.raises(PermissionDenied):
        access.step_to_staff_for(line["Beside"], step.pk)


def test_trust_is_set_by_administrators(line):
    assert access.trust_for(make_account(Role.ADMINISTRATOR), Type.PEER).percent == 50
    with pytest.raises(PermissionDenied):
        access.trust_for(make_account(Role.PEOPLE_ADMIN), Type.PEER)
