"""What must never be false about skills, each broken on purpose by writing past the actions."""

import datetime as dt
from contextlib import contextmanager

import pytest
from django.db import IntegrityError, connection, transaction
from django.utils import timezone

from skills.models import Context, Difference, Digest, Import, ImportRow, Skill, SkillFlag
from tests.make import make_context, make_designer, make_outcome, make_skill, make_workflow

pytestmark = pytest.mark.django_db


@pytest.fixture
def placed():
    """A draft at the first of two steps, for that step's own outcome."""
    first, second = make_workflow(steps=2).steps.order_by("position")
    return make_skill(at=first), first, second


@contextmanager
def refuses(name: str):
    """The database says no, and says which sentence it keeps."""
    with pytest.raises(IntegrityError) as refusal, transaction.atomic():
        yield
    assert refusal.value.__cause__.diag.constraint_name == name


def at_commit() -> None:
    with connection.cursor() as cursor:
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")


# --- skill --------------------------------------------------------------------------------------


def test_skill_name_says_something(placed):
    with refuses("skill_name_says_something"):
        Skill.objects.update(name=" \t")


def test_skill_statement_says_something(placed):
    with refuses("skill_statement_says_something"):
        Skill.objects.update(statement="\n")


def test_skill_published_at_goes_with_published_by(placed):
    with refuses("skill_published_at_goes_with_published_by"):
        Skill.objects.update(published_at=timezone.now())


def test_skill_retired_at_goes_with_retired_by(placed):
    with refuses("skill_retired_at_goes_with_retired_by"):
        Skill.objects.update(state="retired", retired_at=timezone.now())


def test_a_retired_skill_has_its_moment(placed):
    with refuses("skill_is_retired_at_a_moment"):
        Skill.objects.update(state="retired")


def test_a_draft_has_no_moment_of_retiring(placed):
    with refuses("skill_is_retired_at_a_moment"):
        Skill.objects.update(retired_at=timezone.now(), retired_by=make_designer())


def test_a_published_skill_has_its_moment(placed):
    with refuses("skill_is_published_at_a_moment"):
        Skill.objects.update(state="published")


def test_skill_comes_once_from_its_origin():
    make_skill(origin="ESCO", origin_key="1")
    other = make_skill(origin="ESCO", origin_key="2")
    with refuses("skill_comes_once_from_its_origin"):
        Skill.objects.filter(pk=other.pk).update(origin_key="1")


# --- context ------------------------------------------------------------------------------------


def test_context_is_once_per_skill_step_and_outcome(placed):
    skill, step, _ = placed
    with refuses("context_is_once_per_skill_step_and_outcome"):
        Context.objects.create(skill=skill, step=step, outcome=step.outcomes.get(), placed_by=make_designer())


@pytest.mark.parametrize("level", [0, 5])
def test_context_required_level_is_1_to_4(placed, level):
    with refuses("context_required_level_is_1_to_4"):
        Context.objects.update(required_level=level)


@pytest.mark.parametrize("field", ["step", "outcome", "skill"])
def test_a_context_has_a_step_an_outcome_and_a_skill(placed, field):
    skill, step, _ = placed
    facts = {"skill": skill, "step": step, "outcome": step.outcomes.get(), "placed_by": make_designer()}
    with pytest.raises(IntegrityError, match=f'column "{field}_id"'), transaction.atomic():
        Context.objects.create(**facts | {field: None})


def test_a_new_context_leads_downstream(placed):
    skill, first, second = placed
    with refuses("context_outcome_is_downstream_of_its_step"):
        Context.objects.create(skill=skill, step=second, outcome=first.outcomes.get(), placed_by=make_designer())


def test_of_many_contexts_in_one_statement_each_leads_downstream(placed):
    skill, first, second = placed
    stray = make_outcome(make_workflow(steps=1).steps.get())
    facts = {"skill": skill, "placed_by": make_designer()}
    good = Context(step=first, outcome=second.outcomes.get(), **facts)
    with refuses("context_outcome_is_downstream_of_its_step"):
        Context.objects.bulk_create([good, Context(step=first, outcome=stray, **facts)])


