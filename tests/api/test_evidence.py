"""Evidence and requirements for programs."""

import datetime as dt
from typing import Any

import pytest
from django.utils import timezone

from gaps.models import AccessNote, Evidence, Standing, Type, Withdrawal
from skills import actions as skill_actions
from tests.api.client import Program
from tests.make import (
    make_account,
    make_designer,
    make_evidence,
    make_job_role,
    make_key,
    make_outcome,
    make_person,
    make_skill,
    make_step,
)

pytestmark = pytest.mark.django_db
LONG_AGO = "2026-01-01T09:00:00Z"


@pytest.fixture
def program():
    return Program(make_key("hris"))


@pytest.fixture
def skill():
    return make_skill("Check the register entry")


def told(person, skill, **facts: Any) -> dict[str, Any]:
    usual = {"level": 3, "type": "exercise", "observed_at": timezone.now().isoformat()}
    return {"person": str(person.pk), "skill": str(skill.pk), **usual, **facts}


def test_one_statement_is_recorded_and_counts_at_once(program, skill):
    anna = make_person()
    answer = program.ask("POST", "evidence/", told(anna, skill, reference="A-1"))

    assert (answer.status_code, answer.body["recorded"]) == (201, 1)
    said = Evidence.objects.get()
    assert answer.body["results"] == [{"row": 1, "evidence": str(said.pk), "result": "recorded"}]
    assert (said.source, said.recorded_by.kind) == (said.recorded_by.name, "key")
    assert Standing.objects.get().level == 3


def test_people_go_by_the_id_of_their_system_too(program, skill):
    anna = make_person()
    body = told(anna, skill) | {"person_source_id": anna.source_id}
    del body["person"]

    assert program.ask("POST", "evidence/", body).status_code == 201
    assert Evidence.objects.get().person == anna


def test_one_alone_that_is_wrong_is_refused(program, skill):
    answer = program.ask("POST", "evidence/", told(make_person(), skill, type="observed"))

    assert answer.status_code == 400
    assert [(one["code"], one["attr"]) for one in answer.body["errors"]] == [("step_missing", "step")]


def test_of_many_those_that_are_wrong_are_named_and_the_others_taken(program, skill):
    anna = make_person()
    rows = [
        told(anna, skill),
        told(anna, skill, level=7),
        told(anna, skill) | {"skill": "b7a4f1de-0000-4000-8000-000000000000"},
        told(anna, skill, type="observed"),
        "nonsense",
    ]
    answer = program.ask("POST", "evidence/", rows)

    assert answer.status_code == 201
    assert [answer.body[key] for key in ("recorded", "known", "rejected")] == [1, 0, 4]
    assert [(one["row"], one["code"], one["attr"]) for one in answer.body["errors"]] == [
        (2, "max_value", "level"),
        (3, "unknown_skill", "skill"),
        (4, "step_missing", "step"),
        (5, "invalid", "non_field_errors"),
    ]


def test_the_same_again_is_known(program, skill):
    body = told(make_person(), skill, source="Academy", reference="17", observed_at=LONG_AGO)
    first, again = (program.ask("POST", "evidence/", [body]) for _ in range(2))

    assert (first.status_code, again.status_code) == (201, 200)
    assert again.body["results"] == [{**first.body["results"][0], "result": "known"}]


def test_a_retry_with_its_key_gets_the_first_answer(program, skill):
    body = [told(make_person(), skill, observed_at=LONG_AGO)]

    def ask() -> Any:
        return program.post(
            "/api/v1/evidence/", data=body, content_type="application/json", headers={"Idempotency-Key": "once"}
        )

    first, again = ask(), ask()
    assert first.json() == again.json()
    assert Evidence.objects.count() == 1


def test_no_more_than_a_thousand_at_a_time(program, skill):
    answer = program.ask("POST", "evidence/", [told(make_person(), skill)] * 1001)

    assert (answer.status_code, answer.body["errors"][0]["code"]) == (400, "too_many")


