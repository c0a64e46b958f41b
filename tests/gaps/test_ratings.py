"""Existing ratings on their way in."""

import io
from pathlib import Path

import pytest
from django.core.management import CommandError, call_command
from django.utils import timezone

from base.errors import RuleBroken
from base.models import Change
from gaps.models import Evidence, Standing, Withdrawal
from gaps.queries import ratings as told
from gaps.ratings import Band, guess, scale_of
from tests.make import make_person, make_skill
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
    assert Change.objects.filter(verb="record", noun="evidence").count() == 1


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
    assert problems.read_text("utf-8-sig").splitlines()[1].startswith(f"2,{verdict},")
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


def test_pieces_cover_every_new_row_once(ana, tmp_path):
    for name in ("E2", "E3", "E4", "E5"):
        known_as(name)
    bring(tmp_path, "".join(f"E{n},Counting,4,\n" for n in range(1, 6)))
    assert list(told.spans(2)) == [(0, 3), (3, 5), (5, 6)]


def test_a_line_of_the_scale_takes_the_place_of_what_it_overlaps():
    assert scale_of("percent", ["50-94.99=2"])[2:] == (Band(50, 94.99, 2), Band(95, 100, 4))
    with pytest.raises(RuleBroken, match="no line of a scale"):
        scale_of("1-5", ["good=3"])
    with pytest.raises(RuleBroken, match="level from 0 to 4"):
        scale_of("1-5", ["3=9"])


def test_a_missing_column_is_asked_for():
    with pytest.raises(RuleBroken, match="Say which column holds the level"):
        guess(["Person", "Skill"], {})


def test_a_scale_is_never_guessed(ana, tmp_path):
    file = tmp_path / "ratings.csv"
    file.write_text("person,skill,level\nE1,Counting,4\n")
    with pytest.raises(CommandError, match="Name the file and its --scale"):
        call_command("import_ratings", str(file), "--source", "Survey")
