"""What whoever leads people sees of them, says about them, and takes along as a file."""

import csv
import datetime as dt
from io import BytesIO, StringIO

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone
from openpyxl import load_workbook

from gaps.actions import name_cause
from gaps.advice import Facts, advise
from gaps.arithmetic import Label
from gaps.models import Cause, Evidence, Overrule, Standing, Type
from gaps.queries import cover, gaps, heat, risk, standing
from gaps.queries.reckoning import Whose
from gaps.queries.trend import Point, Trend
from gaps.views import drawing
from tests.gaps.worlds import make_world
from tests.make import make_account, make_evidence, make_person, make_skill, make_workflow
from workflows.models import Step
from workforce.models import Account, Person, Role
from workforce.models import Team as Department

pytestmark = pytest.mark.django_db


def make_boss(*people: Person) -> Account:
    """Somebody to whom these people report."""
    boss = make_person(display_name="Ines Vogt")
    for person in people:
        person.manager = boss
        person.save()
    return make_account(name="Ines Vogt", person=boss)


def make_asked(*names: str):
    """(boss, skill, step, people): a step that asks one thing of people with these names."""
    workflow = make_workflow(steps=1)
    step = workflow.steps.get()
    skill = make_skill("Support the clerk by checking the order", at=step, published=True)
    people = [make_person(role=step.performed_by, display_name=name) for name in names]
    return make_boss(*people), skill, step, people


# --- the page ---------------------------------------------------------------------------------


@pytest.mark.parametrize("page", ["gap_list", "heatmap_show", "evidence_enter"])
def test_pages_about_a_team_cost_the_same_for_one_and_for_three(client, page):
    counts = []
    for names in (["Ann"], ["Ben", "Cai", "Dot"]):
        boss, *_ = make_asked(*names)
        client.force_login(boss)
        client.get(reverse(page))
        with CaptureQueriesContext(connection) as counted:
            html = client.get(reverse(page)).content.decode()
        assert all(name in html for name in names)
        counts.append(len(counted))

    assert counts[0] == counts[1]


def test_a_manager_sees_only_the_own_tree(client):
    boss, *_ = make_asked("Ann")
    make_asked("Zoe of somebody else")
    client.force_login(boss)

    html = client.get(reverse("gap_list")).content.decode()

    assert "Ann" in html
    assert "Zoe" not in html


def test_filters_and_the_day_stay_in_every_link(client):
    boss, _, step, _ = make_asked("Ann")
    client.force_login(boss)
    asked = f"workflow={step.workflow_id}&on=2026-01-05"

    html = client.get(f"{reverse('gap_list')}?{asked}").content.decode()

    assert f"{reverse('heatmap_show')}?workflow={step.workflow_id}&amp;on=2026-01-05" in html


def test_a_workflow_narrows_what_is_counted(client):
    boss, _, step, (_ann,) = make_asked("Ann")
    other = make_workflow(steps=1)
    client.force_login(boss)

    found = client.get(f"{reverse('gap_list')}?workflow={step.workflow_id}").context["team"]
    none = client.get(f"{reverse('gap_list')}?workflow={other.pk}").context["team"]

    assert (found.sum.of, found.sum.gaps, len(found.gaps)) == (1, 1, 1)
    assert (none.sum.of, none.sum.gaps, none.gaps) == (0, 0, [])


def test_above_the_own_team_groups_of_fewer_than_five_have_no_figures(client):
    _, _, step, _ = make_asked("Ann", "Ben")
    few, many = (Department.objects.create(name=name) for name in ("Few", "Many"))
    for count, team in ((4, few), (5, many)):
        for _ in range(count):
            make_person(role=step.performed_by, team=team)
    client.force_login(make_account(Role.DESIGNER))

    answer = client.get(reverse("gap_export", args=["csv"])).getvalue().decode("utf-8-sig")
    rows = {row[1]: row[2:] for row in csv.reader(StringIO(answer)) if row[0] == "Teams"}

    assert rows["Few"] == ["fewer than five", "", "", "", "", "", ""]
    assert rows["Many"][0:3] == ["5", "0", "5"]
    narrowed = client.get(f"{reverse('gap_list')}?team={few.pk}").content.decode()
    assert "Not shown: fewer than five people." in narrowed
    assert "Ann" not in client.get(reverse("gap_list")).content.decode()


