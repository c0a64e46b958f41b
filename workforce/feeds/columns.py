"""What people call the columns of a list of people, so that most of a file explains itself."""

import re
from collections.abc import Iterable, Mapping

from workforce.feeds.rows import ACCEPTED, FIELDS

# Our field: what HR systems and spreadsheets call it, in letters and digits alone.
CALLED: dict[str, list[str]] = {
    "source_id": ["sourceid", "employeeid", "personid", "workerid", "id", "userid", "staffid", "personnelid"],
    "employee_number": ["employeenumber", "personnelnumber", "staffnumber", "payrollnumber", "number", "employeeno"],
    "work_email": ["workemail", "email", "emailaddress", "mail", "businessemail", "primaryworkemail", "username"],
    "given_name": ["givenname", "firstname", "forename", "preferredfirstname", "legalfirstname"],
    "family_name": ["familyname", "lastname", "surname", "legallastname"],
    "display_name": ["displayname", "name", "fullname", "preferredname", "employeename", "workername"],
    "job_title": ["jobtitle", "title", "position", "positiontitle", "jobname", "businesstitle"],
    "manager_source_id": ["managersourceid", "managerid", "manageremployeeid", "supervisorid", "reportsto", "manager"],
    "department": ["department", "departmentname", "team", "orgunit", "organisation", "organization", "division"],
    "location": ["location", "site", "office", "worklocation", "city"],
    "employment_type": ["employmenttype", "workertype", "employeetype", "contracttype"],
    "status": ["status", "employmentstatus", "workerstatus", "active"],
    "start_date": ["startdate", "hiredate", "dateofhire", "employmentstartdate", "joiningdate", "startedon"],
    "end_date": ["enddate", "terminationdate", "lastday", "leavedate", "lastdayofwork", "leavingdate"],
    "updated_at": ["updatedat", "lastmodified", "modifiedat", "lastupdated", "changedat", "lastmodifieddatetime"],
}  # fmt: skip
KNOWN = {word: field for field, words in CALLED.items() for word in words}
# Excel's way to keep the zeros in front of a number: ="00123".
KEPT_AS_TEXT = re.compile(r'^="([^"]*)"$')


def plain(header: str) -> str:
    return re.sub(r"[^a-z0-9]", "", header.casefold())


def dialect_of(header: list[str]) -> str:
    return "people" if "source_id" in header else "table"


def is_known(header: str) -> bool:
    return plain(header) in KNOWN


def guess(header: list[str], remembered: Mapping[str, str]) -> dict[str, str]:
    """{our field: their header}: as it was chosen last time where the columns are still there, else by their names."""
    if kept := {field: name for field, name in remembered.items() if name in header}:
        return kept
    found: dict[str, str] = {}
    for field in FIELDS:
        words = CALLED[field]
        fitting = [name for name in header if plain(name) in words]
        if fitting and fitting[0] not in found.values():
            found[field] = min(fitting, key=lambda name: words.index(plain(name)))
    return found


def dropped(header: Iterable[str], mapping: Mapping[str, str]) -> list[str]:
    """The columns that nothing is taken from."""
    return [name for name in header if name not in mapping.values()]


class Reader:
    """Rows of a file as rows of a feed: our fields by name, and what nothing is taken from under its own."""

    def __init__(self, header: list[str], mapping: Mapping[str, str]) -> None:
        field_of = {name: field for field, name in mapping.items()}
        self.names = [field_of.get(name) or unlike_a_field(name) for name in header]

    def row_of(self, cells: list[str]) -> object:
        """A row with too few or too many cells is no person: which cell is missing, nobody can know."""
        if len(cells) != len(self.names):
            return cells
        return {name: as_text(cell) for name, cell in zip(self.names, cells, strict=True)}


def unlike_a_field(header: str) -> str:
    """A column that nobody chose must not slip in under the name of a field."""
    return f"{header} (not chosen)" if header in ACCEPTED else header


def as_text(cell: str) -> str:
    found = KEPT_AS_TEXT.match(cell) if cell.startswith("=") else None
    return found[1] if found else cell
