"""Search as you type: what it finds, what it forgives, and what it must not show."""

import pytest
from django.urls import reverse
from hypothesis import given
from hypothesis import strategies as st

from base.spelling import nearest, slips
from skills import actions
from skills.models import Word
from skills.queries import vocabulary
from skills.queries.searching import search
from tests.make import make_account, make_designer, make_outcome, make_person, make_skill, make_step, make_workflow

pytestmark = pytest.mark.django_db


def said(typed, account, **options: object) -> list[str]:
    return [hit.says for hit in search(typed, seen_by=account, **options)]


def test_everything_that_has_a_name_is_found(client):
    designer = make_designer()
    step = make_step(make_workflow("Customer onboarding", by=designer), name="Call the customer", by=designer)
    make_outcome(step, statement="the customer is known", by=designer)
    make_skill("Ask how the customer buys", by=designer)
    make_person(display_name="Cara Customerson")

    hits = search("custom", seen_by=designer)

    assert sorted(hit.kind for hit in hits) == ["outcome", "person", "skill", "step", "workflow"]


def test_the_work_comes_before_the_skills_however_many(client):
    designer = make_designer()
    step = make_step(make_workflow("Customer onboarding", by=designer), name="Call the customer", by=designer)
    for n in range(12):
        make_skill(f"Ask how customer {n} buys", by=designer)
    client.force_login(designer)

    answer = client.get(reverse("search"), {"q": "custmer"})

    assert [words for words, _ in answer.context["groups"]] == ["Workflows", "Steps", "Skills"]
    assert f"?step={step.pk}#step-{step.pk}" in answer.content.decode()
    assert f"{reverse('skill_list')}?q=custmer" in answer.content.decode()


def test_words_may_be_incomplete_and_in_any_order():
    designer = make_designer()
    make_skill("Read the accounts of a customer", by=designer)

    assert said("cust acc", designer) == ["Read the accounts of a customer"]


@pytest.mark.parametrize("typed", ["custmer", "cusotmer", "acounts", "customr acc", "accouts"])
def test_typing_errors_are_forgiven(typed):
    designer = make_designer()
    make_skill("Read the accounts of a customer", by=designer)

    assert said(typed, designer) == ["Read the accounts of a customer"]


def test_two_letters_find_what_begins_with_them():
    designer = make_designer()
    make_skill("Python", by=designer)
    make_skill("Ask for a pyramid", by=designer)

    assert said("py", designer) == ["Python"]


@pytest.mark.parametrize("typed", ["", "   ", "!!!", "'", "a & | !", "%", "_", "\\", "x:*", "(", "🙂", "a" * 5000])
def test_whatever_is_typed_is_answered(typed, client):
    client.force_login(make_designer())

    assert client.get(reverse("search"), {"q": typed}).status_code == 200


def test_a_percent_sign_is_a_letter():
    designer = make_designer()
    make_skill("Match part numbers", by=designer)

    assert said("%", designer) == []


def test_a_draft_is_never_shown_to_somebody_who_does_not_design():
    make_skill("Read the accounts of a customer")

    for typed in ("re", "read", "accounts cust", "acounts"):
        assert said(typed, make_account()) == []


def test_retired_things_are_left_out():
    designer = make_designer()
    actions.retire_skill(make_skill("Fax the order", by=designer), by=designer)

    assert said("fax", designer) == []


def test_published_skills_come_before_drafts():
    designer = make_designer()
    make_skill("Do read the books", by=designer)
    make_skill("Do read the ledger", at=make_workflow(steps=1).steps.get(), published=True, by=designer)

    assert said("read", designer, kinds="skill") == ["Do read the ledger", "Do read the books"]


def test_the_vocabulary_equals_its_recomputation_after_any_edits():
    designer = make_designer()
    skills = [make_skill(f"Read the {noun} ledger", by=designer) for noun in ("sales", "buying", "stock")]
    vocabulary.rebuild()
    actions.change_skill(skills[0], statement="Write an invoice", by=designer)
    actions.retire_skill(skills[1], by=designer)
    make_step(name="Prepare the shipment", by=designer)

    vocabulary.rebuild()

    assert dict(Word.objects.values_list("word", "uses")) == vocabulary.recomputed()


def test_rebuilding_twice_changes_nothing():
    make_skill("Read the sales ledger")
    vocabulary.rebuild()

    assert vocabulary.rebuild() == (0, 0)


def test_a_new_word_is_known_at_once():
    make_skill("Calibrate the spectrometer")

    assert Word.objects.filter(word="spectrometer").exists()


@pytest.mark.parametrize(
    ("typed", "meant", "count"),
    [("custm", "customer", 1), ("customer", "customer", 0), ("cusotmer", "customer", 1), ("xyz", "abc", 3)],
)
def test_slips_are_counted_to_the_nearest_beginning(typed, meant, count):
    assert slips(typed, meant) == count


@given(st.text("abc", max_size=8), st.text("abc", max_size=8))
def test_slips_never_exceed_the_longer_word(typed, meant):
    assert 0 <= slips(typed, meant) <= max(len(typed), len(meant))


def test_of_two_that_are_as_near_the_more_used_one_comes_first():
    assert nearest("tabel", [("table", 2), ("label", 9), ("cabin", 99)]) == ["label", "table"]


@pytest.mark.parametrize("count", [1, 3])
def test_a_search_costs_the_same_for_one_and_for_three(client, count, django_assert_num_queries):
    designer = make_designer()
    client.force_login(designer)
    for _ in range(count):
        make_skill(by=designer)

    # session, account, search, unknown words, what they resemble; in the library the last three
    with django_assert_num_queries(8):
        client.get(reverse("search"), {"q": "thing"})
