"""The queue of flags as a designer works through it, without scripts."""

import datetime as dt

import pytest
from django.urls import reverse
from django.utils import timezone

from skills.models import Context, Skill, SkillFlag
from skills.queue import history
from tests.make import make_account, make_designer, make_outcome, make_skill, make_step, make_workflow
from workforce.models import Role

pytestmark = pytest.mark.django_db
LIST = "/skills/flags/"


@pytest.fixture
def maren(client):
    maren = make_designer("Maren Holt")
    client.force_login(maren)
    return maren


def flag_of(skill: Skill, code: str = "no_context") -> SkillFlag:
    return skill.flags.open().get(code=code)


def ticked(*skills: Skill) -> dict:
    return {"flag": [str(flag_of(skill).pk) for skill in skills]}


def page(client, **query: str) -> str:
    answer = client.get(LIST, query)
    assert answer.status_code == 200
    return answer.content.decode()


def act(client, name: str, **facts: object):
    return client.post(reverse(name), {"answer": "yes", "back": LIST, **facts}, follow=True)


@pytest.mark.parametrize("count", [1, 3])
def test_the_queue_costs_the_same_for_one_and_for_three(client, maren, django_assert_num_queries, count):
    for n in range(count):
        make_skill(f"Support somebody by doing thing {n}", by=maren, origin=f"List {n}")
        make_step(make_workflow(by=maren))

    # session, account, five nouns counted, skills in use, skills in sight, rows, their other reasons, designers,
    # lists, last run, suggestions
    with django_assert_num_queries(15):
        html = client.get(LIST).content.decode()

    assert html.count('name="flag"') == count


def test_the_reason_that_is_asked_for_is_open(client, maren):
    make_step(make_workflow("Returns and credits"), name="Inspect the goods")

    html = page(client, reason="no_role")

    assert "Inspect the goods" in html
    assert "No job role performs it." in html


def test_rows_come_in_pages_by_position(client, maren, monkeypatch):
    monkeypatch.setattr("skills.queue.PAGE", 2)
    skills = [make_skill(f"Support somebody by doing thing {n}") for n in range(5)]
    SkillFlag.objects.update(opened_at=timezone.now())

    seen, after = [], ""
    for _ in range(3):
        answer = client.get(LIST, {"reason": "no_context", "after": after})
        seen += [row.flag.about_id for row in answer.context["page_of"].rows]
        after = answer.context["page_of"].after

    assert (sorted(seen), after) == (sorted(skill.pk for skill in skills), "")


def test_whose_a_flag_is_follows_the_assignee_then_the_owner(client, maren):
    lena = make_designer("Lena Fischer")
    make_skill("Support Maren by owning it", by=maren)
    given = make_skill("Support Lena by giving it", by=maren)
    flags = ticked(given)
    act(client, "flag_assign", **flags, to=lena.pk)

    mine, hers = page(client, whose="mine"), page(client, whose=str(lena.pk))
    assert ("by owning it" in mine, "by giving it" in mine) == (True, False)
    assert ("by owning it" in hers, "by giving it" in hers) == (False, True)


def test_nobodys_and_old_flags_are_found(client, maren):
    skill = make_skill("Support somebody by being old")
    make_skill("Support somebody by being new")
    Skill.objects.filter(pk=skill.pk).update(owner=None)
    SkillFlag.objects.filter(about=skill).update(opened_at=timezone.now() - dt.timedelta(days=40))

    for query in ({"whose": "nobody"}, {"age": "30"}):
        html = page(client, **query)
        assert ("by being old" in html, "by being new" in html) == (True, False)


@pytest.mark.parametrize("query", [{"whose": "x"}, {"age": "x"}, {"after": "x"}, {"reason": "x"}])
def test_a_mistyped_address_shows_the_queue(client, maren, query):
    make_skill("Support somebody by standing there")

    assert "by standing there" in page(client, **query)


def test_many_are_placed_at_one_step_and_taken_back(client, maren):
    step = make_workflow(steps=2, by=maren).steps.get(position=1)
    skills = [make_skill() for _ in range(3)]
    where = {"step": step.pk, "outcome": step.outcomes.get().pk, "required_level": 2}

    html = act(client, "flag_place", **ticked(*skills), **where).content.decode()

    assert f"3 skills are placed at “{step}”" in html
    assert list(Context.objects.values_list("required_level", flat=True)) == [2, 2, 2]
    html = client.post(reverse("flag_undo"), {"back": LIST}, follow=True).content.decode()
    assert "Undone: 3 skills are placed" in html
    assert not Context.objects.exists()


def test_look_alikes_are_placed_as_one_and_taken_apart_again(client, maren):
    step = make_workflow(steps=1, by=maren).steps.get()
    kept, other = make_skill("Complete the form"), make_skill("The form: complete!")
    where = {"step": step.pk, "outcome": step.outcomes.get().pk, "required_level": 3}

    act(client, "flag_place", **ticked(kept, other), **where, together="on", kept=kept.pk)

    kept.refresh_from_db()
    assert (kept.contexts.count(), kept.also_called) == (1, ["The form: complete!"])
    assert Skill.objects.get(pk=other.pk).is_retired
    client.post(reverse("flag_undo"), {"back": LIST})
    kept.refresh_from_db()
    assert (kept.contexts.count(), kept.also_called) == (0, [])
    assert Skill.objects.get(pk=other.pk).is_draft


