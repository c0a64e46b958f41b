"""A list on its way in: planned, brought in, brought in again, stopped, undone."""

import csv
import datetime as dt
import io
import json
from contextlib import suppress
from pathlib import Path

import pytest
from django.conf import settings
from django.core.management import CommandError, call_command
from django.db import IntegrityError, connection, transaction
from django.utils import timezone
from hypothesis import HealthCheck, given
from hypothesis import settings as effort
from hypothesis import strategies as st

from base import outbox
from base.errors import RuleBroken
from base.jobs import LostLease
from base.models import Change, OutboxMessage
from skills import actions, carrying, routines
from skills.models import Import, ImportRow, Skill, SkillFlag
from tests.make import make_context, make_designer, make_skill, make_workflow

pytestmark = pytest.mark.django_db

DATA = Path(settings.BASE_DIR).parent / "shared" / "data"
ESCO = DATA / "esco" / "ESCO dataset - v1.1.0 - classification - en - csv.zip"
TWO = "name,statement\nOpen a call,Open a call so that the buyer answers\nPrice talks,Hold the price\n"


def plan_of(text: str | bytes, *, name: str = "Academy", by=None, **mapping: str) -> Import:
    content = text.encode() if isinstance(text, str) else text
    by = by or make_designer()
    plan = actions.add_import(io.BytesIO(content), file_name="list.csv", name=name, by=by)
    if mapping or not plan.is_wanted:
        plan = actions.map_columns(plan, name=name, mapping=mapping or plan.mapping, by=by)
    return worked(plan)


def worked(plan: Import) -> Import:
    """As the worker would."""
    carrying.work_on(plan.pk)
    plan.refresh_from_db()
    return plan


def applied(plan: Import, by=None) -> Import:
    return worked(actions.apply_import(plan, by=by or plan.created_by))


def bring(text: str, by=None) -> Import:
    return applied(plan_of(text, by=by))


def verdicts(plan: Import) -> list[str]:
    return [row.verdict for row in plan.rows.order_by("number")]


def test_new_rows_become_drafts_of_whoever_brings_them_in():
    maren = make_designer("Maren Holt")
    plan = bring(TWO, by=maren)

    first, second = Skill.objects.order_by("name")
    assert (first.name, first.statement, first.state) == (
        "Open a call",
        "Open a call so that the buyer answers",
        "draft",
    )
    assert (second.owner, second.created_by, second.origin, second.origin_key) == (
        maren,
        maren,
        "Academy",
        "price talks",
    )
    assert plan.state == Import.State.APPLIED
    assert plan.rows.results() == {"created": 2}


def test_a_plan_changes_nothing():
    plan = plan_of(TWO)

    assert plan.state == Import.State.PLANNED
    assert verdicts(plan) == ["create", "create"]
    assert not Skill.objects.exists()


def test_what_came_in_is_flagged_at_once():
    bring("Skill Name,Skill Statement\nListening,Listening\n")

    assert sorted(SkillFlag.objects.open().values_list("code", flat=True)) == ["no_context", "says_little"]


def test_the_same_list_again_changes_nothing():
    bring(TWO)
    before = list(Skill.objects.order_by("pk").values())
    again = plan_of(TWO)

    assert verdicts(again) == ["unchanged", "unchanged"]
    with pytest.raises(RuleBroken, match="Nothing is chosen"):
        actions.apply_import(again, by=again.created_by)
    assert list(Skill.objects.order_by("pk").values()) == before


def test_rows_may_change_places():
    bring("name,statement\nListening,Hear what is meant\nListening,Repeat what was said\n")

    again = plan_of("name,statement\nListening,Repeat what was said\nListening,Hear what is meant\n")

    assert verdicts(again) == ["unchanged", "unchanged"]


