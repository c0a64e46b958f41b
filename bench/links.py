"""What the link checker costs per address, beside a bare loop over httpx that asks the same of the same server.

10,000 addresses on as many hosts as one round has time for, at the pace of the product; the server says how long each
host was left alone. Waiting costs nothing, so the processor is measured; `BENCH_LINKS` shrinks it.
"""

import json
import os
import subprocess
import sys
import time
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import NamedTuple

import httpx

from base.outward import LINKS, Policy
from bench import ground
from performance_support.checking import PACE, Verdict, check_many

LINKS_ASKED = int(os.environ.get("BENCH_LINKS", "10000"))
HOSTS, TRIES = 200, 3
# As LINKS, and allowed to ask the server beside us.
HERE = Policy(schemes=LINKS.schemes, loopback=True, most_bytes=LINKS.most_bytes)
# One in ten leads on, one in ten is gone, one in ten only answers GET.
PAGES = [*["/page/{n}"] * 7, "/moved/{n}", "/gone/{n}", "/get-only/{n}"]


class Site(NamedTuple):
    """Every port counts as a host of its own. `told` ends it: the shortest time it left between two to one host."""

    ports: list[int]
    told: Callable[[], float]


@contextmanager
def site() -> Iterator[Site]:
    """In a process of its own, so that what it works counts for nobody."""
    command = [sys.executable, "-m", "theirs.site", str(HOSTS)]
    with subprocess.Popen(
        command, cwd=Path(__file__).parent, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
    ) as process:
        assert process.stdin
        assert process.stdout
        told = process.stdout

        def shortest() -> float:
            assert process.stdin
            process.stdin.write("\n")
            process.stdin.flush()
            return float(told.readline())

        try:
            yield Site(json.loads(told.readline()), shortest)
        finally:
            process.stdin.close()


def addresses(ports: list[int]) -> list[str]:
    return [
        f"http://127.0.0.1:{ports[n % HOSTS]}{PAGES[n // HOSTS % len(PAGES)].format(n=n)}" for n in range(LINKS_ASKED)
    ]


def ours(urls: list[str]) -> Counter[bool]:
    found = [finding for batch in check_many(urls, policy=HERE) for finding in batch]
    return Counter(finding.verdict is Verdict.WORKS for finding in found)


def bare(urls: list[str]) -> Counter[bool]:
    """What one writes who only wants to know whether it works."""
    with httpx.Client(follow_redirects=True) as client:
        works = (client.head(url).is_success or client.get(url).is_success for url in urls)
        return Counter(works)


def cost(work: Callable[[], Counter[bool]]) -> tuple[float, Counter[bool]]:
    """Seconds of the processor per address, and how many work."""
    began = time.process_time()
    answer = work()
    return (time.process_time() - began) / LINKS_ASKED, answer


def main() -> bool:
    """True when the ratio keeps within its limit."""
    with site() as server:
        urls = addresses(server.ports)
        tries = []
        for _ in range(TRIES):
            floor, plainly = cost(lambda: bare(urls))
            server.told()
            began = time.monotonic()
            mine, found = cost(lambda: ours(urls))
            took, shortest = time.monotonic() - began, server.told()
            if found != plainly or shortest < PACE:
                raise SystemExit(f"{found} at least {shortest:.2f} s apart; by the bare loop {plainly}")
            tries.append((mine / floor, mine, floor))
    _, mine, floor = sorted(tries)[TRIES // 2]
    print(f"{LINKS_ASKED:,} addresses of {HOSTS} hosts in {took:.0f} s, {shortest:.2f} s apart at each of them")
    return ground.compare("one address, processor, beside bare httpx", ours=mine, floor=floor, limit=1.5)
