"""Two people change who or what a programme or a cohort holds: the second sees it and overwrites nothing unseen."""

import pytest
from django.utils import timezone

from base.errors import Outdated
from performance_support import actions
from tests.make import make_account, make_person, make_workflow

pytestmark = pytest.mark.django_db


def test_a_second_editor_of_a_programme_is_shown_that_people_changed():
    by, today = make_account(), timezone.localdate()
    days = {"starts_on": today, "ends_on": today}
    step, tom, uwe = make_workflow(steps=1).steps.get(), make_person(), make_person()
    programme = actions.add_programme(name="A", people=[tom], steps=[step], by=by, **days)
    actions.change_programme(programme, people=[tom, uwe], seen=1, by=make_account(name="Ines Vogt"))

    with pytest.raises(Outdated, match="Ines Vogt changed") as refusal:
        actions.change_programme(programme, people=[tom], seen=1, by=by)

    assert [change.verb for change in refusal.value.changes] == ["change"]
    assert programme.participants.count() == 2
    actions.change_programme(programme, people=[tom], seen=2, by=by)
    assert programme.participants.get().person == tom


def test_a_second_editor_of_a_cohort_is_shown_that_its_work_changed():
    by, today = make_account(), timezone.localdate()
    first, second = make_workflow(steps=2).steps.all()
    days = {"starts_on": today, "ends_on": today}
    cohort = actions.add_cohort(name="A", goal="Alone", meets="Here", steps=[first], by=by, **days)
    actions.change_cohort(cohort, steps=[first, second], seen=1, by=make_account(name="Ines Vogt"))

    with pytest.raises(Outdated, match="Ines Vogt changed"):
        actions.change_cohort(cohort, steps=[first], seen=1, by=by)

    assert cohort.steps.count() == 2
