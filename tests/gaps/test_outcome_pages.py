"""Outcomes at risk, one outcome over time, cover of a workflow, and what would be."""

import datetime as dt
from decimal import Decimal

import pytest
from django.db import IntegrityError
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from base.errors import RuleBroken
from gaps.actions import set_cover_target
from gaps.models import AccessNote, CoverTarget, RequirementPeriod
from gaps.queries import overtime, standing
from skills.actions import publish
from tests.api.client import Program
from tests.make import (
    make_account,
    make_context,
    make_designer,
    make_evidence,
    make_handoff,
    make_job_role,
    make_key,
    make_outcome,
    make_person,
    make_skill,
    make_step,
    make_workflow,
)
from workflows.actions import record_measurement
from workflows.models import Measurement, Outcome, Step, Workflow
from workforce.models import Person, Role

pytestmark = pytest.mark.django_db
TODAY = timezone.localdate()


def signed_in(*roles: Role, person: Person | None = None) -> Client:
    client = Client()
    client.force_login(make_account(*roles, person=person))
    return client


@pytest.fixture
def step() -> Step:
    """One step at criticality 5, so that two people are needed; one skill there, for one outcome."""
    workflow = make_workflow("Credit")
    step = make_step(workflow, name="Check credit", performed_by=make_job_role("Analyst"), criticality=5)
    make_outcome(step, statement="The limit is set", unit="days", target=Decimal(5))
    make_skill("Support the desk by checking the accounts", at=step, published=True)
    return step


def make_able(step: Step, name: str, **fields: object) -> Person:
    person = make_person(role=step.performed_by, display_name=name, **fields)
    skill = step.contexts.get().skill
    make_evidence(person, skill)
    standing.recompute(standing.pairs([(person.pk, skill.pk)]))
    return person


def test_the_weakest_step_of_an_outcome_at_risk_is_named(step):
    make_able(step, "Hugh Bradley")
    html = signed_in(Role.PEOPLE_ADMIN).get(reverse("risk_list")).content.decode()

    assert "1 at risk, 0 with every step covered" in html
    assert "Check credit" in html
    assert "50 %" in html


def test_the_page_of_an_outcome_names_who_can_to_those_who_may_know(step):
    hugh = make_able(step, "Hugh Bradley")
    outcome = step.outcomes.get()
    by_name = signed_in(Role.PEOPLE_ADMIN).get(reverse("outcome_show", args=[outcome.pk])).content.decode()
    assert "Hugh Bradley" in by_name
    assert "weakest link" in by_name
    assert [note.person for note in AccessNote.objects.all()] == [hugh]

    html = signed_in(Role.DESIGNER).get(reverse("outcome_show", args=[outcome.pk])).content.decode()
    assert "Hugh Bradley" not in html
    assert "fewer than five people perform it" in html


def test_a_measured_value_becomes_the_current_one_unless_a_later_one_is_known(step):
    outcome, by = step.outcomes.get(), make_designer()
    record_measurement(outcome, value=Decimal(9), measured_on=TODAY - dt.timedelta(days=2), by=by)
    record_measurement(outcome, value=Decimal(7), measured_on=TODAY - dt.timedelta(days=9), by=by)
    assert Outcome.objects.get(pk=outcome.pk).current == 9

    record_measurement(outcome, value=Decimal(8), measured_on=TODAY - dt.timedelta(days=2), by=by)
    assert Outcome.objects.get(pk=outcome.pk).current == 8
    assert Measurement.objects.count() == 2


def test_a_value_needs_a_measure_and_a_day_that_has_come(step):
    by = make_designer()
    with pytest.raises(RuleBroken, match="This day has not come yet"):
        record_measurement(step.outcomes.get(), value=Decimal(9), measured_on=TODAY + dt.timedelta(days=1), by=by)
    with pytest.raises(RuleBroken, match="Say what is measured"):
        record_measurement(make_outcome(measured=False), value=Decimal(9), measured_on=TODAY, by=by)


def test_an_outcome_has_one_value_a_day(step):
    facts = {"outcome": step.outcomes.get(), "measured_on": TODAY, "recorded_by": make_designer()}
    Measurement.objects.create(value=1, **facts)
    with pytest.raises(IntegrityError, match="measurement_is_once_per_outcome_and_day"):
        Measurement.objects.create(value=2, **facts)