def test_an_update_shows_before_and_after_and_counts_the_version():
    bring(TWO)
    plan = plan_of(TWO.replace("Hold the price", "Hold the price inside the range"))

    update = plan.rows.get(verdict="update")
    assert update.difference == {"statement": ["Hold the price", "Hold the price inside the range"]}
    applied(plan)
    skill = Skill.objects.get(name="Price talks")
    assert (skill.statement, skill.version) == ("Hold the price inside the range", 2)
    change = Change.objects.get(subject=skill.pk)
    assert (change.verb, change.facts) == ("import", update.difference)


def test_a_rewording_here_survives_the_same_list():
    bring("name\nPrice talks\n")
    actions.change_skill(Skill.objects.get(), statement="Hold the price inside the range", by=make_designer())

    assert verdicts(plan_of("name\nPrice talks\n")) == ["unchanged"]


def test_a_list_without_statements_leaves_those_that_are_here():
    bring(TWO)

    text = "name,description\nOpen a call,For beginners\nPrice talks,\n"
    by = make_designer()
    plan = actions.add_import(io.BytesIO(text.encode()), file_name="list.csv", name="Academy", by=by)
    columns = {"name": "name", "description": "description"}
    plan = applied(worked(actions.map_columns(plan, name="Academy", mapping=columns, by=by)))

    assert Skill.objects.get(name="Open a call").statement == "Open a call so that the buyer answers"
    assert plan.rows.results() == {"updated": 1}


def test_a_row_that_says_what_a_skill_here_says_waits_for_a_person():
    here = make_skill("Complete and submit the customer information")

    row = plan_of("name\nSubmit and complete customer information\n").rows.get()

    assert (row.verdict, row.skill, row.choice) == ("look_alike", here, "leave")


def test_a_look_alike_may_be_created_anyway():
    make_skill("Hold the price")
    plan = plan_of("name,statement\nPrice talks,Hold the price!\n")
    row = plan.rows.get()
    assert (row.verdict, row.choice) == ("look_alike", "leave")

    actions.choose_rows(plan, rows=[row.pk], choice="apply", by=make_designer())
    applied(plan)

    assert Skill.objects.count() == 2
    assert SkillFlag.objects.open().coded("looks_alike").count() == 2


def test_a_look_alike_may_stand_for_the_one_that_is_here_and_is_not_asked_again():
    here = make_skill("Hold the price")
    text = "name,statement\nPrice talks,Hold the price!\n"
    plan = plan_of(text)
    actions.choose_rows(plan, rows=[plan.rows.get().pk], choice="existing", by=make_designer())
    applied(plan)

    here.refresh_from_db()
    assert (here.also_called, here.version) == (["Price talks"], 2)
    assert Change.objects.filter(subject=here.pk).latest("id").facts == {"also_called": [[], ["Price talks"]]}
    assert verdicts(plan_of(text)) == ["unchanged"]


def test_two_rows_that_say_the_same_under_two_names_are_one_skill_and_a_question():
    plan = plan_of("name,statement\nPrice talks,Hold the price\nPricing,Hold the price.\n")

    assert verdicts(plan) == ["create", "look_alike"]
    assert plan.rows.get(number=3).reason == "Says nearly the same as row 2."


def test_a_list_with_keys_of_its_own_tells_its_rows_apart():
    text = "id,name\n1,Information structure\n2,Structure information\n"
    plan = bring(text)

    assert plan.rows.results() == {"created": 2}
    assert plan.rows.get(number=3).reason.endswith("the list keeps them apart.")
    assert verdicts(plan_of(text)) == ["unchanged", "unchanged"]


def test_a_retired_skill_is_not_brought_back_by_a_list():
    bring(TWO)
    actions.retire_skill(Skill.objects.get(name="Price talks"), by=make_designer())

    plan = plan_of(TWO.replace("Hold the price", "Hold it"))

    assert verdicts(plan) == ["unchanged", "unchanged"]
    assert plan.rows.get(number=3).reason == "It was retired here. Restore it to use it again."


def test_a_skill_changed_after_the_plan_is_not_overwritten():
    bring(TWO)
    plan = plan_of(TWO.replace("Hold the price", "Hold it"))
    actions.change_skill(Skill.objects.get(name="Price talks"), statement="Ours", by=make_designer())

    applied(plan)

    assert Skill.objects.get(name="Price talks").statement == "Ours"
    assert plan.rows.left_over().get().reason.startswith("Somebody changed the skill after the plan was made.")