def test_placing_asks_for_the_step_first_and_then_offers_its_outcomes(client, maren):
    step = make_workflow(steps=2, by=maren).steps.get(position=1)
    flags = ticked(make_skill())

    answer = client.post(reverse("flag_place"), {**flags, "step": step.pk})

    assert answer.context["form"].fields["outcome"].queryset.count() == 2
    assert not Context.objects.exists()


def test_a_question_without_its_answer_says_what_is_missing(client, maren):
    html = act(client, "flag_place", **ticked(make_skill()), required_level=3).content.decode()

    assert html.count("This field is required.") == 2


def test_a_suggestion_is_accepted_and_taken_back(client, maren):
    step = make_step(make_workflow(by=maren), name="Prepare the account", performed_by=None, by=maren)
    outcome = make_outcome(step, statement="Sales rep has complete customer information", by=maren)
    skill = make_skill("Complete and submit the customer information", by=maren)
    row = client.get(LIST, {"reason": "no_context"}).context["page_of"].rows[0]
    assert row.suggestion.outcome == outcome.pk

    client.post(reverse("flag_accept", args=[row.flag.pk]), {"outcome": outcome.pk, "back": LIST})

    assert skill.contexts.get().step == step
    client.post(reverse("flag_undo"))
    assert not skill.contexts.exists()


def test_an_assignment_stays_in_the_history_and_is_taken_back(client, maren):
    lena, flag = make_designer("Lena Fischer"), flag_of(make_skill())

    act(client, "flag_assign", flag=flag.pk, to=lena.pk)

    flag.refresh_from_db()
    assert flag.assigned_to == lena
    assert "assigned the flag" in client.get(reverse("flag_show", args=[flag.pk])).content.decode()
    client.post(reverse("flag_undo"))
    flag.refresh_from_db()
    assert flag.assigned_to is None
    assert [change.verb for change in history(flag)] == ["unassign", "assign"]


def test_a_snooze_sets_aside_with_a_reason_and_wakes(client, maren):
    skill = make_skill("Support somebody by waiting")
    flag, until = flag_of(skill), timezone.localdate() + dt.timedelta(days=10)

    act(client, "flag_snooze", flag=flag.pk, until=until, reason="The workflow is being redrawn")

    assert "by waiting" not in page(client, reason="no_context")
    asleep = page(client, asleep="1")
    assert "The workflow is being redrawn" in asleep
    client.post(reverse("flag_wake"), {"flag": flag.pk, "back": LIST})
    assert "by waiting" in page(client, reason="no_context")
    client.post(reverse("flag_undo"))
    flag.refresh_from_db()
    assert (flag.snoozed_until, flag.snooze_reason) == (until, "The workflow is being redrawn")


def test_a_snooze_needs_a_day_to_come(client, maren):
    flag = flag_of(make_skill())

    html = act(client, "flag_snooze", flag=flag.pk, until=timezone.localdate(), reason="Now").content.decode()

    assert "Choose a day after today." in html


def test_a_label_is_retired_and_comes_back(client, maren):
    skill = make_skill()

    act(client, "flag_retire", **ticked(skill))
    assert Skill.objects.get().is_retired
    client.post(reverse("flag_undo"))
    assert Skill.objects.get().is_draft


def test_a_step_cannot_be_placed_and_the_answer_says_what_to_do(client, maren):
    flag = make_step(make_workflow()).flags.open().first()

    answer = client.post(reverse("flag_place"), {"flag": flag.pk})

    assert answer.status_code == 409
    assert "Open whatever else is flagged by its name instead." in answer.content.decode()


def test_flags_of_outcomes_are_worked_through_too(client, maren):
    outcome = make_outcome(measured=False, by=maren)
    flag, lena = outcome.flags.open().get(), make_designer("Lena Fischer")

    act(client, "flag_assign", flag=flag.pk, to=lena.pk)

    assert outcome.flags.get().assigned_to == lena


def test_who_does_not_design_is_told_whom_to_ask(client):
    flag = flag_of(make_skill(by=make_designer("Maren Holt")))
    client.force_login(make_account(Role.PEOPLE_ADMIN))

    refused = [
        client.get(LIST),
        client.get(reverse("flag_show", args=[flag.pk])),
        act(client, "flag_wake", flag=flag.pk),
    ]
    assert [answer.status_code for answer in refused] == [403, 403, 403]
    assert "Ask Maren Holt" in client.get(LIST).content.decode()


def test_a_flag_is_assigned_only_to_somebody_who_designs(client, maren):
    flag, joel = flag_of(make_skill()), make_account(name="Joel Mensah")

    html = act(client, "flag_assign", flag=flag.pk, to=joel.pk).content.decode()

    assert "Select a valid choice" in html
    assert flag_of(flag.about).assigned_to is None


def test_the_way_back_never_leads_away(client, maren):
    flag = flag_of(make_skill())

    answer = client.post(reverse("flag_wake"), {"flag": flag.pk, "back": "//elsewhere.example/"})

    assert answer.url == LIST


def test_an_empty_queue_says_so(client, maren):
    assert "Nothing is flagged." in page(client)
    assert "Nothing is snoozed." in page(client, asleep="1")


def test_check_now_runs_in_the_background_and_tells_how_far_it_is(client, maren):
    html = client.post(reverse("watch_ask"), {"back": LIST}, follow=True).content.decode()

    assert "The check waits to begin" in html
