"""Three organisations that nobody here made up: 1,155, 107 and 1,000 people, each with its own way of saying things."""

import json
import re
from collections import Counter
from pathlib import Path
from typing import Any

import pytest
from django.conf import settings

from tests.workforce.feed import deliver, problems, snapshot
from workforce.models import JobTitle, Person, Run, Team

pytestmark = pytest.mark.django_db

FOLDER = Path(settings.BASE_DIR).parent / "shared" / "data" / "hr"
if not FOLDER.exists():
    pytest.skip("the organisations are not on this machine", allow_module_level=True)


def tuples(text: str) -> list[list[str | None]]:
    """The rows of SQL inserts; NULL is None."""
    text = re.sub(r"TO_DATE\('(\d\d)-(\d\d)-(\d{4})', '[^']*'\)", r"'\3-\2-\1'", text, flags=re.IGNORECASE)
    rows = re.findall(r"\(((?:\s*(?:'(?:[^']|'')*'|[\w.]+)\s*,?)+)\)", text)
    return [
        [word[1:-1].replace("''", "'") if word[0] == "'" else None if word == "NULL" else word for word in words(row)]
        for row in rows
    ]


def words(row: str) -> list[str]:
    return re.findall(r"'(?:[^']|'')*'|[\w.]+", row)


def foodmart() -> list[dict[str, Any]]:
    lines = (FOLDER / "foodmart" / "employee.json").read_text().splitlines()
    departments = {
        one["department_id"]: one["department_description"]
        for one in map(json.loads, (FOLDER / "foodmart" / "department.json").read_text().splitlines())
    }
    return [
        {
            **told,
            "source_id": told["employee_id"],
            "display_name": told["full_name"],
            "given_name": told["first_name"],
            "family_name": told["last_name"],
            "job_title": told["position_title"],
            "department": departments[told["department_id"]],
            "manager_source_id": told["supervisor_id"],
            "start_date": told["hire_date"],
        }
        for told in map(json.loads, lines)
    ]


def oracle() -> list[dict[str, Any]]:
    sql = (FOLDER / "oracle" / "hr_populate.sql").read_text()
    found = re.findall(r"INTO employees\s+VALUES\s*(\(.*?\));", sql, flags=re.DOTALL | re.IGNORECASE)
    return [
        {
            "source_id": row[0],
            "given_name": row[1],
            "family_name": row[2],
            "start_date": row[5],
            "job_title": row[6],
            "salary": row[7],
            "manager_source_id": row[9],
            "department": row[10],
        }
        for row in tuples("\n".join(found))
    ]


def employees(table: str) -> list[list[str | None]]:
    return tuples((FOLDER / "employees" / f"load_{table}.sql").read_text())


def test_foodmart_comes_in_with_its_seven_levels():
    people = foodmart()

    run = snapshot(people[600:], people[:600])

    assert (run.state, run.counts["created"]) == ("applied", 1155)
    # The president reports to 0, whom nobody has sent.
    assert problems(run) == [("1", "manager_unknown")]
    assert depth() == 7
    assert {"salary", "gender", "birth_date", "marital_status"} <= set(run.dropped)
    assert not {"salary", "gender"} & {field.name for field in Person._meta.fields}


def test_foodmart_again_changes_nothing():
    snapshot(foodmart())

    run = snapshot(foodmart())

    assert (run.state, run.counts["unchanged"]) == ("applied", 1155)


def test_half_of_foodmart_is_held():
    snapshot(foodmart())

    assert snapshot(foodmart()[:577]).state == "held"
    assert Person.objects.active().count() == active_of(foodmart())


def active_of(people: list[dict[str, Any]]) -> int:
    return sum(not one["end_date"] for one in people)


def test_addresses_that_a_real_organisation_would_share_are_nobody_s():
    """One address per position, as shops have them: hundreds of real people behind a few addresses."""
    people = [
        one | {"work_email": f"{one['position_title'].lower().replace(' ', '.')}@foodmart.example"}
        for one in foodmart()
    ]
    holders = Counter(one["work_email"] for one in people)
    shared = {address for address, count in holders.items() if count > 1}
    assert max(holders.values()) > 87

    run = snapshot(people)

    assert (run.state, run.counts["created"]) == ("applied", 1155)
    assert problem_codes(run)["email_shared"] == sum(holders[address] for address in shared)
    assert set(Person.objects.values_list("work_email", flat=True)) == {"", *(set(holders) - shared)}


def problem_codes(run: Run) -> Counter[str]:
    return Counter(code for _, code in problems(run))


def test_oracle_comes_in_with_its_managers():
    run = snapshot(oracle())

    assert (run.state, run.counts["created"], problems(run)) == ("applied", len(oracle()), [])
    assert Person.objects.get(source_id="101").manager.source_id == "100"
    assert Person.objects.filter(manager=None).get().display_name == "Steven King"
    assert run.dropped == {"salary": len(oracle())}


def test_the_titles_of_1000_employees_become_history_year_by_year():
    names = {row[0]: row for row in employees("employee")}
    current = {row[0]: row for row in sorted(employees("title"), key=lambda row: str(row[2]))}
    departments = dict(row[:2] for row in employees("department"))
    team = {row[0]: departments[row[1]] for row in sorted(employees("dept_emp"), key=lambda row: str(row[2]))}

    run = deliver([told(names[key], current[key], team[key]) for key in names])

    assert (run.counts["created"], problems(run)) == (1000, [])
    gone = {key for key, row in current.items() if row[3] != "9999-01-01"}
    assert set(Person.objects.filter(status="inactive").values_list("source_id", flat=True)) == gone
    assert JobTitle.objects.count() == len({row[1] for row in current.values()})
    assert Team.objects.count() == len(set(team.values()))


def told(person: list[str | None], title: list[str | None], department: str | None) -> dict[str, Any]:
    return {
        "source_id": person[0],
        "given_name": person[2],
        "family_name": person[3],
        "birth_date": person[1],
        "job_title": title[1],
        "department": department,
        "start_date": person[5],
        "end_date": title[3],
    }


def depth() -> int:
    """The longest chain of managers, counted in people."""
    above = dict(Person.objects.values_list("pk", "manager"))

    def length(one: object) -> int:
        return 0 if one is None else 1 + length(above[one])

    return max(length(one) for one in above)