def test_two_plans_of_one_list_create_each_skill_once():
    one, other = plan_of(TWO), plan_of(TWO)

    applied(one)
    applied(other)

    assert Skill.objects.count() == 2
    assert other.rows.results() == {"left": 2}


def test_part_of_a_list_may_come_in():
    plan = plan_of(TWO)
    actions.choose_rows(plan, rows=[plan.rows.get(number=2).pk], choice="leave", by=make_designer())

    applied(plan)

    assert Skill.objects.get().name == "Price talks"


def test_a_whole_verdict_is_chosen_at_once():
    plan = plan_of(TWO)

    assert actions.choose_every(plan, verdict="create", choice="leave", by=make_designer()) == 2
    assert not plan.rows.chosen().exists()


def test_rejected_rows_cannot_be_chosen():
    plan = plan_of("name,statement\n,\nA,Do a\n,...\n")

    assert actions.choose_every(plan, verdict="rejected", choice="apply", by=make_designer()) == 0


def killed_after_one_piece(plan: Import, monkeypatch: pytest.MonkeyPatch) -> Import:
    """A worker that brings in one row and is gone."""
    next_piece = carrying.bringing.next_piece

    def once(plan, which, size) -> object:
        if plan.reached:
            raise LostLease
        return next_piece(plan, which, 1)

    with monkeypatch.context() as broken:
        broken.setattr(carrying.bringing, "next_piece", once)
        assert not carrying.work_on(plan.pk)
    plan.refresh_from_db()
    return plan


def test_a_stopped_import_keeps_what_is_in_and_goes_on(monkeypatch):
    plan = killed_after_one_piece(actions.apply_import(plan_of(TWO), by=make_designer()), monkeypatch)
    plan = actions.stop_import(plan, by=make_designer())
    assert (plan.state, plan.done, Skill.objects.count()) == ("stopped", 1, 1)
    assert not carrying.work_on(plan.pk)

    applied(plan)

    plan.refresh_from_db()
    assert (plan.state, plan.done, plan.total, Skill.objects.count()) == ("applied", 2, 2, 2)


def test_an_import_whose_worker_was_killed_is_asked_for_again(monkeypatch):
    plan = killed_after_one_piece(actions.apply_import(plan_of(TWO), by=make_designer()), monkeypatch)
    OutboxMessage.objects.all().delete()
    assert routines.resume_imports() == 0
    long_ago = timezone.now() - dt.timedelta(minutes=5)
    Import.objects.update(wanted_at=long_ago, leased_until=long_ago)

    assert routines.resume_imports() == 1
    assert OutboxMessage.objects.get().payload == {"import_id": str(plan.pk)}
    assert worked(plan).state == Import.State.APPLIED
    assert Skill.objects.count() == 2


def test_a_failure_says_what_is_safe_and_the_import_goes_on(monkeypatch):
    monkeypatch.setattr(carrying, "PIECE", 1)
    plan = actions.apply_import(plan_of(TWO), by=make_designer())
    bring_in = carrying.bringing.bring_in

    def break_at_the_second(plan, piece, *, by) -> object:
        if piece.after:
            raise RuntimeError("a fault")
        return bring_in(plan, piece, by=by)

    with monkeypatch.context() as broken:
        broken.setattr(carrying.bringing, "bring_in", break_at_the_second)
        worked(plan)

    assert plan.state == Import.State.STOPPED
    assert plan.failure.startswith("Something went wrong on our side after 1 of 2 rows. Those are in and complete")
    assert applied(plan).failure == ""
    assert Skill.objects.count() == 2


