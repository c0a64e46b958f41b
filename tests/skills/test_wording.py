"""Sentences and their parts, without a database."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from skills.wording import Parts, behaviour_of, ing, parts_of, statement_of

SUPPORT = "Support the sales rep by completing and submitting the customer information"


@pytest.mark.parametrize(
    ("label", "behaviour"),
    [
        ("Complete and submit the customer information", "completing and submitting the customer information"),
        ("Read, check and sign the contract.", "reading, checking and signing the contract"),
        ("Plan budgets and forecasts", "planning budgets and forecasts"),
        ("To verify a changed bank account", "verifying a changed bank account"),
        ("Negotiating delivery terms", "negotiating delivery terms"),
        ("review  and\napprove credit", "reviewing and approving credit"),
    ],
)
def test_a_label_that_begins_with_a_verb_becomes_a_behaviour(label, behaviour):
    assert behaviour_of(label) == behaviour


@pytest.mark.parametrize("label", ["Python", "Customer service", "Spreadsheets", "", "SQL and databases", "Spring"])
def test_a_label_that_names_no_act_has_no_behaviour(label):
    assert behaviour_of(label) in {"", label.lower() if label == "Spring" else ""}


@pytest.mark.parametrize(
    ("verb", "form"),
    [
        *[("complete", "completing"), ("submit", "submitting"), ("open", "opening"), ("visit", "visiting")],
        *[("enter", "entering"), ("edit", "editing"), ("refer", "referring"), ("agree", "agreeing"), ("tie", "tying")],
        *[("plan", "planning"), ("read", "reading"), ("fix", "fixing"), ("show", "showing"), ("label", "labelling")],
        *[("monitor", "monitoring"), ("budget", "budgeting"), ("develop", "developing"), ("write", "writing")],
        *[("see", "seeing"), ("equip", "equipping"), ("picnic", "picnicking"), ("pay", "paying"), ("get", "getting")],
    ],
)
def test_the_ing_form_is_spelt_as_people_spell_it(verb, form):
    assert ing(verb) == form


def test_the_statement_of_the_article_is_taken_apart():
    assert parts_of(SUPPORT) == Parts("Support", "the sales rep", "completing and submitting the customer information")


def test_an_outcome_at_the_end_is_left_to_the_context():
    assert parts_of(f"{SUPPORT}, so that the sales rep can begin.") == parts_of(SUPPORT)


def test_without_somebody_to_serve_the_behaviour_stands_alone():
    assert statement_of(Parts(behaviour="reading accounts")) == "Reading accounts"


def test_without_a_behaviour_the_contribution_stands_alone():
    assert statement_of(Parts("Help", "the buyer")) == "Help the buyer"


words = st.lists(st.sampled_from(["the", "buyer", "price", "order", "team"]), min_size=1, max_size=4).map(" ".join)


@given(st.sampled_from(["Support", "Keep", "Let"]), words, st.sampled_from(["reading", "checking and signing"]), words)
def test_taking_apart_what_was_put_together_gives_the_same_parts(verb, serves, does, what):
    parts = Parts(verb, serves, f"{does} {what}")

    assert parts_of(statement_of(parts)) == parts


@given(st.text(max_size=200))
def test_any_text_can_be_taken_apart(text):
    parts = parts_of(text)

    assert isinstance(statement_of(parts), str)
