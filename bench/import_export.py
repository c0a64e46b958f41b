"""The same people through django-import-export and through a run: how many rows per second.

Its resource has the fields of ours, and does what can be asked of it: titles, teams and managers are looked up (people
come after their managers), unchanged rows are skipped, and `bulk` writes a thousand rows at a time. It has no trail, no
history, no guards and no second source.
"""

import time
from statistics import median

import tablib
from import_export import fields, resources
from import_export.widgets import ForeignKeyWidget

from bench import ground
from bench.people import people, sent, through_the_product
from workforce.feeds.rows import FIELDS
from workforce.models import Account, JobTitle, Person, Role, Run, Team

COUNT = 10_000
SOURCES = ("hr", "hr of another country", "hr of a third")
TIMES = 50


class PersonResource(resources.ModelResource):
    job_title = fields.Field("job_title", "job_title", ForeignKeyWidget(JobTitle, "name"))
    team = fields.Field("team", "department", ForeignKeyWidget(Team, "name"))
    manager_source_id = fields.Field("manager_source_id", "manager_source_id")

    class Meta:
        model = Person
        fields = [*FIELDS[: FIELDS.index("department")], "team", *FIELDS[FIELDS.index("department") + 1 :]]
        import_id_fields = ("source_id",)
        skip_unchanged = True
        report_skipped = False
        use_transactions = True
        clean_model_instances = False


class BulkResource(PersonResource):
    class Meta(PersonResource.Meta):
        use_bulk = True
        batch_size = 1000


def dataset() -> tablib.Dataset:
    data = tablib.Dataset(headers=list(FIELDS))
    for person in people(COUNT):
        # The moments that its widget reads.
        person["updated_at"] = person["updated_at"].replace("T", " ").removesuffix("Z")
        data.append([person[name] or "" for name in FIELDS])
    return data


def theirs(resource: type[PersonResource], data: tablib.Dataset) -> float:
    """Rows per second."""
    began = time.perf_counter()
    done = resource().import_data(data, raise_errors=True)
    seconds = time.perf_counter() - began
    if done.has_errors() or Person.objects.count() != COUNT:
        raise SystemExit("django-import-export did not take these people")
    return COUNT / seconds


def ours(by: Account) -> float:
    """Rows per second, from the first page to applied, by a process that has worked before, as a worker has.

    The middle of three sources: half a second sees other weather than the half minute beside it.
    """
    if not Run.objects.exists():
        through_the_product(sent("somebody else", people(10), by), by)
    # Made beforehand, as the rows of the others are.
    rows = list(people(COUNT))
    return COUNT / median(ground.seconds(lambda: through_the_product(sent(name, rows, by), by)) for name in SOURCES)  # noqa: B023


def main() -> bool:
    rates: dict[str, tuple[float, float]] = {}
    for name, take in (
        ("a run", ours),
        ("django-import-export, row by row", lambda by: theirs(PersonResource, dataset())),
        ("django-import-export, in bulk", lambda by: theirs(BulkResource, dataset())),
    ):
        with ground.database("import_export"):
            by = Account.objects.create_user("bench@example.com", full_name="Bench", roles=[Role.PEOPLE_ADMIN])
            JobTitle.objects.bulk_create(JobTitle(name=f"Title {n}") for n in range(600))
            Team.objects.bulk_create(Team(name=f"Department {n}") for n in range(90))
            rates[name] = take(by), take(by)
            print(
                f"{name:<40}{rates[name][0]:>10,.0f} rows/s first{rates[name][1]:>10,.0f} rows/s unchanged", flush=True
            )
    mine = rates.pop("a run")
    kept = []
    for name, rate in rates.items():
        times = [our / their for our, their in zip(mine, rate, strict=True)]
        kept.append(times[0] >= TIMES)
        print(f"a run is {times[0]:,.0f} × as fast as {name}, first (≥ {TIMES}); {times[1]:,.0f} ×, unchanged")
    # Its usual way is the measure; bulk, which skips its checks and its own signals, stands beside it.
    return kept[0]