def test_looking_at_a_team_is_noted_for_each_of_them(client):
    boss, _, _, (ann,) = make_asked("Ann")
    client.force_login(boss)
    client.get(reverse("heatmap_show"))
    assert ann.access_notes.get().page == "team's heatmap"


# --- cells ------------------------------------------------------------------------------------


@pytest.mark.parametrize("seed", range(6))
def test_a_step_counts_for_a_person_in_the_heatmap_as_it_does_for_its_cover(seed):
    world = make_world(seed, people=8)
    whose = Whose(people=[person.pk for person in world.people])
    able = {(cell.column, cell.person) for cell in heat.cells(heat.Wanted(whose)) if cell.is_met and cell.is_current}

    covers = cover.cover(cover.Wanted(whose))
    counted = {(step.step, who.person) for step in covers for who in [*step.can, *step.leaving]}

    assert able == counted


def test_nobody_without_evidence_has_a_level(client):
    _boss, _skill, _step, (ann,) = make_asked("Ann")
    (cell,) = heat.cells(heat.Wanted(Whose(people=[ann.pk])))
    assert (cell.level, cell.words, cell.is_met) == (None, "needs 3", False)


# --- what to do next --------------------------------------------------------------------------


def test_advice_names_who_does_what_and_what_it_changes():
    world = make_world(2, people=8)
    whose = Whose(people=[person.pk for person in world.people])
    covers, open_gaps = cover.cover(cover.Wanted(whose)), gaps.gaps(gaps.Wanted(whose))
    names = {person.pk: person.display_name for person in world.people}
    risks = [each for each in risk.risks(covers) if each.is_at_risk]
    facts = Facts(covers, risks, heat.cells(heat.Wanted(whose)), open_gaps, names, timezone.localdate())

    found = advise(facts)

    assert 1 <= len(found) <= 3
    assert len({one.step for one in found}) == len(found)
    assert [one.weight for one in found] == sorted((one.weight for one in found), reverse=True)
    assert all(one.what and one.why and one.by >= timezone.localdate() for one in found)


def test_a_leaver_hands_on_first(client):
    boss, skill, step, (ann, _ben) = make_asked("Ann", "Ben")
    ann.end_date = timezone.localdate() + dt.timedelta(days=20)
    ann.save()
    client.force_login(boss)
    enter(client, step, {(ann, skill): 3})

    first = client.get(reverse("gap_list")).context["team"].advice[0]

    assert first.what == f"Have Ann hand “{step.name}” on to Ben"
    assert (first.owner, first.by) == ("Ann", ann.end_date)


# --- levels for many --------------------------------------------------------------------------


def enter(client, step, levels, type: str = Type.MANAGER):
    fields = {f"{person.pk}_{skill.pk}": str(level) for (person, skill), level in levels.items()}
    return client.post(
        f"{reverse('evidence_enter')}?step={step.pk}", {"type": type, **fields}, headers={"HX-Request": "true"}
    )


def test_levels_for_a_team_are_saved_at_once_and_taken_back_at_once(client):
    boss, skill, step, (ann, ben) = make_asked("Ann", "Ben")
    client.force_login(boss)

    answer = enter(client, step, {(ann, skill): 3, (ben, skill): 2})

    levels = dict(Standing.objects.values_list("person__display_name", "level"))
    assert levels == {"Ann": 3, "Ben": 2}
    assert set(Evidence.objects.values_list("type", "observer", "step")) == {("manager", boss.person_id, step.pk)}
    batch = Evidence.objects.first().reference.partition(":")[0]
    undo = reverse("evidence_take_back", args=[batch])
    assert undo in answer.headers["HX-Trigger"]

    client.post(undo)

    assert not Standing.objects.exists()


def test_somebody_elses_entry_is_not_there(client):
    boss, skill, step, (ann,) = make_asked("Ann")
    client.force_login(boss)
    enter(client, step, {(ann, skill): 3})
    batch = Evidence.objects.get().reference.partition(":")[0]
    other, *_ = make_asked("Zoe")
    client.force_login(other)

    assert client.post(reverse("evidence_take_back", args=[batch])).status_code == 404


