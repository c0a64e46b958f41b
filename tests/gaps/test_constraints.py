"""What PostgreSQL keeps about evidence, goals and judgements, whoever writes."""

from datetime import timedelta

import pytest
from django.db import IntegrityError, connection, transaction
from django.db.models import ProtectedError
from django.utils import timezone

from gaps.arithmetic import Label
from gaps.models import Cause, Contest, ContestAnswer, Evidence, Goal, GoalDate, Overrule, Trust, Type, Withdrawal
from tests.make import make_account, make_evidence, make_job_role, make_person, make_skill, make_step

pytestmark = pytest.mark.django_db


def refused(name: str, act) -> None:
    with pytest.raises(IntegrityError) as refusal, transaction.atomic():
        act()
    assert refusal.value.__cause__.diag.constraint_name == name


def erasing(person) -> None:
    with connection.cursor() as cursor:
        cursor.execute("SELECT set_config('sightline.erasing', %s, true)", [str(person.pk)])


def test_evidence_is_never_rewritten():
    said = make_evidence(level=2)

    refused("evidence_is_never_rewritten", lambda: Evidence.objects.filter(pk=said.pk).update(level=4))
    refused("evidence_is_never_removed", lambda: Evidence.objects.filter(pk=said.pk).delete())


def test_erasing_a_person_takes_what_was_said_about_them_and_no_more():
    gone, other = make_evidence(), make_evidence()
    contest = Contest.objects.create(evidence=gone, reason="No", contested_by=make_account())
    ContestAnswer.objects.create(contest=contest, verdict="stands", reason="Yes", answered_by=make_account())
    Withdrawal.objects.create(evidence=gone, reason="Old", withdrawn_by=make_account())

    erasing(gone.person)
    gone.person.delete()

    assert list(Evidence.objects.all()) == [other]
    refused("evidence_is_never_removed", lambda: Evidence.objects.filter(pk=other.pk).delete())


def test_an_observer_who_is_erased_leaves_the_statement_but_not_the_name():
    observer = make_person(display_name="Ines Vogt")
    said = make_evidence(observer=observer, source="Ines Vogt")

    erasing(observer)
    Evidence.objects.filter(pk=said.pk).update(observer=None, source="A former colleague")

    said.refresh_from_db()
    assert (said.observer, said.source, said.level) == (None, "A former colleague", 3)


def test_not_even_while_an_observer_is_erased_is_a_level_rewritten():
    said = make_evidence(observer=make_person())
    erasing(said.observer)

    refused(
        "evidence_is_never_rewritten",
        lambda: Evidence.objects.filter(pk=said.pk).update(observer=None, level=4),
    )


def test_what_became_of_evidence_is_never_rewritten():
    contest = Contest.objects.create(evidence=make_evidence(), reason="No", contested_by=make_account())
    gone = Withdrawal.objects.create(evidence=make_evidence(), reason="Old", withdrawn_by=make_account())

    refused("contest_is_never_rewritten", lambda: Contest.objects.update(reason="Yes"))
    refused("contest_is_never_removed", contest.delete)
    answer = ContestAnswer.objects.create(contest=contest, verdict="stands", reason="Yes", answered_by=make_account())
    refused("contestanswer_is_never_rewritten", lambda: ContestAnswer.objects.update(verdict="withdrawn"))
    refused("contestanswer_is_never_removed", answer.delete)
    refused("withdrawal_is_never_rewritten", lambda: Withdrawal.objects.update(reason="New"))
    refused("withdrawal_is_never_removed", gone.delete)


@pytest.mark.parametrize(
    ("name", "fields"),
    [
        ("evidence_level_is_0_to_4", {"level": 5}),
        ("evidence_type_is_known", {"type": "rumour"}),
        ("evidence_source_says_something", {"source": " "}),
        ("evidence_of_work_names_its_step", {"type": Type.OBSERVED}),
        ("evidence_expires_unless_a_credential", {"valid_until": None}),
        ("evidence_is_not_about_the_future", {"observed_at": timezone.now() + timedelta(days=3)}),
        ("evidence_step_goes_with_step_revision", {"step_revision": 1}),
    ],
)
def test_evidence_that_makes_no_sense_is_refused(name, fields):
    refused(name, lambda: make_evidence(**fields))


def test_a_credential_may_never_expire():
    assert not make_evidence(type=Type.CREDENTIAL, valid_until=None).is_expired


def test_who_saw_it_fits_its_type():
    person, other = make_person(), make_person()

    refused("evidence_by_others_is_not_by_oneself", lambda: make_evidence(person, type=Type.PEER, observer=person))
    refused("evidence_of_an_own_view_is_by_oneself", lambda: make_evidence(person, type=Type.OWN, observer=other))


def test_the_same_reference_of_a_source_comes_once():
    make_evidence(source="Academy", reference="17")
    make_evidence(source="Another academy", reference="17")

    refused("evidence_comes_once_from_its_source", lambda: make_evidence(source="Academy", reference="17"))


