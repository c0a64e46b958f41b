"""What one person costs in a company of 100,000, and in one of 1,000,000 with 40,000,000 pieces of evidence.

Takes 40 minutes, 24 GB of memory and 30 GB of disk, so only who names it runs it, with as much memory for PostgreSQL as
both have that is read again and again: `POSTGRES_MEMORY=14GB make bench ARGS=flat`. BENCH_FLAT names others.

Both stand beside each other and are asked in turn, so that whatever else the machine does meanwhile slows both. What a
server that has worked for a day has in its memory, it is given before (pg_prewarm).
"""

import os
import random
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

from django.db import connection, transaction
from django.test import override_settings

from bench import company, ground
from bench.gaps import median, record, statements
from bench.ground import seconds
from bench.team import look_at, managers, tree
from gaps.models import Standing
from gaps.queries import requirements, snapshot, standing
from gaps.queries.reckoning import Whose
from gaps.queries.summing import sums
from workforce.models import Account

SIZES = [int(people) for people in os.environ.get("BENCH_FLAT", "100000,1000000").split(",")]
# The cost per person in the larger one, beside that in the smaller one.
FLAT = 1.2
# One in so many is made anew, in as many turns, evenly spread. What is written first finds no page of an index in the
# journal yet and writes it whole; eight parts of 2,500 would measure nothing else.
ANEW = 16
TEAMS, ROUNDS = 40, 3
# In so many rounds something new is said of one in twenty people: of ten times as many ten times as much, in the same
# time. That decides how much of it finds its page in the journal already, and so what it costs to write.
TOLD, SAID_OF = 4, 20
WARM = """
SELECT sum(pg_prewarm(oid)) FROM pg_class WHERE relnamespace = 'public'::regnamespace AND relkind IN ('r', 'i')
AND relname NOT IN ('gaps_evidence', 'gaps_evidence_pkey')
"""
FORGET = "DELETE FROM gaps_standing WHERE person_id >= %(first)s::uuid AND person_id <= %(last)s::uuid"


@dataclass
class Company:
    """One of the two, in a database of its own."""

    people: int
    database: str

    def enter(self) -> None:
        if connection.settings_dict["NAME"] != self.database:
            connection.close()
            connection.settings_dict["NAME"] = self.database
            sums(Whose(people=[]))  # a connection that is new has everything to look up first

    def warm(self) -> None:
        """All but the evidence itself, which is read by its index."""
        self.enter()
        with connection.cursor() as cursor:
            cursor.execute("CREATE EXTENSION IF NOT EXISTS pg_prewarm")
            cursor.execute(WARM)

    def anew(self, turn: int) -> float:
        """Seconds for each person."""
        of, took = standing.parts(), []
        first, many = turn * of // ANEW, max(of // ANEW**2, 1)
        for part in range(first, first + many):
            touched = standing.part_of_everybody(part, of=of)
            with connection.cursor() as cursor:
                cursor.execute(FORGET, touched.facts)
            with transaction.atomic():
                took.append(seconds(lambda touched=touched: standing.recompute(touched)))
        return sum(took) / many * of / self.people

    def night(self) -> float:
        return seconds(snapshot.take) / self.people

    def everybody(self) -> float:
        return seconds(lambda: sums(Whose(), by="team")) / self.people

    def page(self) -> float:
        """Of one manager, whose twelve people are as many in either company."""
        [manager] = managers(random.Random(), 1, self.people)
        team = tree(manager)
        return seconds(lambda: look_at(team))

    def told(self) -> float:
        """Seconds for a thousand."""
        by, took = Account.objects.get(email="bench@example.com"), []
        for _ in range(max(self.people // SAID_OF // 1000, 1)):
            said = statements(self.people)
            took.append(seconds(lambda said=said: record(said, by)))
        return sum(took) / len(took)


def vacuum(*tables: str) -> None:
    with connection.cursor() as cursor:
        for table in tables:
            cursor.execute(f"VACUUM ANALYZE {table}")


def found(people: int) -> Company:
    """In the database that is empty and open."""
    company.fill(people)
    with transaction.atomic():
        requirements.rebuild()
    vacuum("gaps_requirement", "gaps_need", "gaps_requirementperiod")
    took = seconds(standing.recompute_everything)
    vacuum("gaps_standing")
    snapshot.take()
    vacuum("gaps_figureperiod")
    print(f"{Standing.objects.count():,} standings in {took:.0f} s", flush=True)
    return Company(people, connection.settings_dict["NAME"])


def measured(small: Company, large: Company) -> bool:
    """Every cost in turn: once here, once there."""
    works: dict[str, tuple[Callable[[list[float]], float], Sequence[Callable[[Company], float]]]] = {
        "everybody's gaps summed": (min, [Company.everybody] * ROUNDS),
        "a night's snapshot": (min, [Company.night] * ROUNDS),
        "standings made anew": (median, [lambda one, turn=turn: one.anew(turn) for turn in range(ANEW)]),  # type: ignore[misc]
        "data of a manager's page, 12 people": (median, [Company.page] * TEAMS),
        "1,000 new pieces of evidence": (median, [Company.told] * TOLD),
    }
    kept = []
    for what, (of, rounds) in works.items():
        times: dict[int, list[Any]] = {small.people: [], large.people: []}
        for one in (small, large):
            one.warm()
        for work in rounds:
            for one in (small, large):
                one.enter()
                times[one.people].append(work(one))
        floor, ours = of(times[small.people]), of(times[large.people])
        print(f"{what}: {floor * 1e6:,.1f} µs, {ours * 1e6:,.1f} µs")
        kept.append(ground.compare(what, ours=ours, floor=floor, limit=FLAT))
    return all(kept)


def main() -> bool:
    """True when every cost keeps within its limit."""
    with override_settings(DEBUG=False), ground.database("flat_small"):
        small = found(SIZES[0])
        with ground.database("flat_large"):
            large = found(SIZES[1])
            kept = measured(small, large)
            large.enter()
        return kept
