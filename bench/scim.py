"""SCIM: adding a user beside django-scim2, and filtered lists of a million users beside their SQL.

django-scim2 runs in a process of its own as its documentation has it: its views and no transaction but its own, the
middleware of a new project, its adapter extended by the title and the enterprise extension, a hashed key looked up in
the database. Beside both stands a bare Django view that does the least there is to do. All are asked as the server asks
in which they run (WSGI), over a connection to the database that stays, in turns, with the same body. What it costs the
processor is told beside it, because a commit waits for a disk that others use too.
`BENCH_USERS` names another size of the list.
"""

import json
import os
import statistics
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any, NamedTuple

from django.core.wsgi import get_wsgi_application
from django.db import connection
from django.test import Client

from bench import ground
from bench.ground import seconds
from bench.theirs.bare import Asker
from workforce import actions
from workforce.models import Account, Role, Source

HERE = Path(__file__).parent
POSTS = 1000
# In turns, so that whatever else the machine does meets both; not one by one, which would measure its waking up.
TOGETHER = 50
USERS = int(os.environ.get("BENCH_USERS", "1000000"))
ENTERPRISE = "urn:ietf:params:scim:schemas:extension:enterprise:2.0:User"
FILL = """
INSERT INTO workforce_jobtitle (name) SELECT 'Title ' || n FROM generate_series(0, 599) n;
INSERT INTO workforce_team (name) SELECT 'Department ' || n FROM generate_series(0, 89) n;
INSERT INTO workforce_person (source, source_id, user_name, employee_number, work_email, given_name, family_name,
    display_name, location, employment_type, status, left_at, job_title_id, team_id)
SELECT 'bench', 'E' || n, 'given' || n || '@northmoor.example', 'N' || n, 'given' || n || '@northmoor.example',
    'Given' || n, 'Family' || n % 5000, 'Given' || n || ' Family' || n % 5000, 'Town ' || n % 40, 'full_time',
    CASE WHEN n % 47 = 0 THEN 'inactive' ELSE 'active' END, CASE WHEN n % 47 = 0 THEN now() END, title.id, team.id
FROM generate_series(1, {users}) n
JOIN workforce_jobtitle title ON title.name = 'Title ' || n % 600
JOIN workforce_team team ON team.name = 'Department ' || n % 90
"""
SELECT = """
SELECT person.*, title.name, team.name FROM workforce_person person
LEFT JOIN workforce_jobtitle title ON title.id = person.job_title_id
LEFT JOIN workforce_team team ON team.id = person.team_id
WHERE person.source = 'bench' AND {which} ORDER BY person.id LIMIT 100
"""
NAME = """lower(coalesce(user_name, nullif(work_email, ''), source_id)) COLLATE "C" """
# A filter, and what a hand would write for it; {n} is another one each time.
FILTERS = {
    'userName eq "GIVEN{n}@northmoor.example"': NAME + "= 'given{n}@northmoor.example'",
    'externalId eq "E{n}"': "source_id = 'E{n}'",
    'emails[type eq "work"].value eq "given{n}@northmoor.example"': "lower(work_email) = 'given{n}@northmoor.example'",
    'userName sw "given{n}"': NAME + "LIKE 'given{n}%%'",
    'title eq "Title {few}" and active eq true': "lower(title.name) = 'title {few}' AND status <> 'inactive'",
    "active eq true": "status <> 'inactive'",
    "active eq false": "status = 'inactive'",
}


def body(n: int) -> str:
    return json.dumps(
        {
            "schemas": ["urn:ietf:params:scim:schemas:core:2.0:User", ENTERPRISE],
            "externalId": f"new{n}",
            "userName": f"new{n}@northmoor.example",
            "name": {"givenName": "Ann", "familyName": "Lee"},
            "displayName": "Ann Lee",
            "title": "Clerk",
            "active": True,
            "emails": [{"value": f"new{n}@northmoor.example", "type": "work", "primary": True}],
            ENTERPRISE: {"department": "Sales", "employeeNumber": str(n)},
        }
    )


def p95(times: list[float]) -> float:
    return statistics.quantiles(times, n=20)[-1]


def posts(key: str) -> bool:
    """All three add the same users, in turns."""
    with added_by("serve", "scim_theirs") as theirs, added_by("bare", "scim_bare") as bare:
        waiting = {"ours": Ours(Asker(get_wsgi_application(), key)), "django-scim2": theirs, "a bare view": bare}
        for first in range(0, POSTS, TOGETHER):
            bodies = [body(n) for n in range(first, first + TOGETHER)]
            for one in waiting.values():
                one.add(bodies)
        costs = {name: one.cost() for name, one in waiting.items()}
    for name, cost in costs.items():
        print(
            f"{name}: processor {cost.web * 1000:.1f} ms in Python, {cost.server * 1000:.1f} ms in PostgreSQL per user"
        )
    ours, theirs_cost, bare_cost = costs.values()
    ground.compare(
        "a bare view, median, beside django-scim2", ours=bare_cost.clock, floor=theirs_cost.clock, limit=1 / 3
    )
    # Decision 19 says what lies between the two.
    return ground.compare(
        "POST /Users, median, beside django-scim2", ours=ours.clock, floor=theirs_cost.clock, limit=1 / 3
    )