def test_values_are_recorded_on_the_page_and_drawn_over_time(step):
    outcome = step.outcomes.get()
    client = signed_in(Role.DESIGNER)
    for days, value in ((5, "9.5"), (1, "7")):
        day = (TODAY - dt.timedelta(days=days)).isoformat()
        client.post(reverse("measurement_record", args=[outcome.pk]), {"value": value, "measured_on": day})
    html = client.get(reverse("outcome_show", args=[outcome.pk])).content.decode()

    assert html.count("<title>9.5</title>") == html.count("<title>7</title>") == 1
    assert "9.5" in html
    assert 'class="target"' in html


def test_programs_record_values_too(step):
    address = reverse("api-outcome-measurements", args=[step.outcomes.get().pk])
    program = Program(make_key("read", "design"))
    answer = program.ask("POST", address, {"value": "4.5", "measured_on": TODAY.isoformat()})

    assert answer.status_code == 201, answer.body
    assert [each["value"] for each in program.ask("GET", address).body] == ["4.500"]


def test_cover_on_past_days_is_counted_beside_the_measure(step):
    boss = make_person()
    make_able(step, "Hugh Bradley", manager=boss)
    outcome = step.outcomes.get()
    record_measurement(outcome, value=Decimal(9), measured_on=TODAY, by=make_designer())
    html = signed_in(person=boss).get(reverse("outcome_show", args=[outcome.pk])).content.decode()

    assert "not counted" not in html
    assert "50 %" in html


def test_the_line_goes_up_where_the_value_does():
    drawn = overtime.chart([(TODAY - dt.timedelta(days=1), Decimal(1)), (TODAY, Decimal(3))], Decimal(2))

    assert drawn is not None
    assert drawn.dots[0].y > drawn.target > drawn.dots[1].y


def test_one_value_is_no_line():
    assert overtime.chart([(TODAY, Decimal(1))], None) is None


@pytest.mark.parametrize("count", [1, 3])
def test_the_cover_of_a_workflow_costs_the_same_for_one_person_and_for_three(step, django_assert_num_queries, count):
    for n in range(count):
        make_able(step, f"Able {n}")
    client = signed_in(Role.PEOPLE_ADMIN)

    with django_assert_num_queries(6):
        html = client.get(reverse("workflow_cover", args=[step.workflow_id])).content.decode()

    assert f"{count} of 2" in html


def test_a_leaver_is_told_of_with_the_day(step):
    make_able(step, "Nadia Petrova", end_date=TODAY + dt.timedelta(days=20))
    html = signed_in(Role.PEOPLE_ADMIN).get(reverse("workflow_cover", args=[step.workflow_id])).content.decode()

    assert "1 → 0 of 2, then none" in html


def test_how_many_a_step_needs_is_said_with_a_reason_and_taken_back(step):
    client = signed_in(Role.DESIGNER)
    address = reverse("cover_target_set", args=[step.pk])
    client.post(address, {"people": "4", "reason": "Night shifts"})
    assert CoverTarget.objects.get().people == 4

    client.post(address, {"people": "", "reason": ""})
    assert not CoverTarget.objects.exists()


def test_what_if_somebody_leaves_shows_before_and_after_and_writes_nothing(step):
    hugh = make_able(step, "Hugh Bradley")
    make_able(step, "Sofia Lind")
    address = reverse("what_if") + f"?what=leaves&person={hugh.pk}"
    html = signed_in(Role.PEOPLE_ADMIN).get(address).content.decode()

    assert "What if Hugh Bradley leaves?" in html
    assert "2 of 2" in html
    assert "1 of 2" in html
    assert "50 %" in html
    assert Person.objects.get(pk=hugh.pk).is_at_work


def test_what_if_somebody_learns_or_moves(step):
    make_able(step, "Hugh Bradley")
    learner = make_person(role=step.performed_by, display_name="Aisha Karim")
    mover = make_able(step, "Joel Mensah")
    client = signed_in(Role.PEOPLE_ADMIN)
    html = client.get(reverse("what_if") + f"?what=reaches&person={learner.pk}").content.decode()
    assert "3 of 2" in html
    assert "What if Aisha Karim reaches level 3 in every skill of the role?" in html

    other = make_job_role("Driver")
    html = client.get(reverse("what_if") + f"?what=moves&person={mover.pk}&role={other.pk}").content.decode()
    assert "1 of 2" in html