def test_only_fields_that_were_shown_count(client):
    boss, skill, step, (ann,) = make_asked("Ann")
    client.force_login(boss)

    enter(client, step, {(make_person(), skill): 3, (ann, make_skill()): 3})
    enter(client, step, {(ann, skill): 7})

    assert not Evidence.objects.exists()


def test_watching_needs_somebody_who_can_do_it(client):
    boss, skill, step, (ann,) = make_asked("Ann")
    client.force_login(boss)
    answer = enter(client, step, {(ann, skill): 3}, type=Type.OBSERVED)
    assert "stands at level 3 or higher" in answer.headers["HX-Trigger"]
    assert not Evidence.objects.exists()


def test_both_views_stand_side_by_side(client):
    boss, skill, step, (ann,) = make_asked("Ann")
    client.force_login(boss)
    enter(client, step, {(ann, skill): 2})
    html = client.get(reverse("evidence_enter")).content.decode()
    assert "own view none, manager&#x27;s 2" in html or "own view none, manager's 2" in html


def test_still_doing_it_is_one_click_and_can_be_undone(client):
    boss, skill, step, (ann,) = make_asked("Ann")
    client.force_login(boss)
    enter(client, step, {(ann, skill): 3})

    answer = client.post(reverse("still_doing", args=[ann.pk]), headers={"HX-Request": "true"})

    assert "1 level recorded." in answer.headers["HX-Trigger"]
    newest = Evidence.objects.newest_first().first()
    assert (newest.level, newest.type, newest.note) == (3, "manager", "Still doing it.")
    assert reverse("evidence_take_back", args=[newest.reference.partition(":")[0]]) in answer.headers["HX-Trigger"]


# --- what a manager says about a gap ----------------------------------------------------------


def test_an_overrule_needs_a_reason_and_can_be_taken_back(client):
    boss, skill, _, (ann,) = make_asked("Ann")
    client.force_login(boss)
    address = reverse("gap_overrule", args=[ann.pk, skill.pk])

    assert client.post(address, {"label": "none", "reason": " "}).status_code == 422
    client.post(address, {"label": "none", "reason": "Does other work this year."})

    assert gaps.gaps(gaps.Wanted(Whose(people=[ann.pk]))) == []
    client.post(reverse("overrule_remove", args=[Overrule.objects.get().pk]))
    assert [gap.label for gap in gaps.gaps(gaps.Wanted(Whose(people=[ann.pk])))] == [Label.UPSKILL]


def test_a_cause_in_the_environment_counts_as_training_not_built(client):
    boss, skill, _, (ann,) = make_asked("Ann")
    client.force_login(boss)

    client.post(reverse("cause_name", args=[ann.pk, skill.pk]), {"kind": "tools", "note": "The scanner is slow."})

    team = client.get(reverse("gap_list")).context["team"]
    assert [gap.cause for gap in team.not_built] == [Cause.Kind.TOOLS]
    assert team.by_kind == {"upskill": [], "reskill": []}
    client.post(reverse("cause_remove", args=[Cause.objects.get().pk]))
    assert client.get(reverse("gap_list")).context["team"].not_built == []


@pytest.mark.parametrize("kind", Cause.Kind)
def test_only_what_training_closes_is_training_to_build(client, kind):
    boss, skill, _, (ann,) = make_asked("Ann")
    name_cause(ann, skill, kind=kind, by=boss)
    client.force_login(boss)

    team = client.get(reverse("gap_list")).context["team"]

    is_built = kind in {"knowledge", "skill"}
    assert (team.counts.upskill, team.counts.not_built) == ((1, 0) if is_built else (0, 1))
    assert (len(team.by_kind["upskill"]), len(team.not_built)) == (team.counts.upskill, team.counts.not_built)


# --- files ------------------------------------------------------------------------------------


def test_files_hold_every_gap_and_no_formula(client):
    boss, _skill, _step, (_ann,) = make_asked("=1+1")
    client.force_login(boss)

    said = client.get(reverse("gap_export", args=["csv"])).getvalue().decode("utf-8-sig")
    book = load_workbook(BytesIO(client.get(reverse("gap_export", args=["xlsx"])).content))

    head, row = csv.reader(StringIO(said))
    assert dict(zip(head, row, strict=True))["Person"] == "'=1+1"
    assert next(cell.value for cell in next(book.active.iter_rows(min_row=2))) == "'=1+1"


