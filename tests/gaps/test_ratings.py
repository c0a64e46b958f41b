"""Existing ratings on their way in."""

import io
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from django.core.management import CommandError, call_command
from django.utils import timezone

from base.errors import RuleBroken
from base.models import Change
from gaps import actions, bringing
from gaps.models import Evidence, RatingList, Standing, Withdrawal
from gaps.queries import ratings as told
from gaps.ratings import Band, guess, must_lead_somewhere, scale_of
from tests.make import make_account, make_person, make_skill
from workforce.models import Person

# Temporary tables live as long as the connection, so each test brings its own.
pytestmark = pytest.mark.django_db


@pytest.fixture
def ana() -> Person:
    make_skill("Support the clerk by counting stock", name="Counting")
    return known_as("E1", work_email="ana@example.com", employee_number="77")


def known_as(source_id: str, **fields: str) -> Person:
    person = make_person(**fields)
    person.source_id = source_id
    person.save()
    return person


def bring(folder: Path, rows: str, *more: str) -> str:
    file = folder / "ratings.csv"
    file.write_text("person,skill,level,date\n" + rows)
    out = io.StringIO()
    call_command("import_ratings", str(file), "--source", "Survey", "--scale", "1-5", *more, stdout=out)
    return out.getvalue()


def test_a_plan_shows_the_scale_and_records_nothing(ana, tmp_path):
    said = bring(tmp_path, "E1,Counting,4,2026-01-05\n")

    assert "4 on their scale is level 3 here" in said
    assert "new: 1" in said
    assert not Evidence.objects.exists()


def test_a_rating_becomes_evidence_of_the_type_that_was_said(ana, tmp_path):
    today = timezone.localdate().isoformat()
    bring(tmp_path, f"E1,Counting,4,{today}\n", "--apply", "--type", "manager")

    evidence = Evidence.objects.get()
    assert (evidence.person, evidence.level, evidence.type, evidence.source) == (ana, 3, "manager", "Survey")
    assert Standing.objects.get().level == 3
    assert Change.objects.filter(verb="finish", noun="ratinglist").get().facts == {"ratings": [None, 1]}


def test_the_same_list_again_records_nothing(ana, tmp_path):
    bring(tmp_path, "E1,Counting,4,2026-01-05\n", "--apply")
    assert "unchanged: 1" in bring(tmp_path, "E1,Counting,4,2026-01-05\n", "--apply")
    assert Evidence.objects.count() == 1


@pytest.mark.parametrize("name", ["E1", "ANA@example.com", "77"])
def test_people_go_by_source_id_address_or_employee_number(ana, tmp_path, name):
    assert "new: 1" in bring(tmp_path, f"{name},counting,4,\n")


@pytest.mark.parametrize(
    ("row", "verdict"),
    [
        ("E9,Counting,4,", "unknown_person"),
        ("E1,Flying,4,", "unknown_skill"),
        ("E1,Counting,9,", "bad_level"),
        ("E1,Counting,good,", "bad_level"),
        ("E1,Counting,4,2026-02-30", "bad_day"),
        ("E1,Counting,4,2999-01-01", "bad_day"),
    ],
)
def test_what_cannot_be_brought_in_is_told_with_its_row(ana, tmp_path, row, verdict):
    problems = tmp_path / "problems.csv"
    assert f"{verdict}: 1" in bring(tmp_path, f"{row}\n", "--apply", "--problems", str(problems))
    assert problems.read_text("utf-8-sig").splitlines()[1].startswith("2,")
    assert not Evidence.objects.exists()


def test_an_ambiguous_skill_is_told_and_not_decided(ana, tmp_path):
    make_skill("Keep the shelf right by counting twice", name="Counting")
    assert "ambiguous_skill: 1" in bring(tmp_path, "E1,Counting,4,\n")


def test_taking_back_withdraws_and_leaves_the_evidence_to_be_seen(ana, tmp_path):
    bring(tmp_path, "E1,Counting,4,\n", "--apply")
    out = io.StringIO()
    call_command("import_ratings", "--source", "Survey", "--undo", "The wrong year", stdout=out)

    assert "1 ratings of Survey are withdrawn" in out.getvalue()
    assert Withdrawal.objects.get().reason == "The wrong year"
    assert Evidence.objects.count() == 1
    assert not Standing.objects.exists()