def test_what_if_says_which_levels_it_means_where_the_work_asks_for_more(step):
    taught = make_skill("Support the board by teaching the rules")
    make_context(taught, step, required_level=4)
    publish(taught, by=make_designer())
    learner = make_person(role=step.performed_by, display_name="Aisha Karim")
    html = signed_in(Role.PEOPLE_ADMIN).get(reverse("what_if") + f"?what=reaches&person={learner.pk}").content.decode()
    assert "Aisha Karim reaches level 3, or 4 where that is asked, in every skill of the role?" in html


def test_nobody_asks_what_if_about_strangers(step):
    hugh = make_able(step, "Hugh Bradley")
    answer = signed_in(person=make_person()).get(reverse("what_if") + f"?what=leaves&person={hugh.pk}")
    assert answer.status_code == 403


def test_a_target_stands_in_the_file(step):
    set_cover_target(step, people=4, reason="Nights", by=make_designer())
    answer = signed_in(Role.PEOPLE_ADMIN).get(reverse("cover_export", args=[step.workflow_id, "csv"]))
    assert "Check credit,Analyst,5,None,0,4" in b"".join(answer).decode("utf-8-sig")


def test_bars_of_cover_and_gaps_stand_under_the_days_of_the_measure(step):
    boss = make_person()
    make_able(step, "Hugh Bradley", manager=boss)
    make_person(role=step.performed_by, manager=boss)
    outcome, client = step.outcomes.get(), signed_in(person=boss)
    for value, day in ((9, TODAY - dt.timedelta(days=60)), (8, TODAY)):
        record_measurement(outcome, value=Decimal(value), measured_on=day, by=make_designer())

    answer = client.get(reverse("outcome_show", args=[outcome.pk]))

    dots, beside = answer.context["chart"].dots, answer.context["beside"]
    (cover,), (lacking,) = beside.covers, beside.gaps
    assert cover.left + overtime.WIDE / 2 == lacking.left + overtime.WIDE / 2 == dots[1].x
    assert (cover.said, cover.height, lacking.said, lacking.height) == (
        "50 %",
        overtime.BESIDE / 2,
        "1",
        overtime.BESIDE,
    )
    assert f"Chain cover on the same days: 50 % on {TODAY.day} {TODAY:%B %Y}" in answer.content.decode()


def test_figures_that_would_cover_each_other_are_left_to_the_table():
    drawn = overtime.bars([(12, 0.5, "50 %"), (600, 0.25, "25 %"), (620, 1, "100 %")])

    assert [(bar.said, bar.is_told, bar.anchor) for bar in drawn] == [
        ("50 %", True, "start"), ("25 %", False, "end"), ("100 %", True, "end"),
    ]  # fmt: skip


def test_no_day_counted_draws_nothing_beside_the_measure(step):
    outcome = step.outcomes.get()
    for days in (1, 2):
        record_measurement(outcome, value=Decimal(9), measured_on=TODAY - dt.timedelta(days=days), by=make_designer())
    html = signed_in(Role.DESIGNER).get(reverse("outcome_show", args=[outcome.pk])).content.decode()
    assert "on the same days:" not in html


def test_somebody_who_could_before_anything_was_asked_counts_nothing(step):
    """The evidence is older than the requirement: cover of that day would be of today's work, and no gap beside it."""
    boss = make_person()
    hugh = make_person(role=step.performed_by, manager=boss)
    skill, then = step.contexts.get().skill, timezone.now() - dt.timedelta(days=40)
    make_evidence(hugh, skill, observed_at=then, recorded_at=then)
    standing.recompute(standing.pairs([(hugh.pk, skill.pk)]))
    outcome = step.outcomes.get()
    record_measurement(outcome, value=Decimal(9), measured_on=TODAY - dt.timedelta(days=30), by=make_designer())
    html = signed_in(person=boss).get(reverse("outcome_show", args=[outcome.pk])).content.decode()

    assert html.count("not counted") == 2


def test_the_most_critical_gaps_along_a_chain_are_named_and_all_are_counted(step, monkeypatch):
    monkeypatch.setattr("gaps.views.outcomes.LISTED", 2)
    boss = make_person()
    minor = make_step(step.workflow, name="Greet", performed_by=step.performed_by, criticality=1)
    make_handoff(make_outcome(minor), step)
    make_skill("Support the desk by greeting first", at=minor, published=True)
    for name in ("Ann", "Ben", "Cai"):
        make_person(role=step.performed_by, manager=boss, display_name=name)
    client, outcome = signed_in(person=boss), step.outcomes.get()

    answer = client.get(reverse("outcome_show", args=[outcome.pk]))

    assert [(gap.person_name, gap.criticality) for gap in answer.context["gaps"]] == [("Ann", 5), ("Ben", 5)]
    assert "The 2 most critical of 6 are named here" in answer.content.decode()
    rows = client.get(reverse("outcome_export", args=[outcome.pk, "csv"])).getvalue().decode("utf-8-sig").splitlines()
    assert [row.split(",")[1] for row in rows[-6:]] == ["Ann", "Ben", "Cai"] * 2


