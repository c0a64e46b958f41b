"""Every personal column has a rule, the paper says what the code does, and the code does it."""

import datetime as dt
import json
from io import StringIO

import pytest
from django.apps import apps
from django.conf import settings
from django.contrib.postgres.fields import ArrayField
from django.core.management import CommandError, call_command
from django.db import connection, models
from django.urls import reverse
from django.utils import timezone

from base import changes, outbox, retention
from base.errors import RuleBroken
from base.models import Change, OutboxMessage
from gaps import actions as gap_actions
from gaps.models import AccessNote, Contest, Evidence, Standing
from gaps.queries import looking, snapshot
from tests.make import make_account, make_evidence, make_job_role, make_person, make_skill, make_workflow
from workforce import actions, routines
from workforce.models import Account, Erasure, Person, Role
from workforce.paper import written
from workforce.queries.erasing import plan_erasure

pytestmark = pytest.mark.django_db

MACHINERY = {"contenttypes", "auth"}
MODELS = [model for model in apps.get_models(include_auto_created=True) if model._meta.app_label not in MACHINERY]
# What can hold words about anybody.
HOLDS_WORDS = (
    models.CharField, models.TextField, models.JSONField, models.BinaryField, models.FileField, ArrayField,
)  # fmt: skip


def refers_to_somebody(column: models.Field) -> bool:
    return column.related_model in (Person, Account)


def is_about_somebody(model: type[models.Model]) -> bool:
    return model in (Person, Account) or any(column.related_model is Person for column in model._meta.concrete_fields)


def needs_a_rule(model: type[models.Model], column: models.Field) -> bool:
    if column.primary_key or column.name in {"version", "fence"}:
        return False
    names_by_id = isinstance(column, models.UUIDField) and not column.related_model
    return (
        is_about_somebody(model)
        or refers_to_somebody(column)
        or names_by_id
        or (isinstance(column, HOLDS_WORDS) and not column.choices)
    )


@pytest.mark.parametrize("model", MODELS, ids=lambda model: model._meta.label)
def test_every_personal_column_has_a_rule(model):
    covered = retention.covered(model._meta.label)

    unruled = {
        column.name
        for column in model._meta.concrete_fields
        if needs_a_rule(model, column) and column.name not in covered
    }

    assert unruled == set(), f"say in {model._meta.app_label}/policy.py what becomes of them"


@pytest.mark.parametrize("rule", retention.RULES, ids=lambda rule: f"{rule.model} {' '.join(rule.columns)}"[:60])
def test_every_rule_speaks_of_columns_that_are_there_and_says_why(rule):
    there = {column.name for column in apps.get_model(rule.model)._meta.concrete_fields}

    assert set(rule.columns) <= there
    assert all([rule.what, rule.why, rule.kept_in_words])
    assert rule.where or rule.because


def test_a_reference_to_somebody_is_never_called_impersonal():
    for label, columns in retention.IMPERSONAL.items():
        for name in columns:
            assert not refers_to_somebody(apps.get_model(label)._meta.get_field(name)), f"{label}.{name}"


def test_the_paper_is_what_the_code_does():
    paper = settings.BASE_DIR / "docs" / "privacy.md"
    assert paper.read_text() == written(), "write it anew: .venv/bin/python manage.py write_privacy"


NAME, ADDRESS, NUMBER = "Zebulon Quirk", "zebulon.quirk@example.com", "EMP-77123"


def make_leaver() -> Person:
    """Somebody of whom there is something everywhere, and who has left."""
    role = make_job_role()
    person = make_person(role=role, display_name=NAME, work_email=ADDRESS, employee_number=NUMBER, given_name="Zebulon")
    account = make_account(Role.DESIGNER, name=NAME, email=ADDRESS, person=person)
    other, admin = make_person(role=role, manager=person), make_account(Role.ADMINISTRATOR)
    skill = make_skill(by=account)
    make_workflow(by=account, steps=1)
    mine = make_evidence(person, skill)
    make_evidence(other, skill, observer=person, source=NAME)
    gap_actions.contest(mine, reason=f"{NAME} does not agree", by=account)
    gap_actions.record_evidence(person, skill=skill, level=2, type="own", observed_at=timezone.now(), by=account)
    looking.note(admin, [person.pk], page="gaps")
    looking.note(account, [other.pk], page="gaps")
    changes.record("change", other, by=admin, facts={"manager": (None, person), "note": (NAME, ADDRESS)})
    OutboxMessage.objects.create(topic="x", payload={"to": ADDRESS})
    snapshot.take()
    Person.objects.filter(pk=person.pk).update(status="inactive", left_at=timezone.now() - dt.timedelta(days=40))
    return Person.objects.get(pk=person.pk)


def everything() -> str:
    """All that the database says, as text."""
    said = []
    with connection.cursor() as cursor:
        for table in connection.introspection.table_names(cursor):
            cursor.execute(f'SELECT to_jsonb(it)::text FROM "{table}" it')
            said += [f"{table} {row}" for (row,) in cursor.fetchall()]
    return "\n".join(said)


def test_whoever_is_erased_is_nowhere_by_name_address_or_number():
    person = make_leaver()
    account = person.account
    before = everything()
    assert all(before.count(each) >= least for each, least in ((NAME, 10), (ADDRESS, 3), (NUMBER, 1)))

    erasure = actions.erase_person(person, reason="They asked for it", by=make_account(Role.ADMINISTRATOR))

    after = everything()
    found = [line for line in after.splitlines() if any(each in line for each in (NAME, ADDRESS, NUMBER, "Zebulon"))]
    assert found == []
    assert not Evidence.objects.filter(person=person).exists()
    assert not Contest.objects.exists()
    assert not Standing.objects.filter(person=person).exists()
    assert not AccessNote.objects.filter(person=person).exists()
    account.refresh_from_db()
    assert (account.is_active, account.roles, account.full_name) == (False, [], erasure.pseudonym)
    assert erasure.counts["gaps_evidence"] == 3
    assert NAME not in json.dumps(erasure.counts)


