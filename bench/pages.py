"""Pages over HTTP to gunicorn with one worker, beside parsing them and nothing else; and how much memory it takes.

`BENCH_PEOPLE` names the number of people: BENCH_PEOPLE=1000000. They come in pages of 5,000 over one connection; then a
process that has done nothing before applies them.
"""

import http.client
import json
import os
import time
from collections.abc import Iterator
from statistics import median

from bench import ground
from bench.people import PAGE, in_pages, people
from bench.web import in_a_fresh_process, most_memory, web
from workforce import actions
from workforce.models import Account, Role, Run

COUNT = int(os.environ.get("BENCH_PEOPLE", "100000").split(",")[-1])
RATE, SHARE = 50_000, 0.4  # people per second, or of what parsing allows, whichever is lower
MEMORY = 400  # megabytes
AS_LONG = 6  # times a page is parsed takes about as long as taking it does
APPLY = """
import os, sys
from workforce.actions import runs
runs.apply_run(sys.argv[1])
print(web.most_memory(os.getpid()))
"""


def main() -> bool:
    with ground.database("pages"):
        by = Account.objects.create_user("bench@example.com", full_name="Bench", roles=[Role.PEOPLE_ADMIN])
        _, secret = actions.create_key("bench", scopes=["hris"], by=by)
        run = actions.open_run("http", mode="snapshot", by=by)
        with web() as server:
            sending = http.client.HTTPConnection("127.0.0.1", server.port)
            path, headers = f"/api/v1/hris/runs/{run.pk}/people/", {"Authorization": f"Bearer {secret}"}
            times = list(sent(sending, path, {**headers, "Content-Type": "application/json"}))
            sending.close()
            web_memory = most_memory(server.workers[0].pid)
        actions.close_run(run, by=by)
        worker_memory = int(in_a_fresh_process(APPLY, str(run.pk)))
        run.refresh_from_db()
        if run.state != Run.State.APPLIED or run.counts["created"] != COUNT:
            raise SystemExit(f"{run.state} {run.counts} {run.failure}")
    rate_is_kept = judged(*zip(*times, strict=True))
    print(f"most memory for {COUNT:,} people: web {web_memory} MB, worker {worker_memory} MB (< {MEMORY} MB each)")
    return rate_is_kept and max(web_memory, worker_memory) < MEMORY


def sent(sending: http.client.HTTPConnection, path: str, headers: dict[str, str]) -> Iterator[tuple[float, ...]]:
    """Seconds for taking each page; for parsing it, right afterwards; and how much of that time we had a processor."""
    for page in in_pages(people(COUNT)):
        body = json.dumps(page).encode()
        start = time.perf_counter()
        sending.request("POST", path, body, headers)
        answer = sending.getresponse()
        said = answer.read()
        taken = time.perf_counter() - start
        if answer.status != 200 or json.loads(said)["accepted"] != len(page):
            raise SystemExit(said.decode())
        start, worked = time.perf_counter(), time.process_time()
        for _ in range(AS_LONG):
            json.loads(body)
        parsing, worked = time.perf_counter() - start, time.process_time() - worked
        yield taken, parsing / AS_LONG, worked / parsing


def judged(taking: tuple[float, ...], parsing: tuple[float, ...], shares: tuple[float, ...]) -> bool:
    """On a machine that others use, too, a second counts as much as we had of it."""
    ours, had = PAGE / median(taking), median(shares)
    rate, parsed = ours / had, PAGE / median(parsing) / had
    limit = min(RATE, SHARE * parsed)
    verdict = "ok" if rate >= limit else "TOO SLOW"
    print(
        f"pages over HTTP: {ours:,.0f} people per second with {had:.0%} of a processor, so {rate:,.0f}; "
        f"that is {rate / parsed:.0%} of the {parsed:,.0f} that parsing alone allows (≥ {limit:,.0f})  {verdict}"
    )
    return rate >= limit