def test_among_everybody_no_total_is_pretended(step, monkeypatch):
    monkeypatch.setattr("gaps.views.outcomes.LISTED", 2)
    for name in ("Ann", "Ben", "Cai"):
        make_person(role=step.performed_by, display_name=name)
    answer = signed_in(Role.PEOPLE_ADMIN).get(reverse("outcome_show", args=[step.outcomes.get().pk]))

    assert "more than 2" in answer.content.decode()
    assert "The first 2 that are found among everybody" in answer.content.decode()


def test_days_before_anything_was_asked_for_count_nothing(step):
    boss = make_person()
    make_able(step, "Hugh Bradley", manager=boss)
    outcome = step.outcomes.get()
    record_measurement(outcome, value=Decimal(9), measured_on=TODAY - dt.timedelta(days=30), by=make_designer())
    html = signed_in(person=boss).get(reverse("outcome_show", args=[outcome.pk])).content.decode()

    assert html.count("not counted") == 2


def test_every_counted_point_opens_the_chain_of_its_day(step):
    boss = make_person()
    make_able(step, "Hugh Bradley", manager=boss)
    outcome, client = step.outcomes.get(), signed_in(person=boss)
    yesterday = TODAY - dt.timedelta(days=1)
    RequirementPeriod.objects.update(since=timezone.now() - dt.timedelta(days=9))
    for value, day in ((9, TODAY - dt.timedelta(days=30)), (8, yesterday), (7, TODAY)):
        record_measurement(outcome, value=Decimal(value), measured_on=day, by=make_designer())
    html = client.get(reverse("outcome_show", args=[outcome.pk])).content.decode()

    address = f'href="{reverse("risk_show", args=[outcome.pk])}?on='
    assert [html.count(f'{address}{day}"') for day in (TODAY - dt.timedelta(days=30), yesterday, TODAY)] == [0, 2, 2]
    then, now = (
        client.get(f"{reverse('risk_show', args=[outcome.pk])}?on={day}").content.decode() for day in (yesterday, TODAY)
    )
    assert f"At the end of {yesterday.day} {yesterday:%B %Y}" in then
    assert ("0 of 2" in then, "1 of 2" in now) == (True, True)


# --- past days --------------------------------------------------------------------------------

YESTERDAY = TODAY - dt.timedelta(days=1)


@pytest.fixture
def boss(step) -> Client:
    """Of one who can do the step since today; it has asked for ten days."""
    boss = make_person(display_name="Ines Vogt")
    make_able(step, "Hugh Bradley", manager=boss)
    RequirementPeriod.objects.update(since=timezone.now() - dt.timedelta(days=9))
    return signed_in(person=boss)


def pages_of(step: Step) -> list[str]:
    outcome, workflow = step.outcomes.get().pk, step.workflow_id
    return [
        reverse("risk_list"), reverse("outcome_show", args=[outcome]), reverse("cover_list"),
        reverse("workflow_cover", args=[workflow]),
    ]  # fmt: skip


def test_pages_about_the_work_show_a_past_day_and_lead_to_the_same_day(step, boss):
    for address in pages_of(step):
        now, then = (boss.get(f"{address}{question}").content.decode() for question in ("", f"?on={YESTERDAY}"))
        said = f"As it was at the end of {YESTERDAY.day} {YESTERDAY:%B %Y}"
        assert (said in now, said in then) == (False, True), address
        assert f'name="on" max="{TODAY}" value="{YESTERDAY}"' in then
        elsewhere = [other for other in pages_of(step) if f'href="{other}?on={YESTERDAY}' in then]
        assert len(elsewhere) >= 2, address
        assert f'href="{reverse("gap_list")}?on={YESTERDAY}"' in then
        assert "export/csv/?on=" in then


def test_who_can_since_today_could_not_yesterday(step, boss):
    risks, outcome, covers, workflow = (
        [boss.get(f"{address}{question}").context for question in ("", f"?on={YESTERDAY}")]
        for address in pages_of(step)
    )
    assert [said["bands"][0].outcomes[0].weakest.people for said in risks] == [1, 0]
    assert [said["risk"].chain for said in outcome] == [0.5, 0]
    assert [len(said["gaps"]) for said in outcome] == [0, 1]
    assert [dict(said["rows"][0].states)["none"] for said in covers] == [0, 1]
    assert [[who.name for who in said["rows"][0].cover.can] for said in workflow] == [["Hugh Bradley"], []]