def test_the_heatmap_leaves_as_it_is_shown(client):
    boss, skill, step, (ann,) = make_asked("Ann")
    client.force_login(boss)
    enter(client, step, {(ann, skill): 2})

    said = client.get(reverse("heatmap_export", args=["csv"])).getvalue().decode("utf-8-sig")

    assert list(csv.reader(StringIO(said)))[1] == ["Ann", str(step.performed_by), "", "2 (needs 3)"]


def test_headings_count_every_gap_whatever_is_named(client, monkeypatch):
    boss, skill, _, (ann, *_) = make_asked("Ann", "Ben", "Cai", "Dot")
    name_cause(ann, skill, kind="tools", by=boss)
    client.force_login(boss)
    whole = client.get(reverse("gap_list")).context["team"].counts
    monkeypatch.setattr("gaps.team.MOST_GAPS", 2)

    answer = client.get(reverse("gap_list"))

    assert answer.context["team"].counts == whole == (3, 0, 1)
    assert len(answer.context["team"].gaps) == 2
    assert "Upskill</span> <b>3</b>" in answer.content.decode()


def test_only_critical_steps_of_one_person_or_none_are_called_alone(client):
    boss, skill, step, (_ann, _) = make_asked("Ann", "Ben")
    client.force_login(boss)
    for criticality, able, alone in ((4, 0, 0), (5, 0, 1), (5, 1, 1), (5, 2, 0)):
        Step.objects.filter(pk=step.pk).update(criticality=criticality)
        for person in Person.objects.filter(manager=boss.person).order_by("display_name")[:able]:
            make_evidence(person, skill, type=Type.OBSERVED, step=step)
            standing.recompute(standing.pairs([(person.pk, skill.pk)]))
        assert len(client.get(reverse("gap_list")).context["team"].alone) == alone, (criticality, able)


def test_the_line_of_readiness_fills_its_height_and_makes_no_cliff_of_a_point():
    def drawn(*hundredths: int) -> list[float]:
        points = [
            Point(dt.date(2026, 1, 1 + n), True, True, 9, 9, 1, 2, 2, reached=12 * share, weight=100, ready=1,
                  upskill=1, reskill=0)
            for n, share in enumerate(hundredths)
        ]  # fmt: skip
        return [float(part.split()[1]) for part in drawing.spark(Trend(points)).path.replace("L", "M").split("M")[1:]]

    steep, flat = drawn(50, 70), drawn(50, 51)
    assert steep[0] - steep[1] == drawing.HIGH - 6
    assert flat[0] - flat[1] == pytest.approx((drawing.HIGH - 6) / 10, abs=0.2)


def test_levels_of_a_step_leave_as_a_file_to_fill_in(client):
    boss, skill, step, (ann, _) = make_asked("Ann", "Ben")
    make_evidence(ann, skill, level=2, type=Type.OWN, observer=ann)
    client.force_login(boss)

    answer = client.get(reverse("evidence_enter_export", args=["csv"]) + f"?step={step.pk}")
    rows = list(csv.reader(StringIO(answer.getvalue().decode("utf-8-sig"))))

    assert rows == [
        ["Person", "Skill", "Needed level", "Own view", "Manager's view", "Level"],
        ["Ann", skill.statement, "3", "2", "", ""],
        ["Ben", skill.statement, "3", "", "", ""],
    ]
    assert [note.page for note in ann.access_notes.all()] == ["levels of a team"]


def test_a_group_that_is_told_leads_to_itself(client):
    step = make_workflow(steps=1).steps.get()
    make_skill("Support the clerk by checking the order", at=step, published=True)
    many, more = (Department.objects.create(name=name) for name in ("Many", "More"))
    for team in (many, more):
        for _ in range(6):
            make_person(role=step.performed_by, team=team)
    client.force_login(make_account(Role.DESIGNER))

    html = client.get(reverse("gap_list")).content.decode()

    assert f'<a href="?team={many.pk}">Many</a>' in html
    assert client.get(f"{reverse('gap_list')}?team={many.pk}").context["team"].sum.people == 6
