"""Statements written by hand, for pages where putting questions together and planning them cost more than answers."""

import hashlib
import re
from collections.abc import Iterator, Mapping
from functools import lru_cache, partial
from typing import Any, Generic, TypeVar
from weakref import WeakKeyDictionary

from django.db import connection
from django.db.models import Model

M = TypeVar("M", bound=Model)


class Part(Generic[M]):
    """What a statement reads of one model, under one alias: all of it, or the fields that are named.

    `columns` stand in the statement; `take` makes the model of as many values of a row. What was not read is read when
    somebody asks for it, as with `only`.
    """

    def __init__(self, model: type[M], alias: str, *named: str) -> None:
        fields = [field for field in model._meta.concrete_fields if not named or field.attname in named]
        self.model = model
        self.names = [field.attname for field in fields]
        self.columns = ", ".join(f'{alias}."{field.column}"' for field in fields)
        # JSON comes as text, for example.
        self.conversions = [(n, turn) for n, f in enumerate(fields) for turn in f.get_db_converters(connection)]
        self.key = self.names.index(model._meta.pk.attname)

    def take(self, values: Iterator[Any]) -> M | None:
        """None where an outer join found nothing. The parts of a statement take in the order of their columns."""
        own = [next(values) for _ in self.names]
        if own[self.key] is None:
            return None
        for n, turn in self.conversions:
            own[n] = turn(own[n], None, connection)
        return self.model.from_db(connection.alias, self.names, own)


# {connection: the statements that it knows}
_known: WeakKeyDictionary[Any, set[str]] = WeakKeyDictionary()


class Statement:
    """A question that is asked with every page: a connection plans it once, not each time.

    A value that PostgreSQL cannot tell the type of says it: `%(role)s::uuid`, lists of ids `%(steps)s::uuid[]`.
    `always`: by one plan from the first time on, for whatever values. Otherwise PostgreSQL compares it five times with
    plans for the very values, and goes on planning if these look cheaper, as they do where a list is shorter than ten.
    """

    def __init__(self, text: str, *, always: bool = False) -> None:
        names = list(dict.fromkeys(re.findall(r"%\((\w+)\)s", text)))
        numbered = re.sub(r"%\((\w+)\)s", lambda found: f"${names.index(found[1]) + 1}", text)
        self.name = f"kept_{hashlib.sha256(text.encode()).hexdigest()[:16]}"
        self.prepared = f"PREPARE {self.name} AS {numbered.replace('%%', '%')}"
        self.asked = f"EXECUTE {self.name}" + (f" ({', '.join(f'%({name})s' for name in names)})" if names else "")
        if always:
            # In one message, so that it is over with the statement, or with the transaction around it.
            self.asked = f"SET LOCAL plan_cache_mode = force_generic_plan; {self.asked}"

    def rows(self, **facts: Any) -> list[tuple[Any, ...]]:
        with connection.cursor() as cursor:
            known = _known.setdefault(cursor.connection, set())
            if self.name not in known:
                # Outside of any count of queries: it asks nothing.
                with connection.wrap_database_errors:
                    cursor.cursor.execute(self.prepared)
                known.add(self.name)
            cursor.execute(self.asked, {name: literal(fact) for name, fact in facts.items()})
            return list(cursor.fetchall())


def literal(fact: Any) -> Any:
    """Lists as PostgreSQL writes them: what they are of, it knows from the statement."""
    if not isinstance(fact, list):
        return fact
    said = (str(each).replace("\\", r"\\").replace('"', r"\"") for each in fact)
    return "{" + ",".join(f'"{each}"' for each in said) + "}"


statement = lru_cache(200)(partial(Statement, always=True))


def answers(text: str, facts: Mapping[str, Any], *, keep: bool) -> list[tuple[Any, ...]]:
    """The same of a text that is put together for each question. `keep`: whether it is worth a plan that lasts, since
    these questions are much alike: about a few people, where planning takes longer than looking."""
    if keep:
        return statement(text).rows(**facts)
    with connection.cursor() as cursor:
        cursor.execute(text, facts)
        return list(cursor.fetchall())