def test_what_was_taken_back_comes_again_when_the_list_is_mended(ana, tmp_path):
    for row in ("E1,Counting,4,\n", "E1,Counting,3,\n"):
        bring(tmp_path, row, "--apply")
        call_command("import_ratings", "--source", "Survey", "--undo", "Wrong", stdout=io.StringIO())
    assert "new: 1" in bring(tmp_path, "E1,Counting,5,\n", "--apply")

    assert [row.level for row in Evidence.objects.order_by("pk")] == [3, 2, 4]
    assert Standing.objects.get().level == 4
    assert "unchanged: 1" in bring(tmp_path, "E1,Counting,5,\n")


def test_two_levels_for_the_same_person_and_skill_are_told_and_neither_is_taken(ana, tmp_path):
    said = bring(tmp_path, "E1,Counting,4,2026-01-05\nana@example.com,Counting,2,2026-01-05\n", "--apply")
    assert "contradicts: 2" in said
    assert not Evidence.objects.exists()


def test_the_same_row_twice_is_recorded_once(ana, tmp_path):
    assert "twice: 1" in bring(tmp_path, "E1,Counting,4,\nE1,Counting,4,\n", "--apply")
    assert Evidence.objects.count() == 1


def test_a_list_without_days_brought_on_another_day_is_the_same_list(ana, tmp_path):
    bring(tmp_path, "E1,Counting,4,\n", "--apply")
    assert "unchanged: 1" in bring(tmp_path, "E1,Counting,4,\n")
    assert "reference_used: 1" in bring(tmp_path, "E1,Counting,3,\n")


def test_pieces_cover_every_new_row_once(ana, tmp_path):
    for name in ("E2", "E3", "E4", "E5"):
        known_as(name)
    bring(tmp_path, "".join(f"E{n},Counting,4,\n" for n in range(1, 6)))
    assert list(told.spans(2)) == [(0, 3), (3, 5), (5, 6)]


def test_a_line_of_the_scale_takes_the_place_of_what_it_overlaps():
    assert scale_of("percent", ["50-94.99=2"])[2:] == (Band(50, 95, 2, True), Band(95, 100, 4))
    assert scale_of("1-5", ["1-2=1"])[:2] == (Band(1, 2, 1), Band(3, 3, 2))
    with pytest.raises(RuleBroken, match="no line of a scale"):
        scale_of("1-5", ["good=3"])
    with pytest.raises(RuleBroken, match="level from 0 to 4"):
        scale_of("1-5", ["3=9"])


@pytest.mark.parametrize(
    "mapped",
    [
        [],
        ["0-59=0", "60-79=3", "80-100=4"],
        ["0-40=1", "40-60=2", "60-100=3"],
        ["95-100=3"],
        ["20-49.99=2"],
        ["50-75=4"],
    ],
)
def test_each_percentage_belongs_to_one_band(mapped):
    bands = scale_of("percent", mapped)
    for thousandths in range(0, 100_001, 5):
        value = thousandths / 1000
        assert sum(band.holds(value) for band in bands) == 1, value


def test_bands_say_whose_their_ends_are():
    assert [band.words for band in scale_of("percent")] == [
        "0 to below 20", "20 to below 50", "50 to below 75", "75 to below 95", "95 to 100",
    ]  # fmt: skip
    assert [band.words for band in scale_of("percent", ["0-59=0", "60-100=3"])] == ["0 to below 60", "60 to 100"]


def test_a_hole_that_somebody_asks_for_stays_one():
    assert [band.words for band in scale_of("percent", ["20-30=1"])][:3] == [
        "0 to below 20",
        "20 to 30",
        "50 to below 75",
    ]


def test_percentages_between_two_bands_are_brought_in_at_the_lower_one(ana, tmp_path):
    told = {"19.995": 0, "20": 1, "49.999": 1, "94.995": 3, "95": 4, "100": 4}
    for number in range(len(told)):
        known_as(f"E{number + 2}")
    rows = "".join(f"E{number + 2},Counting,{said},\n" for number, said in enumerate(told))
    assert f"new: {len(told)}" in bring(tmp_path, rows, "--apply", "--scale", "percent")
    found = Evidence.objects.order_by("person__source_id").values_list("level", flat=True)
    assert list(found) == list(told.values())


def test_a_missing_column_is_asked_for():
    header = ["Person", "Skill"]
    with pytest.raises(RuleBroken, match="Say which column holds the level"):
        must_lead_somewhere(header, guess(header))


def test_a_scale_is_never_guessed(ana, tmp_path):
    file = tmp_path / "ratings.csv"
    file.write_text("person,skill,level\nE1,Counting,4\n")
    with pytest.raises(CommandError, match="Name the file and its --scale"):
        call_command("import_ratings", str(file), "--source", "Survey")


