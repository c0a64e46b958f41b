"""People as a file: the accepted fields under the names by which a delivery brings them."""

from collections.abc import Iterable, Iterator

from workforce.models import Person

HEAD = (
    "source",
    "source_id",
    "employee_number",
    "work_email",
    "given_name",
    "family_name",
    "display_name",
    "job_title",
    "job_role",
    "manager_source_id",
    "department",
    "location",
    "employment_type",
    "status",
    "start_date",
    "end_date",
)


def rows(people: Iterable[Person]) -> Iterator[list[str]]:
    yield list(HEAD)
    for person in people:
        yield [cell(person, name) for name in HEAD]


def cell(person: Person, name: str) -> str:
    if name == "job_role":
        return str(person.job_title.job_role or "") if person.job_title else ""
    if name in {"start_date", "end_date"}:
        day = getattr(person, name)
        return day.isoformat() if day else ""
    return person.told(name)