def test_a_moved_context_leads_downstream(placed):
    _, _, second = placed
    with refuses("context_outcome_is_downstream_of_its_step"):
        Context.objects.update(step=second)


def test_a_context_on_a_broken_path_may_still_be_reworded(placed):
    skill, first, _ = placed
    first.outcomes.get().lineofsight.all().delete()

    assert Context.objects.filter(skill=skill).update(degree="no field left empty") == 1


# --- publishing ---------------------------------------------------------------------------------


def published(skill: Skill) -> None:
    Skill.objects.filter(pk=skill.pk).update(
        state="published", published_at=timezone.now(), published_by=make_designer()
    )


def test_a_skill_without_a_context_is_not_published():
    skill = make_skill()
    with refuses("published_skill_has_a_context"):
        published(skill)
        at_commit()


def test_a_skill_is_not_born_published_without_a_context():
    facts = {"published_at": timezone.now(), "published_by": make_designer(), "created_by": make_designer()}
    with refuses("published_skill_has_a_context"):
        Skill.objects.create(name="Read", statement="Read", state="published", **facts)
        at_commit()


def test_a_published_skill_keeps_a_context(placed):
    skill, _, _ = placed
    published(skill)
    with refuses("published_skill_has_a_context"):
        Context.objects.all().delete()
        at_commit()


def test_a_published_skill_does_not_give_its_context_away(placed):
    skill, _, _ = placed
    published(skill)
    other = make_skill()
    with refuses("published_skill_has_a_context"):
        Context.objects.update(skill=other)
        at_commit()


def test_inside_a_transaction_the_last_context_may_be_replaced(placed):
    skill, first, second = placed
    published(skill)

    Context.objects.all().delete()
    make_context(skill, first, second.outcomes.get())
    at_commit()

    assert skill.contexts.count() == 1


# --- differences --------------------------------------------------------------------------------


@pytest.fixture
def pair():
    return sorted((make_skill(), make_skill()), key=lambda skill: skill.pk)


def differ(one: Skill, other: Skill, reason: str = "Another form") -> Difference:
    return Difference.objects.create(one=one, other=other, reason=reason, said_by=make_designer())


def test_difference_is_said_once_per_pair(pair):
    differ(*pair)
    with refuses("difference_is_said_once_per_pair"):
        differ(*pair)


def test_difference_has_the_smaller_id_first(pair):
    with refuses("difference_has_the_smaller_id_first"):
        differ(*reversed(pair))


def test_difference_reason_says_something(pair):
    with refuses("difference_reason_says_something"):
        differ(*pair, reason=" ")


# --- flags, digests, imports --------------------------------------------------------------------


@pytest.fixture
def flag():
    return make_skill().flags.get(code="no_context")


def test_skillflag_is_open_once_per_subject_and_code(flag):
    with refuses("skillflag_is_open_once_per_subject_and_code"):
        SkillFlag.objects.create(about=flag.about, code=flag.code)


def test_skillflag_snoozed_until_goes_with_snooze_reason(flag):
    with refuses("skillflag_snoozed_until_goes_with_snooze_reason"):
        SkillFlag.objects.update(snoozed_until=dt.date(2026, 1, 1), snoozed_by=make_designer())


def test_skillflag_snoozed_until_goes_with_snoozed_by(flag):
    with refuses("skillflag_snoozed_until_goes_with_snoozed_by"):
        SkillFlag.objects.update(snoozed_until=dt.date(2026, 1, 1), snooze_reason="The work moves next month")


def test_digest_is_one_a_week_for_each_account():
    facts = {"account": make_designer(), "week": dt.date(2026, 1, 5)}
    Digest.objects.create(**facts)
    with refuses("digest_is_one_a_week_for_each_account"):
        Digest.objects.create(**facts)


@pytest.fixture
def brought():
    return Import.objects.create(name="A list", file_name="list.csv", created_by=make_designer())


def test_importrow_is_once_per_number(brought):
    ImportRow.objects.create(owner=brought, number=2)
    with refuses("importrow_is_once_per_number"):
        ImportRow.objects.create(owner=brought, number=2)


def test_importrow_rejected_says_why(brought):
    with refuses("importrow_rejected_says_why"):
        ImportRow.objects.create(owner=brought, number=2, verdict="rejected")