def test_undoing_takes_back_what_nobody_touched():
    plan = bring(TWO)

    worked(actions.undo_import(plan, by=make_designer()))

    assert plan.rows.results() == {"undone": 2} or Import.objects.get(pk=plan.pk).rows.results() == {"undone": 2}
    assert not Skill.objects.exists()
    assert not SkillFlag.objects.exists()
    assert verdicts(plan_of(TWO)) == ["create", "create"]


def test_undoing_keeps_what_somebody_placed_and_says_so():
    plan = bring(TWO)
    placed = Skill.objects.get(name="Price talks")
    make_context(placed, make_workflow(steps=1).steps.get())

    worked(actions.undo_import(plan, by=make_designer()))

    assert Skill.objects.get() == placed
    assert plan.rows.get(result="kept").reason == "Somebody has worked on the skill since, so it stays."


def test_undoing_reverts_updates_where_nobody_touched_them_since():
    bring(TWO)
    plan = bring(TWO.replace("Hold the price", "Hold it").replace("so that the buyer answers", "well"))
    actions.change_skill(Skill.objects.get(name="Open a call"), statement="Ours", by=make_designer())

    worked(actions.undo_import(plan, by=make_designer()))

    assert Skill.objects.get(name="Price talks").statement == "Hold the price"
    assert Skill.objects.get(name="Open a call").statement == "Ours"
    assert plan.rows.results() == {"undone": 1, "kept": 1}


def test_every_row_of_the_table_is_accounted_for_whatever_it_says():
    text = "name,statement,x\n" + "".join(["A,Do a,1\n", "A,Do a,1\n", ",,1\n", "a,b,c,d\n", "B,,\n", "\n", "b ,,\n"])
    plan = plan_of(text)

    assert plan.total == 6 == plan.rows.count()
    assert plan.rows.counts() == {"create": 2, "update": 0, "unchanged": 1, "look_alike": 1, "rejected": 2}


cells = st.text(st.characters(exclude_categories=["Cs"], exclude_characters="\x00"), max_size=12)
tables = st.lists(
    st.lists(cells | st.sampled_from(["Open a call", "open  a call", ""]), min_size=0, max_size=4),
    min_size=1,
    max_size=8,
)


def plan_unless_refused(text: str) -> Import | None:
    with suppress(RuleBroken):
        plan = plan_of(text)
        return None if plan.state == Import.State.REFUSED else plan
    return None


@given(rows=tables, delimiter=st.sampled_from(",;\t"))
@effort(max_examples=60, deadline=None, suppress_health_check=list(HealthCheck))
def test_any_table_in_every_row_accounted_for(rows, delimiter):
    buffer = io.StringIO(newline="")
    csv.writer(buffer, delimiter=delimiter).writerows([["name", "statement", "id"], *rows])
    expected = [row for row in rows if any(cell.strip() for cell in row)]
    with transaction.atomic():
        if plan := plan_unless_refused(buffer.getvalue()):
            assert sum(plan.rows.counts().values()) == plan.total
            assert plan.total == len(expected) or plan.shape["delimiter"] != delimiter
            chosen = plan.rows.chosen().count()
            if chosen:
                applied(plan)
            assert Skill.objects.filter(origin="Academy").count() == plan.rows.judged("create").count() == chosen
            again = plan_of(buffer.getvalue()).rows.counts()
            assert (again["create"], again["update"]) == (0, 0)
        transaction.set_rollback(True)


def test_reading_asks_for_a_worker_in_the_same_transaction():
    plan = actions.add_import(
        io.BytesIO(b"Skill Name,Skill Statement\nA,Do a\n"), file_name="a.csv", by=make_designer()
    )

    message = OutboxMessage.objects.get()
    assert (message.topic, message.payload) == ("skills.tasks.work_on_import", {"import_id": str(plan.pk)})


def test_an_unknown_table_waits_for_its_columns():
    plan = actions.add_import(io.BytesIO(b"Nr;Bezeichnung\n1;Tun\n"), file_name="a.csv", by=make_designer())

    assert plan.state == Import.State.MAPPING
    assert not OutboxMessage.objects.exists()


