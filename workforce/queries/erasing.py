"""What the policy says (base.retention), counted and done in SQL."""

from typing import Any

from django.apps import apps
from django.conf import settings
from django.db import connection, models, transaction

from base.retention import RULES, Fate, Rule, Subject
from workforce.models import Account, Person


def doing() -> list[Rule]:
    return [rule for rule in RULES if rule.where]


def plan(subject: Subject) -> list[tuple[Rule, int]]:
    """How many rows each rule would touch; nothing is written."""
    found = []
    with connection.cursor() as cursor:
        for rule in doing():
            cursor.execute(f'SELECT count(*) FROM "{rule.table}" it WHERE {rule.where}', subject.values())
            found.append((rule, int(cursor.fetchone()[0])))
    return found


@transaction.atomic
def carry_out(subject: Subject) -> dict[str, int]:
    """Do what the policy says, in its order; {table: rows}. The append-only tables let this transaction through."""
    done: dict[str, int] = {}
    with connection.cursor() as cursor:
        cursor.execute("SELECT set_config('sightline.erasing', %s, true)", [subject.person or subject.account])
        for rule in doing():
            cursor.execute(statement(rule), subject.values())
            done[rule.table] = done.get(rule.table, 0) + cursor.rowcount
        cursor.execute("SELECT set_config('sightline.erasing', '', true)")
    return {table: count for table, count in done.items() if count}


def statement(rule: Rule) -> str:
    if rule.fate is Fate.DELETE:
        return f'DELETE FROM "{rule.table}" it WHERE {rule.where}'
    columns = {name: column_of(rule, name) for name in rule.values}
    told = ", ".join(f"{columns[name]} = {value}" for name, value in rule.values.items())
    return f'UPDATE "{rule.table}" it SET {told} WHERE {rule.where}'


def column_of(rule: Rule, name: str) -> str:
    found: models.Field[Any, Any] = apps.get_model(rule.model)._meta.get_field(name)
    return str(found.column)


# --- what has been kept long enough -----------------------------------------------------------


def expire() -> dict[str, int]:
    """Delete what is older than its rule allows; {table: rows}."""
    done = {}
    with connection.cursor() as cursor:
        for rule in RULES:
            if rule.expires:
                column, setting = rule.expires
                cursor.execute(
                    f'DELETE FROM "{rule.table}" it WHERE {column} < now() - make_interval(days => %(days)s)',
                    {"days": getattr(settings, setting)},
                )
                done[rule.table] = cursor.rowcount
    return done


# --- whose ------------------------------------------------------------------------------------


def plan_erasure(person: Person) -> list[tuple[Rule, int]]:
    """What an erasure would touch, in its order; nothing is written."""
    return plan(subject_of(person, pseudonym=""))


def subject_of(person: Person, *, pseudonym: str) -> Subject:
    account = Account.objects.filter(person=person).first()
    said = [person.display_name, person.work_email, person.user_name, person.employee_number]
    if account:
        said += [account.full_name, account.email]
    return Subject(
        person=str(person.pk),
        account=str(account.pk) if account else None,
        pseudonym=pseudonym,
        source=person.source,
        source_id=person.source_id,
        spellings=tuple({each for each in said if each and len(each) > 3}),
    )
