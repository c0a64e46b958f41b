"""What one person costs in a company of 100,000, and in one of 1,000,000 with 40,000,000 pieces of evidence.

Takes an hour, 16 GB of memory and 50 GB of disk, so only who names it runs it, with the memory for PostgreSQL that the
README asks for such a company: `POSTGRES_MEMORY=6GB make bench ARGS=flat`. BENCH_FLAT=5000,50000 compares other
companies. Both stand beside each other and are asked in turn, so that whatever else the machine does meanwhile slows
both. What looks at everybody comes first: a server that works has seen what all people share before a manager asks it.
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
from bench.team import look_at, managers, seconds, tree
from gaps.models import Standing
from gaps.queries import requirements, snapshot, standing
from gaps.queries.reckoning import Whose
from gaps.queries.summing import sums
from workforce.models import Account

SIZES = [int(people) for people in os.environ.get("BENCH_FLAT", "100000,1000000").split(",")]
# The cost per person in the larger one, beside that in the smaller one.
FLAT = 1.2
# So many of the parts of everybody are made anew, evenly spread.
PARTS = 8
TEAMS, ROUNDS = 20, 3
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

    def part_anew(self, place: int) -> float:
        """Seconds for each person."""
        of = standing.parts()
        touched = standing.part_of_everybody(place * of // PARTS, of=of)
        with connection.cursor() as cursor:
            cursor.execute(FORGET, touched.facts)
        with transaction.atomic():
            took = seconds(lambda: standing.recompute(touched))
        return took * of / self.people

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
        said, by = statements(self.people), Account.objects.get(email="bench@example.com")
        return seconds(lambda: record(said, by))


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
        "standings made anew": (median, [lambda one, place=place: one.part_anew(place) for place in range(PARTS)]),  # type: ignore[misc]
        "data of a manager's page, 12 people": (median, [Company.page] * TEAMS),
        "1,000 new pieces of evidence": (median, [Company.told] * TEAMS),
    }
    kept = []
    for what, (of, rounds) in works.items():
        times: dict[int, list[Any]] = {small.people: [], large.people: []}
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