def test_a_skill_with_evidence_is_not_deleted():
    with pytest.raises(ProtectedError):
        make_evidence().skill.delete()


def test_what_was_inferred_is_never_trusted_enough_to_close_a_gap():
    refused(
        "trust_in_what_was_inferred_closes_no_gap",
        lambda: Trust.objects.filter(type=Type.INFERRED).update(percent=21),
    )


def test_trust_begins_as_the_design_says():
    assert list(Trust.objects.values_list("type", "percent", "months")) == [
        ("observed", 100, 12),
        ("accepted", 90, 12),
        ("exercise", 80, 12),
        ("credential", 70, None),
        ("manager", 60, 6),
        ("peer", 50, 6),
        ("own", 30, 6),
        ("inferred", 20, 3),
    ]


def make_goal(person, **fields: object) -> Goal:
    return Goal.objects.create(person=person, job_role=make_job_role(), proposed_by=make_account(), **fields)


def test_a_goal_is_agreed_by_both():
    refused("goal_is_agreed_by_both", lambda: make_goal(make_person(), state="agreed", person_agreed_at=timezone.now()))


def test_a_person_has_one_agreed_goal_and_each_role_once():
    person, by, now = make_person(), make_account(), timezone.now()
    signed = {"person_agreed_at": now, "manager_agreed_at": now, "manager_agreed_by": by}
    first = make_goal(person, state="agreed", **signed)

    refused("goal_agreed_is_one_per_person", lambda: make_goal(person, state="agreed", **signed))
    refused(
        "goal_is_open_once_per_person_and_role",
        lambda: Goal.objects.create(person=person, job_role=first.job_role, proposed_by=by),
    )


def make_date(by=None, goal=None, **fields: object) -> GoalDate:
    day = timezone.localdate() + timedelta(days=30)
    goal = goal or make_goal(make_person())
    return GoalDate.objects.create(goal=goal, **{"due_on": day, "proposed_by": by or make_account(), **fields})


def test_another_day_waits_once_and_is_another_day():
    first = make_date()

    refused("goaldate_waits_once_per_goal", lambda: make_date(goal=first.goal))
    refused("goaldate_is_another_day", lambda: make_date(before=first.due_on))
    refused("goaldate_is_another_day", lambda: make_date(due_on=None))


def test_nobody_answers_the_day_that_they_proposed():
    by, now = make_account(), timezone.now()

    for state in ("agreed", "declined"):
        told = {"state": state, "answered_at": now, "answered_by": by, "reason": "No"}
        refused("goaldate_is_answered_by_another", lambda told=told: make_date(by, **told))


def test_another_day_is_answered_at_a_moment_and_declined_with_a_reason():
    told = {"answered_at": timezone.now(), "answered_by": make_account()}

    refused("goaldate_that_is_answered_says_when", lambda: make_date(state="agreed"))
    refused("goaldate_is_declined_with_a_reason", lambda: make_date(state="declined", **told))


def test_a_goal_that_ended_says_when():
    refused("goal_that_ended_ended_at_a_moment", lambda: make_goal(make_person(), state="dropped"))


def test_a_gap_is_overruled_once_at_a_time():
    facts = {
        "person": make_person(),
        "skill": make_skill(),
        "reason": "She did it before",
        "overruled_by": make_account(),
    }
    first = Overrule.objects.create(label=Label.UPSKILL, **facts)

    refused("overrule_is_once_per_person_and_skill", lambda: Overrule.objects.create(label=Label.NONE, **facts))
    Overrule.objects.filter(pk=first.pk).update(taken_back_at=timezone.now(), taken_back_by=make_account())
    Overrule.objects.create(label=Label.NONE, **facts)


def test_labels_and_causes_are_known_ones():
    facts = {"person": make_person(), "skill": make_skill()}

    refused(
        "overrule_label_is_known",
        lambda: Overrule.objects.create(label="perhaps", reason="So", overruled_by=make_account(), **facts),
    )
    refused("cause_kind_is_known", lambda: Cause.objects.create(kind="weather", named_by=make_account(), **facts))


def test_evidence_at_a_changed_step_is_outdated():
    step = make_step()
    old, new = make_evidence(step=step), make_evidence(step=step, step_revision=2)
    type(step).objects.filter(pk=step.pk).update(revision=2)

    assert list(Evidence.objects.outdated()) == [old]
    assert {said.pk: said.is_outdated for said in Evidence.objects.with_fate()} == {old.pk: True, new.pk: False}


def test_an_emptied_database_begins_with_trust_again_and_what_was_edited_stays():
    Trust.objects.filter(type=Type.PEER).update(percent=40)
    Trust.objects.exclude(type=Type.PEER).delete()

    Trust.begin()
    assert Trust.objects.get(type=Type.PEER).percent == 40
    assert Trust.objects.count() == len(Type)
