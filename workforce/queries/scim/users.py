"""People as a SCIM client sees them."""

import datetime as dt
from collections.abc import Sequence
from typing import NamedTuple
from uuid import UUID

from django.db import connection

from workforce.queries.scim.columns import USER, USER_NAME
from workforce.queries.scim.pages import Asked, Kind

JOINS = """
LEFT JOIN workforce_jobtitle job_title ON job_title.id = person.job_title_id
LEFT JOIN workforce_team team ON team.id = person.team_id
LEFT JOIN workforce_person manager ON manager.id = person.manager_id
"""
# Deleted from the client's side, until they come back. See also: PersonQuerySet.sent_by.
IS_KNOWN = "(person.withdrawn_at IS NULL OR person.left_at IS NULL OR person.left_at > person.withdrawn_at)"
USERS = Kind("workforce_person", "person", JOINS, IS_KNOWN, USER)
GROUPS = """
(SELECT json_agg(json_build_array(list.id, list.name) ORDER BY list.id)
    FROM workforce_membership membership JOIN workforce_group list ON list.id = membership.group_id
    WHERE membership.person_id = person.id)
"""
COLUMNS = f"""
person.id, person.version, person.source_id, {USER_NAME}, person.given_name, person.family_name, person.display_name,
person.work_email, person.location, person.employment_type, person.employee_number, person.status,
coalesce(job_title.name, ''), coalesce(team.name, ''), person.manager_id, person.manager_source_id,
manager.display_name, person.created_at, person.changed_at, person.source, person.end_date
"""


class UserRow(NamedTuple):
    id: UUID
    version: int
    source_id: str
    user_name: str
    given_name: str
    family_name: str
    display_name: str
    work_email: str
    location: str
    employment_type: str
    employee_number: str
    status: str
    job_title: str
    department: str
    manager: UUID | None
    manager_source_id: str
    manager_name: str | None
    created_at: dt.datetime
    changed_at: dt.datetime
    source: str
    end_date: dt.date | None = None
    # [id, name] of each
    groups: Sequence[tuple[str, str]] | None = None

    @property
    def is_active(self) -> bool:
        return self.status != "inactive"

    @property
    def external_id(self) -> str:
        """Who came without one goes by our own id."""
        return "" if self.source_id == str(self.id) else self.source_id


def users_on_page(asked: Asked) -> list[UserRow]:
    chosen, params = USERS.chosen(asked)
    groups = GROUPS if asked.with_groups else "NULL"
    with connection.cursor() as cursor:
        cursor.execute(
            f"""
            SELECT {COLUMNS}, {groups}
            FROM (SELECT id, row_number() OVER () AS place FROM ({chosen}) page) chosen
            JOIN workforce_person person ON person.id = chosen.id {JOINS} ORDER BY place
            """,
            params,
        )
        return [UserRow(*row) for row in cursor.fetchall()]


def user_row(pk: UUID, source: str | None, *, with_groups: bool = True) -> UserRow | None:
    """One user whom the source knows; of any source where it is None."""
    mine = "" if source is None else "AND person.source = %(source)s"
    groups = GROUPS if with_groups else "NULL"
    with connection.cursor() as cursor:
        cursor.execute(
            f"SELECT {COLUMNS}, {groups} FROM workforce_person person {JOINS} "
            f"WHERE person.id = %(id)s AND {IS_KNOWN} {mine}",
            {"id": pk, "source": source},
        )
        row = cursor.fetchone()
    return UserRow(*row) if row else None