def test_evidence_is_listed_with_what_became_of_it(program, skill):
    anna = make_person()
    first, second = make_evidence(anna, skill), make_evidence(anna, skill)
    Withdrawal.objects.create(evidence=second, reason="Mistyped", withdrawn_by=make_account())

    found = program.ask("GET", f"evidence/?person={anna.pk}").body["results"]
    assert [(one["id"], one["is_withdrawn"]) for one in found] == [(str(first.pk), False), (str(second.pk), True)]
    standing = program.ask("GET", "evidence/?is_withdrawn=false").body["results"]
    assert [one["id"] for one in standing] == [str(first.pk)]


def test_updated_since_tells_what_was_recorded_and_what_was_withdrawn(program):
    before = {"recorded_at": timezone.now() - dt.timedelta(days=9), "observed_at": long_ago()}
    old, withdrawn = make_evidence(**before), make_evidence(**before)
    Withdrawal.objects.create(evidence=withdrawn, reason="Mistyped", withdrawn_by=make_account())
    new = make_evidence()
    since = (timezone.now() - dt.timedelta(hours=1)).strftime("%Y-%m-%dT%H:%M:%SZ")

    found = program.ask("GET", f"evidence/?updated_since={since}").body["results"]
    assert {one["id"] for one in found} == {str(withdrawn.pk), str(new.pk)}
    assert str(old.pk) not in {one["id"] for one in found}


def long_ago() -> dt.datetime:
    return timezone.now() - dt.timedelta(days=10)


def test_reading_about_somebody_is_noted(program):
    said = make_evidence()
    program.ask("GET", "evidence/")
    program.ask("GET", f"evidence/{said.pk}/")

    assert [(note.person, note.seen_by.kind, note.page) for note in AccessNote.objects.all()] == [
        (said.person, "key", "evidence")
    ]


def test_a_key_that_only_designs_sees_no_evidence():
    assert Program(make_key("design")).ask("GET", "evidence/").status_code == 403


def test_withdrawn_by_a_program(program, skill):
    program.ask("POST", "evidence/", told(make_person(), skill))
    said = Evidence.objects.get()

    answer = program.ask("POST", f"evidence/{said.pk}/withdraw/", {"reason": "Sent by mistake"})
    assert (answer.status_code, answer.body["is_withdrawn"]) == (200, True)
    assert not Standing.objects.exists()
    assert program.ask("POST", f"evidence/{said.pk}/withdraw/", {"reason": "Again"}).status_code == 409


@pytest.mark.parametrize("count", [1, 3])
def test_the_list_costs_the_same_for_one_and_for_three(program, count, django_assert_num_queries):
    for _ in range(count):
        make_evidence(type=Type.OWN)
    program.ask("GET", "evidence/")

    with django_assert_num_queries(3):  # the key with its account, the evidence, the note
        assert len(program.ask("GET", "evidence/").body["results"]) == count


def test_requirements_are_read_and_open_to_their_steps_and_contexts():
    role = make_job_role("Clerk")
    step = make_step(performed_by=role, criticality=5)
    make_outcome(step)
    skill = make_skill("Check the register entry", at=step, published=True)
    program = Program(make_key("read"))

    [found] = program.ask("GET", f"requirements/?job_role={role.pk}&criticality=5").body["results"]
    assert (found["job_role_name"], found["skill_name"], found["level"], found["criticality"], found["steps"]) == (
        "Clerk",
        "Check the register entry",
        3,
        5,
        1,
    )
    one = program.ask("GET", f"requirements/{found['id']}/").body
    assert [need["step"] for need in one["needs"]] == [str(step.pk)]
    assert one["contexts"] == [str(skill.contexts.get().pk)]
    assert program.ask("GET", "requirements/?criticality=6").body["results"] == []
    skill_actions.withdraw(skill, by=make_designer())
    assert program.ask("GET", "requirements/").body["results"] == []
    assert program.ask("POST", "requirements/", {}).status_code in {403, 405}