def test_what_only_makes_sense_today_is_not_offered_for_a_past_day(step):
    boss = make_person()
    make_person(role=step.performed_by, display_name="Sofia Lind", manager=boss)
    RequirementPeriod.objects.update(since=timezone.now() - dt.timedelta(days=9))
    client = signed_in(Role.DESIGNER, person=boss)
    offered = {
        address: [words for words in ("What if", "Needs…", "Record a value", "Cause first") if words in html]
        for address, html in (
            (f"{address}{question}", client.get(f"{address}{question}").content.decode())
            for address in pages_of(step)
            for question in ("", f"?on={YESTERDAY}")
        )
    }
    assert {words for address, found in offered.items() if "?" not in address for words in found} == {
        "What if", "Needs…", "Record a value", "Cause first",
    }  # fmt: skip
    assert [found for address, found in offered.items() if "?" in address] == [[], [], [], []]


def test_a_day_before_anything_was_asked_says_so_and_one_to_come_is_today(step, boss):
    before, to_come = TODAY - dt.timedelta(days=30), TODAY + dt.timedelta(days=1)
    for address in pages_of(step):
        html = boss.get(f"{address}?on={before}").content.decode()
        assert "Nothing was asked of these people yet" in html, address
        assert "0 of 2" not in html
        for asked in (to_come, "1999-01-01", "never"):
            assert "As it was" not in boss.get(f"{address}?on={asked}").content.decode()


def test_past_days_are_for_whoever_may_name_the_people(step, boss):
    client = signed_in(Role.DESIGNER)
    for address in pages_of(step):
        assert 'name="on"' not in client.get(address).content.decode()
        answer = client.get(f"{address}?on={YESTERDAY}")
        assert (answer.status_code, b"Past days are told" in answer.content) == (403, True)


def test_a_file_of_a_past_day_says_which_and_holds_its_figures(step, boss):
    outcome, workflow = step.outcomes.get().pk, step.workflow_id
    for address, now, then in (
        (reverse("risk_export", args=["csv"]), "50.0", "0.0"),
        (reverse("outcome_export", args=[outcome, "csv"]), "Hugh Bradley", "None"),
        (reverse("cover_list_export", args=["csv"]), "Credit,0,1", "Credit,1,0"),
        (reverse("cover_export", args=[workflow, "csv"]), "Hugh Bradley", "None"),
    ):
        today, past = boss.get(address), boss.get(f"{address}?on={YESTERDAY}")
        assert now in today.getvalue().decode()
        assert then in past.getvalue().decode()
        assert f"-on-{YESTERDAY}.csv" in past["Content-Disposition"]
        assert "-on-" not in today["Content-Disposition"]


def test_the_value_of_a_past_day_is_what_had_been_measured_by_then(step, boss):
    outcome = step.outcomes.get()
    for value, day in ((9, TODAY - dt.timedelta(days=5)), (7, TODAY)):
        record_measurement(outcome, value=Decimal(value), measured_on=day, by=make_designer())

    on = f"?on={YESTERDAY}"
    assert boss.get(f"{reverse('risk_list')}{on}").context["bands"][0].outcomes[0].current == 9
    page = boss.get(f"{reverse('outcome_show', args=[outcome.pk])}{on}").context
    assert (page["value"], len(page["points"])) == (9, 1)


def test_choosing_a_day_replaces_the_region_and_the_links_above_it(step, boss):
    headers = {"HX-Request": "true", "HX-Target": "work"}
    for address in pages_of(step):
        html = boss.get(f"{address}?on={YESTERDAY}", headers=headers).content.decode()
        assert html.lstrip().startswith('<div id="work"'), address
        assert 'id="sections" hx-swap-oob="true"' in html


# --- the list, narrowed -----------------------------------------------------------------------


