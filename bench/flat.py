"""What one person costs in a company of 100,000, and in one of 1,000,000 with 40,000,000 pieces of evidence.

Takes an hour, 8 GB of memory and 40 GB of disk, so only who names it runs it: `make bench ARGS=flat`.
BENCH_FLAT=5000,50000 compares other companies.
"""

import os
import random
from collections.abc import Callable

from django.db import connection
from django.test import override_settings

from bench import company, ground
from bench.gaps import median, record, statements
from bench.team import look_at, managers, seconds, tree
from gaps.models import Standing
from gaps.queries import requirements, snapshot, standing
from gaps.queries.reckoning import Whose
from gaps.queries.summing import sums
from workforce.models import Account

SMALL, LARGE = (int(people) for people in os.environ.get("BENCH_FLAT", "100000,1000000").split(","))
# The cost per person in the larger one, beside that in the smaller one.
FLAT = 1.2
TEAMS, TRIES = 20, 3


def vacuum(table: str) -> None:
    with connection.cursor() as cursor:
        cursor.execute(f"VACUUM ANALYZE {table}")


def costs(people: int) -> dict[str, float]:
    """Seconds; where it is about everybody, for each of them."""
    found = {"standings made anew": seconds(standing.recompute_everything) / people}
    vacuum("gaps_standing")
    print(f"{people:,} people, {Standing.objects.count():,} standings")
    found["the first night's snapshot"] = seconds(snapshot.take) / people
    vacuum("gaps_figureperiod")
    found["everybody's gaps summed"] = ground.best_of(TRIES, lambda: sums(Whose(), by="team"))[0] / people
    found["data of a manager's page, 12 people"] = page_data(people)
    found["1,000 new pieces of evidence"] = kept_up(people)
    for what, took in found.items():
        print(f"{what:<48}{took * 1e6:>12.1f} µs")
    return found


def page_data(people: int) -> float:
    teams = [tree(manager) for manager in managers(random.Random(12), TEAMS, people)]
    return median([seconds(lambda team=team: look_at(team)) for team in teams for _ in range(TRIES)])


def kept_up(people: int) -> float:
    """The action as a whole; among so many people no two rounds are about the same ones."""
    by = Account.objects.get(email="bench@example.com")
    rounds = [statements(people) for _ in range(15)]
    return median([seconds(lambda said=said: record(said, by)) for said in rounds])


def of(people: int) -> dict[str, float]:
    with ground.database("flat"):
        company.fill(people)
        requirements.rebuild()
        for table in ("gaps_requirement", "gaps_need", "gaps_requirementperiod"):
            vacuum(table)
        return costs(people)


def main(measured: Callable[[int], dict[str, float]] = of) -> bool:
    """True when every cost keeps within its limit."""
    with override_settings(DEBUG=False):
        few, many = measured(SMALL), measured(LARGE)
    kept = [ground.compare(what, ours=many[what], floor=few[what], limit=FLAT) for what in few]
    return all(kept)