class Cost(NamedTuple):
    """Of one user: seconds by the clock, and of the processor."""

    clock: float
    web: float
    server: float


class Adder:
    """Somebody who adds users, and what that took."""

    def __init__(self, server: int) -> None:
        self.server = server
        self.before = cpu_of(server)
        self.tries: list[tuple[float, float]] = []

    def add(self, bodies: list[str]) -> None:
        raise NotImplementedError

    def cost(self) -> Cost:
        warm = self.tries[POSTS // 10 :]
        server = (cpu_of(self.server) - self.before) / POSTS
        return Cost(statistics.median(one[0] for one in warm), statistics.fmean(one[1] for one in warm), server)


class Ours(Adder):
    def __init__(self, asker: Asker) -> None:
        super().__init__(own_server())
        self.asker = asker

    def add(self, bodies: list[str]) -> None:
        self.tries += [took(lambda: self.asker.add(sent)) for sent in bodies]  # noqa: B023


class Another(Adder):
    """In a process of its own that reads bodies and prints what each took."""

    def __init__(self, process: "subprocess.Popen[str]") -> None:
        assert process.stdin
        assert process.stdout
        self.given, self.told = process.stdin, process.stdout
        super().__init__(int(self.told.readline()))

    def add(self, bodies: list[str]) -> None:
        self.given.write("\n".join([*bodies, ""]))
        self.given.flush()
        self.tries += [tuple(json.loads(self.told.readline())) for _ in bodies]


@contextmanager
def added_by(module: str, name: str) -> Iterator[Another]:
    with ground.beside(name) as database:
        command = [sys.executable, "-m", f"theirs.{module}", json.dumps(database)]
        with subprocess.Popen(command, cwd=HERE, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True) as process:
            another = Another(process)
            yield another
            another.given.close()


def took(work: Callable[[], Any]) -> tuple[float, float]:
    """Seconds by the clock, and of the processor."""
    worked = time.process_time()
    return seconds(work), time.process_time() - worked


def own_server() -> int:
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_backend_pid()")
        pid: int = cursor.fetchone()[0]
    return pid


def cpu_of(pid: int) -> float:
    """Seconds that a process of this machine has worked; 0 where the system does not tell."""
    try:
        fields = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
    except OSError:
        return 0
    return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")


def by_hand(sql: str) -> None:
    with connection.cursor() as cursor:
        cursor.execute(sql)
        cursor.fetchall()


def lists(client: Client) -> bool:
    with connection.cursor() as cursor:
        cursor.execute(FILL.replace("{users}", str(USERS)))
        cursor.execute("VACUUM ANALYZE workforce_person")
    kept = [listed(client, asked, which) for asked, which in FILTERS.items()]
    return all(kept)


def listed(client: Client, asked: str, which: str) -> bool:
    """p95 of the answer beside p95 of the page's SQL alone; counting is ours to worry about."""
    ours, floor = [], []
    for turn in range(60):
        n = {"n": 1 + turn * 7919 % USERS, "few": turn % 600}
        text, sql = asked.format(**n), SELECT.format(which=which.replace("%%", "%").format(**n))
        both = [(floor, lambda: by_hand(sql)), (ours, lambda: found(client, text))]  # noqa: B023
        # Whoever asks first fetches the pages of the disk for both.
        for times, work in both if turn % 2 else reversed(both):
            times.append(seconds(work))
    return ground.compare(f"{asked[:40]}, {USERS:,} users, p95", ours=p95(ours), floor=p95(floor), limit=10)


def found(client: Client, text: str) -> None:
    answer = client.get("/scim/v2/Users", {"filter": text})
    if answer.status_code != 200 or not answer.json()["totalResults"] or not answer.json()["Resources"]:
        raise SystemExit(f"{text}: {answer.content.decode()[:500]}")


def main() -> bool:
    with ground.database("scim"):
        by = Account.objects.create_user("bench@example.com", full_name="Bench", roles=[Role.PEOPLE_ADMIN])
        _, secret = actions.create_key("bench", scopes=["hris"], by=by)
        Source.objects.get_or_create(name="bench")
        client = Client(headers={"Authorization": f"Bearer {secret}"})
        kept = [posts(secret), lists(client)]
    return all(kept)
