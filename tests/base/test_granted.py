"""What a request takes for granted is proved by the message that asks its first question."""

from collections.abc import Callable
from typing import Any

import pytest
from django.db import IntegrityError, connection, transaction

from base.granted import answered, granted
from base.rows import Statement
from tests.make import make_workflow
from workflows.models import Workflow

pytestmark = pytest.mark.django_db(transaction=True)
PROOF = Statement("SELECT base_prove(EXISTS (SELECT FROM workflows_workflow WHERE name = %(name)s))")


def taking(name: str, view: Callable[[], Any], answers: list[str]) -> Any:
    """What a request is answered that takes it for granted that there is a workflow of this name."""
    proof = PROOF.text(name=name)

    def request() -> Any:
        taken = granted()
        assert taken
        if taken.believes:
            taken.take(proof)
        answers.append("trusting" if taken.believes else "asking")
        return view()

    return answered(request)


def rename() -> int:
    return Workflow.objects.update(name="Changed")


def rename_within() -> int:
    with transaction.atomic():
        return rename()


def count_in_pieces() -> int:
    return len([*Workflow.objects.iterator()])


def rename_many() -> int:
    with connection.cursor() as cursor:
        cursor.executemany("UPDATE workflows_workflow SET name = %s", [["First"], ["Changed"]])
    return 1


WAYS = [rename, rename_within, count_in_pieces, rename_many, lambda: 1]


@pytest.mark.parametrize("view", WAYS)
def test_what_holds_is_proved_on_the_way(view):
    make_workflow("Billing")
    answers: list[str] = []
    assert taking("Billing", view, answers) == 1
    assert answers == ["trusting"]


@pytest.mark.parametrize("view", WAYS)
def test_what_does_not_hold_is_asked_before_anything_is_done(view):
    make_workflow("Billing")
    answers, names = [], []

    def noting() -> Any:
        names.append([*Workflow.objects.values_list("name", flat=True)] if answers[-1] == "asking" else [])
        return view()

    assert taking("Another", noting, answers) == 1
    assert answers == ["trusting", "asking"]
    assert names[-1] == ["Billing"]


def test_a_connection_that_django_has_opened_anew_knows_no_proof():
    make_workflow("Billing")
    answers: list[str] = []

    def view() -> int:
        if answers[-1] == "trusting":
            connection.close()
        return rename()

    assert taking("Billing", view, answers) == 1
    assert answers == ["trusting", "asking"]


def test_no_view_can_take_it_for_an_error_of_its_own():
    make_workflow("Billing")
    answers: list[str] = []

    def view() -> Any:
        try:
            return rename()
        except Exception:
            return "an answer of its own"

    assert taking("Another", view, answers) == 1


def test_any_other_error_is_the_views():
    make_workflow("Billing")
    answers: list[str] = []

    def view() -> None:
        with connection.cursor() as cursor:
            cursor.execute("UPDATE workflows_workflow SET name = NULL")

    with pytest.raises(IntegrityError):
        taking("Billing", view, answers)
    assert answers == ["trusting"]


def test_nothing_is_taken_for_granted_within_a_transaction_or_outside_of_a_request():
    assert granted() is None
    with transaction.atomic():
        assert answered(granted) is None
    assert connection.execute_wrappers == []