@pytest.fixture
def outcomes(step) -> Client:
    """Four outcomes in two areas: one person can, nobody can (two of them), and one whose only step is covered."""
    boss = make_person(display_name="Ines Vogt")
    Workflow.objects.filter(pk=step.workflow_id).update(area="Sales")
    make_able(step, "Hugh Bradley", manager=boss)
    for n, (area, criticality) in enumerate((("Finance", 7), ("", 3))):
        workflow = make_workflow(f"Books {n}")
        Workflow.objects.filter(pk=workflow.pk).update(area=area)
        lone = make_step(workflow, name=f"Close book {n}", performed_by=step.performed_by, criticality=criticality)
        make_outcome(lone, statement=f"Book {n} is closed", beneficiary="The board")
        make_skill(f"Support the board by closing book {n}", at=lone, published=True)
    safe = make_step(make_workflow("Post"), name="Sort post", performed_by=step.performed_by, criticality=1)
    make_outcome(safe, statement="Post is sorted")
    make_skill("Support everybody by sorting the post", at=safe, published=True)
    make_able(safe, "Sofia Lind", manager=boss)
    return signed_in(person=boss)


def named_by(client: Client, **asked: str) -> list[str]:
    """The outcomes in the order of the page; the file has the same."""
    bands = client.get(reverse("risk_list"), asked).context["bands"]
    named = [each.statement for band in bands for each in band.outcomes]
    rows = client.get(reverse("risk_export", args=["csv"]), asked).getvalue().decode("utf-8-sig").splitlines()[1:]
    assert [row.split(",")[0] for row in rows] == named
    return named


ONE, FIRST, SECOND, SAFE = "The limit is set", "Book 0 is closed", "Book 1 is closed", "Post is sorted"


@pytest.mark.parametrize(
    ("asked", "named"),
    [
        ({}, [FIRST, SECOND, ONE]),
        ({"area": "Sales"}, [ONE]),
        ({"risk": "none"}, [FIRST, SECOND]),
        ({"risk": "single_point_of_failure"}, [ONE]),
        ({"risk": "covered"}, [SAFE]),
        ({"risk": "all", "sort": "name"}, [FIRST, SECOND, SAFE, ONE]),
        ({"critical": "5"}, [FIRST, ONE]),
        ({"critical": "6"}, [FIRST]),
        ({"q": "BOARD close"}, [FIRST, SECOND]),
        ({"q": "credit", "area": "Sales"}, [ONE]),
        ({"q": "credit", "area": "Finance"}, []),
        ({"by": "area"}, [FIRST, SECOND, ONE]),
        ({"risk": "nonsense", "sort": "nonsense", "by": "nonsense", "critical": "9"}, [FIRST, SECOND, ONE]),
    ],
)
def test_the_list_of_outcomes_is_narrowed_and_sorted_by_its_address(outcomes, asked, named):
    assert named_by(outcomes, **asked) == named


def test_the_list_is_narrowed_to_one_workflow(outcomes, step):
    assert named_by(outcomes, workflow=str(step.workflow_id)) == [ONE]
    html = outcomes.get(reverse("risk_list"), {"workflow": str(step.workflow_id)}).content.decode()
    assert "Workflow: Credit" in html, "paper says what the fields said"


@pytest.mark.parametrize(
    ("by", "headings"),
    [
        ("", [""]),
        ("area", ["Finance", "No area", "Sales"]),
        ("workflow", ["Books 0", "Books 1", "Credit"]),
        ("step", ["Close book 0", "Close book 1", "Check credit"]),
        ("role", ["Analyst"]),
    ],
)
def test_the_list_is_grouped_and_the_group_with_the_worst_outcome_comes_first(outcomes, by, headings):
    page = outcomes.get(reverse("risk_list"), {"by": by})
    assert [band.name for band in page.context["bands"]] == headings
    assert all(f'<h2 class="band">{name}' in page.content.decode() for name in headings if name)


def test_only_who_is_shown_by_name_is_told_that_somebody_looked(outcomes):
    outcomes.get(reverse("risk_list"), {"risk": "none"})
    assert not AccessNote.objects.exists()
    outcomes.get(reverse("risk_list"), {"risk": "single_point_of_failure"})
    assert [note.person.display_name for note in AccessNote.objects.all()] == ["Hugh Bradley"]


def test_what_is_asked_of_the_list_goes_on_to_its_file(outcomes):
    html = outcomes.get(reverse("risk_list"), {"risk": "none", "by": "step", "sort": ""}).content.decode()
    assert f'href="{reverse("risk_export", args=["csv"])}?risk=none&amp;by=step"' in html


def test_nothing_that_is_like_that_offers_the_way_back(outcomes):
    html = outcomes.get(reverse("risk_list"), {"q": "no such word"}).content.decode()
    assert "No outcome is like that" in html
    assert f'href="{reverse("risk_list")}">Show all at risk' in html
