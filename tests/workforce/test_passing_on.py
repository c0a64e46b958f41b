"""What somebody who left owned passes on, once, to whoever is nearest."""

import pytest
from django.core import mail
from django.urls import reverse

from base.models import Change
from skills.models import Skill, SkillFlag
from skills.routines import pass_on_work as pass_on_skills
from tests.make import make_account, make_designer, make_person, make_skill, make_workflow
from tests.workforce.feed import deliver, row
from workflows.models import Workflow
from workflows.routines import pass_on_work
from workforce import actions
from workforce.models import Account, Person, Role
from workforce.tasks import tell_heir

pytestmark = pytest.mark.django_db


@pytest.fixture
def told(monkeypatch) -> list[int]:
    """The notes for which a letter was queued."""
    notes: list[int] = []
    monkeypatch.setattr("base.outbox.enqueue", lambda task, payload: notes.append(payload["note"]))
    return notes


def make_team() -> tuple[Account, Account, Account]:
    """Accounts of a boss, of somebody between who cannot sign in, and of whoever owns the work."""
    top, middle = make_person(display_name="Top", source="hr"), make_person(display_name="Middle", source="hr")
    Person.objects.filter(pk=middle.pk).update(manager=top)
    owner = make_person(display_name="Owner", source="hr", manager=middle)
    return (
        make_account(person=top, name="Top"),
        make_account(person=middle, name="Middle", is_active=False),
        make_account(Role.DESIGNER, person=owner, name="Owner"),
    )


def leave(account: Account) -> Person:
    return actions.terminate_person(account.person, by=make_account(Role.PEOPLE_ADMIN))


def owner_of(workflow: Workflow) -> Account:
    return Workflow.objects.get(pk=workflow.pk).owner


def test_a_workflow_passes_to_the_nearest_manager_who_can_sign_in():
    top, _, owner = make_team()
    workflow, others = make_workflow(by=owner), make_workflow()
    before = owner_of(others)
    leave(owner)

    assert pass_on_work() == 1

    assert owner_of(workflow) == top
    assert owner_of(others) == before
    change = Change.objects.get(subject=workflow.pk, verb="pass_on")
    assert (change.by_name, change.facts["owner"][1]["name"]) == ("Sightline", "Top")


def test_without_a_manager_it_passes_to_an_administrator():
    owner = make_account(Role.DESIGNER, person=make_person(source="hr"))
    workflow, ada = make_workflow(by=owner), make_account(Role.ADMINISTRATOR, name="Ada Berg")
    leave(owner)
    pass_on_work()
    assert owner_of(workflow) == ada


def test_without_anybody_it_stays_and_is_looked_at_again():
    owner = make_account(Role.DESIGNER, person=make_person(source="hr"))
    workflow = make_workflow(by=owner)
    leave(owner)
    assert pass_on_work() == 0
    assert owner_of(workflow) == owner
    make_account(Role.ADMINISTRATOR)
    assert pass_on_work() == 1


def test_looking_twice_passes_on_once():
    _, _, owner = make_team()
    make_workflow(by=owner)
    leave(owner)
    assert [pass_on_work(), pass_on_work()] == [1, 0]
    assert Change.objects.filter(noun="person", verb="pass_on").count() == 1


def test_whoever_comes_back_gets_nothing_back_by_itself():
    top, _, owner = make_team()
    workflow = make_workflow(by=owner)
    leaver = leave(owner)
    pass_on_work()
    actions.restore_person(leaver, by=top)
    assert pass_on_work() == 0
    assert owner_of(workflow) == top


def test_the_new_owner_is_told_once(told, django_capture_on_commit_callbacks):
    top, _, owner = make_team()
    make_workflow("Order to delivery", by=owner)
    leave(owner)
    with django_capture_on_commit_callbacks(execute=True):
        pass_on_work()
    for _ in range(2):
        tell_heir(told[0])
    (letter,) = mail.outbox
    assert letter.to == [top.email]
    assert "- Order to delivery" in letter.body
    assert "Owner has left" in letter.body


def test_the_run_in_which_they_left_says_what_was_passed_on(client):
    deliver([row("boss", display_name="Boss"), row("own", display_name="Owner", manager_source_id="Eboss")])
    people = {person.display_name: person for person in Person.objects.all()}
    make_account(person=people["Boss"], name="Boss")
    owner = make_account(Role.DESIGNER, person=people["Owner"])
    make_workflow("Order to delivery", by=owner)
    run = deliver([{"source_id": "Eown", "status": "terminated"}])
    pass_on_work()

    client.force_login(make_account(Role.PEOPLE_ADMIN))
    html = client.get(reverse("run_show", args=[run.pk])).content.decode()

    assert "What leavers owned was passed on" in html
    assert "Order to delivery" in html
    assert "passed on what they owned" in client.get(f"/people/{people['Owner'].pk}/").content.decode()


def test_skills_pass_on_and_flags_go_back_to_whoever_owns_the_thing():
    top, _, owner = make_team()
    skill = make_skill(by=owner)
    others = SkillFlag.objects.open().get(about=make_skill(by=make_designer()), code="no_context")
    SkillFlag.objects.filter(pk=others.pk).update(assigned_to=owner)
    leave(owner)

    assert [pass_on_skills(), pass_on_skills()] == [1, 0]

    assert Skill.objects.get(pk=skill.pk).owner == top
    others.refresh_from_db()
    assert others.assigned_to is None