# --- by a worker ------------------------------------------------------------------------------


def planned(rows: str, *, source: str = "Survey") -> RatingList:
    by = make_account()
    text = f"person,skill,level\n{rows}"
    plan = actions.add_ratings(io.BytesIO(text.encode()), file_name="list.csv", by=by)
    mapping = {"person": "person", "skill": "skill", "level": "level"}
    facts = {"source": source, "type": "manager", "scale": "0-4", "bands": scale_of("0-4"), "mapping": mapping}
    worked(actions.plan_ratings(plan, **facts, by=by))
    return RatingList.objects.get(pk=plan.pk)


def worked(plan: RatingList) -> RatingList:
    assert bringing.work_on(plan.pk)
    plan.refresh_from_db()
    return plan


def people(count: int) -> str:
    for n in range(count):
        known_as(f"P{n}")
    return "".join(f"P{n},Counting,3\n" for n in range(count))


def test_a_plan_tells_verdicts_values_and_what_has_run_out(ana):
    plan = planned("E1,Counting,3\nE1,Flying,3\nE9,Counting,8\n")
    assert plan.counts == {"new": 1, "unknown_person": 1, "unknown_skill": 1}
    assert plan.values == {"3": 2, "8": 1}
    assert list(plan.rows.rejected().values_list("number", "verdict")) == [(3, "unknown_skill"), (4, "unknown_person")]


def test_old_ratings_are_told_to_have_run_out(ana, tmp_path):
    bring(tmp_path, "E1,Counting,4,2020-01-05\n")
    assert RatingList.objects.get().expired == 1


def test_a_list_whose_worker_fails_goes_on_behind_what_is_in(ana, monkeypatch):
    plan = actions.apply_ratings(planned(people(5)), by=make_account())
    monkeypatch.setattr(bringing, "PIECE", 2)
    carry, tries = told.bring_in, iter([True, False])

    def second_fails(*args: Any, **kwargs: Any) -> int:
        if next(tries, True):
            return carry(*args, **kwargs)
        raise OSError("the disk is gone")

    monkeypatch.setattr(told, "bring_in", second_fails)
    plan = worked(plan)
    assert (plan.state, plan.done) == ("stopped", 2)
    assert "Those are in and complete" in plan.failure

    plan = worked(actions.apply_ratings(plan, by=make_account()))
    assert (plan.state, plan.done, plan.total, plan.failure) == ("applied", 5, 5, "")
    assert Evidence.objects.count() == Standing.objects.count() == 5


def test_a_worker_that_was_stopped_writes_nothing_more(ana, monkeypatch):
    plan = actions.apply_ratings(planned(people(4)), by=make_account())

    def stopped_after_the_first(size: int) -> Iterator[tuple[int, int]]:
        yield 0, 3
        actions.stop_ratings(RatingList.objects.get(), by=make_account())
        yield 3, 5

    monkeypatch.setattr(told, "spans", stopped_after_the_first)
    assert not bringing.work_on(plan.pk)

    plan.refresh_from_db()
    assert (plan.state, plan.done, plan.is_wanted) == ("stopped", 2, False)
    assert Evidence.objects.count() == 2


def test_only_what_one_list_said_is_taken_back(ana):
    first = worked(actions.apply_ratings(planned("E1,Counting,3\n"), by=make_account()))
    make_skill("Keep the peace by calling first", name="Calling")
    second = worked(actions.apply_ratings(planned("E1,Calling,2\n"), by=make_account()))

    second = worked(actions.undo_ratings(second, reason="The wrong year", by=make_account()))

    assert (second.state, second.done) == ("undone", 1)
    assert Withdrawal.objects.get().evidence.rating_list == second
    assert Standing.objects.get().evidence_id == Evidence.objects.get(rating_list=first).pk


def test_a_list_that_brings_nothing_is_not_applied(ana):
    with pytest.raises(RuleBroken, match="brings nothing new"):
        actions.apply_ratings(planned("E9,Counting,3\n"), by=make_account())


def test_files_and_rejected_rows_go_after_a_week(ana):
    plan = planned("E9,Counting,3\n")
    assert bringing.forget_files() == 0
    RatingList.objects.update(created_at=timezone.now() - bringing.FORGOTTEN_AFTER * 2)

    assert bringing.forget_files() == 2
    plan.refresh_from_db()
    assert plan.shape["preview"] == []
    with pytest.raises(RuleBroken, match="Upload it again"):
        actions.plan_ratings(
            plan, source="S", type="manager", scale="0-4", bands=scale_of("0-4"), mapping={}, by=make_account()
        )