def test_what_they_did_for_others_stays():
    person = make_leaver()
    trail, others = Change.objects.count(), Evidence.objects.exclude(person=person).count()

    erasure = actions.erase_person(person, reason="They asked for it", by=make_account(Role.ADMINISTRATOR))

    assert Change.objects.count() == trail + 1
    kept = Evidence.objects.get()
    assert (Evidence.objects.count(), kept.observer, kept.source) == (others, None, erasure.pseudonym)


def test_the_plan_counts_what_the_erasure_touches_and_writes_nothing():
    person = make_leaver()
    before = everything()

    planned: dict[str, int] = {}
    for rule, rows in plan_erasure(person):
        planned[rule.table] = planned.get(rule.table, 0) + rows
    assert everything() == before

    done = actions.erase_person(person, reason="They asked", by=make_account()).counts
    exact = {table for table in planned if table not in {"base_change"}}
    assert {table: count for table, count in done.items() if table in exact} == {
        table: planned[table] for table in exact if planned[table]
    }


def test_the_trail_lets_nobody_else_through():
    change = changes.record("change", make_person(), by=make_account())

    with pytest.raises(Exception, match="append-only"):
        Change.objects.filter(pk=change.pk).update(by_name="Somebody else")


def test_the_trail_is_closed_again_in_the_same_transaction():
    person = make_leaver()
    actions.erase_person(person, reason="They asked", by=make_account())

    with pytest.raises(Exception, match="append-only"):
        Change.objects.update(by_name="Somebody else")


def test_whoever_works_here_is_not_erased():
    with pytest.raises(RuleBroken, match="Note their leaving first"):
        actions.erase_person(make_person(), reason="They asked", by=make_account())


def test_nobody_is_erased_twice():
    person = make_leaver()
    actions.erase_person(person, reason="They asked", by=make_account())

    with pytest.raises(RuleBroken, match="erased already"):
        actions.erase_person(person, reason="They asked", by=make_account())


def test_an_erased_person_cannot_be_brought_back():
    person = make_leaver()
    actions.erase_person(person, reason="They asked", by=make_account())

    assert not Person.objects.restorable(timezone.now() - dt.timedelta(days=30)).exists()


def test_the_night_erases_who_left_long_ago(settings):
    settings.KEEP_LEAVERS_DAYS = 30
    person, fresh = make_leaver(), make_person(status="inactive", left_at=timezone.now())

    routines.keep_policy()
    routines.keep_policy()

    assert Erasure.objects.count() == 1
    person.refresh_from_db()
    fresh.refresh_from_db()
    assert person.display_name.startswith("Erased person")
    assert not fresh.display_name.startswith("Erased person")


def test_the_night_deletes_what_is_older_than_the_policy_keeps(settings):
    person, admin = make_person(), make_account()
    looking.note(admin, [person.pk], page="gaps")
    looking.note(admin, [make_person().pk], page="gaps")
    AccessNote.objects.filter(person=person).update(first_at=timezone.now() - dt.timedelta(days=366))
    outbox.send_later("x", a=1)
    OutboxMessage.objects.update(created_at=timezone.now() - dt.timedelta(days=31))

    routines.keep_policy()

    assert AccessNote.objects.count() == 1
    assert OutboxMessage.objects.count() == 0


def run(*words: str) -> str:
    out = StringIO()
    call_command("erase_person", *words, stdout=out)
    return out.getvalue()


def test_the_command_plans_and_erases():
    person = make_leaver()

    assert "gaps.Evidence: what was said about their skills" in run(person.source_id, "--plan")
    assert not Erasure.objects.exists()
    run(str(person.pk), "--reason", "They asked for it")
    assert Erasure.objects.get().reason == "They asked for it"


def test_the_command_says_what_is_wrong():
    with pytest.raises(CommandError, match="Nobody has the id"):
        run("nobody")
    with pytest.raises(CommandError, match="Note their leaving first"):
        run(make_person().source_id, "--reason", "They asked")
    for source in ("one", "two"):
        Person.objects.create(source=source, source_id="same", display_name="Same")
    with pytest.raises(CommandError, match="--source"):
        run("same", "--plan")


def test_an_administrator_reads_the_plan_types_the_name_and_erases(client):
    person = make_leaver()
    client.force_login(make_account(Role.ADMINISTRATOR))
    address = reverse("person_erase", args=[person.pk])

    found = client.get(reverse("privacy_show"), {"q": "Zebulon"}).content.decode()
    assert address in found
    assert "What was said about their skills" in client.get(address).content.decode()
    assert client.post(address, {"reason": "They asked", "name": "Somebody"}).status_code == 422
    assert client.post(address, {"reason": f"{NAME} asked", "name": NAME}).status_code == 422
    assert not Erasure.objects.exists()

    client.post(address, {"reason": "They asked", "name": NAME})

    told = client.get(reverse("privacy_show")).content.decode()
    assert Erasure.objects.get().pseudonym in told
    assert NAME not in told


@pytest.mark.parametrize("count", [1, 3])
def test_the_privacy_page_costs_the_same_for_one_and_for_three(client, django_assert_num_queries, count):
    admin = make_account(Role.ADMINISTRATOR)
    for n in range(count):
        Erasure.objects.create(pseudonym=f"Erased person {n}", reason="They asked", erased_by=admin)
    client.force_login(admin)

    with django_assert_num_queries(4):
        client.get(reverse("privacy_show"), {"q": "nobody"})