def test_a_refusal_found_late_leaves_nothing_behind():
    text = "name,statement\n" + "A,Do a\n" * 20_000 + 'B,"Do b\nC,Do c\n'
    plan = plan_of(text)

    assert plan.state == Import.State.REFUSED
    assert plan.failure.startswith("A quotation mark that opens in line 20,002 is never closed")
    assert not plan.rows.exists()


def test_an_import_is_in_the_trail():
    plan = bring(TWO)

    assert list(Change.objects.filter(subject=plan.pk).order_by("id").values_list("verb", flat=True)) == [
        "add",
        "apply",
        "finish",
    ]


def test_what_lists_did_to_one_skill_can_be_asked():
    bring(TWO)
    bring(TWO.replace("Hold the price", "Hold it"))

    rows = ImportRow.objects.about(Skill.objects.get(name="Price talks"))

    assert [(row.owner.name, row.number, row.result) for row in rows] == [
        ("Academy", 3, "updated"),
        ("Academy", 3, "created"),
    ]


@pytest.mark.parametrize(
    ("facts", "constraint"),
    [
        ({"verdict": "rejected"}, "importrow_rejected_says_why"),
        ({"verdict": "unchanged", "choice": "apply"}, "importrow_that_brings_nothing_is_left_out"),
        ({"verdict": "create", "choice": "existing"}, "importrow_uses_the_existing_one_it_looks_like"),
        ({"verdict": "update"}, "importrow_update_says_what_changes"),
        ({"verdict": "create", "number": 2}, "importrow_is_once_per_number"),
    ],
)
def test_a_row_cannot_contradict_itself(facts, constraint):
    plan = plan_of(TWO)

    with pytest.raises(IntegrityError, match=constraint):
        ImportRow.objects.create(owner=plan, **{"number": 9, **facts})


def test_unchanged_rows_cause_no_write():
    bring(TWO)
    plan = plan_of(TWO + "New,Do something new\n")
    with connection.cursor() as cursor:
        cursor.execute("SELECT xmin::text FROM skills_skill ORDER BY id")
        before = cursor.fetchall()
        applied(plan)
        cursor.execute("SELECT xmin::text FROM skills_skill WHERE name <> 'New' ORDER BY id")
        assert cursor.fetchall() == before


@pytest.mark.parametrize("count", [1, 3])
def test_bringing_in_costs_the_same_for_one_and_for_three(count, django_assert_num_queries):
    plan = plan_of("name,statement\n" + "".join(f"Skill {n},Do thing number {n} well\n" for n in range(count)))
    actions.apply_import(plan, by=make_designer())

    # Claim; figures; two pieces, the second empty; eight rules; the end.
    with django_assert_num_queries(39):
        carrying.work_on(plan.pk)


def command(*arguments: str) -> dict[str, int]:
    out = io.StringIO()
    call_command("import_skills", *arguments, stdout=out)
    return json.loads(out.getvalue().splitlines()[-1])


def test_the_command_prints_the_verdicts_and_brings_them_in(tmp_path):
    file = tmp_path / "list.csv"
    file.write_text(TWO)

    assert command(str(file), "--plan") == {"create": 2, "update": 0, "unchanged": 0, "look_alike": 0, "rejected": 0}
    assert not Skill.objects.exists()
    assert command(str(file))["create"] == 2
    assert command(str(file))["unchanged"] == 2 == Skill.objects.count()


def test_the_command_refuses_with_a_sentence(tmp_path):
    file = tmp_path / "list.csv"
    file.write_text("")

    with pytest.raises(CommandError, match="The file is empty"):
        command(str(file))


# In transactions of its own: rolled back, its rows would slow down every test that follows.
@pytest.mark.django_db(transaction=True)
def test_esco_comes_in_once(monkeypatch):
    if not ESCO.exists():
        pytest.skip(f"{ESCO} is not there")
    monkeypatch.setattr(outbox, "enqueue", lambda task, payload: None)

    assert command(str(ESCO))["create"] == 13_891
    assert command(str(ESCO))["unchanged"] == 13_891 == Skill.objects.count()
