"""Does a link still lead somewhere? Asked politely: each address once, HEAD before GET, one host at a time and slowly.

What an answer means is judged here without the database; `actions.checking` keeps what was found.
"""

import datetime as dt
import time
from collections import defaultdict, deque
from collections.abc import Callable, Collection, Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import suppress
from dataclasses import dataclass
from email.utils import parsedate_to_datetime
from enum import StrEnum
from functools import partial
from heapq import heappop, heappush
from queue import Empty, SimpleQueue
from time import sleep
from urllib.parse import urlsplit

from base import outward
from base.outward import LINKS, Garbled, NotAllowed, Policy, Unreachable

# Seconds between two questions to one host.
PACE = 1.0
HOSTS_AT_ONCE = 16
# A page behind a sign-in is there; only whoever has the right sees what became of it.
SIGN_IN = {401, 403, 407}
BUSY = {429, 503}
LONGEST_WAIT = dt.timedelta(days=7)


class Verdict(StrEnum):
    WORKS = "works"
    WARNS = "warns"
    BUSY = "busy"  # says nothing about the link: ask again later
    FAILS = "fails"
    REFUSED = "refused"  # it may not be asked at all


@dataclass(frozen=True)
class Finding:
    url: str
    verdict: Verdict
    status: int | None = None
    trouble: str = ""
    # Where its redirects end, when that is elsewhere.
    leads_to: str = ""
    # How long the host asks us to wait.
    wait: dt.timedelta | None = None


def check(url: str, policy: Policy = LINKS, *, pace: float = 0) -> Finding:
    """Ask for one address. HEAD first; whoever cannot answer that is asked with GET, `pace` seconds later."""
    try:
        finding = asked_for_head(url, policy)
        if finding.verdict is Verdict.FAILS:
            sleep(pace)
            finding = judge(url, outward.follow("GET", url, policy=policy))
    except NotAllowed as refused:
        return Finding(url, Verdict.REFUSED, trouble=refused.message)
    except Unreachable as lost:
        return Finding(url, Verdict.FAILS, trouble=str(lost))
    return finding


def asked_for_head(url: str, policy: Policy) -> Finding:
    """Some hang up at HEAD and answer GET: that is no better answer than “not allowed”, and no worse."""
    try:
        return judge(url, outward.follow("HEAD", url, policy=policy))
    except Garbled as lost:
        return Finding(url, Verdict.FAILS, trouble=str(lost))


def judge(url: str, answer: outward.Answer) -> Finding:
    leads_to = answer.url if answer.hops else ""
    if answer.is_good:
        return Finding(url, Verdict.WORKS, answer.status, leads_to=leads_to)
    if answer.status in SIGN_IN:
        trouble = f"It asks for a sign-in ({answer.status}), so whether the page is there cannot be seen from here."
        return Finding(url, Verdict.WARNS, answer.status, trouble, leads_to)
    if answer.status in BUSY:
        return Finding(url, Verdict.BUSY, answer.status, wait=wait_asked(answer.headers.get("Retry-After", "")))
    return Finding(url, Verdict.FAILS, answer.status, f"It answers {answer.status}.", leads_to)


def wait_asked(header: str, now: dt.datetime | None = None) -> dt.timedelta | None:
    """`Retry-After`, in seconds or as a moment; at most a week. None where it says neither."""
    try:
        wait = (
            dt.timedelta(seconds=min(int(header), int(LONGEST_WAIT.total_seconds())))
            if header.isascii() and header.isdigit()
            else parsedate_to_datetime(header) - (now or dt.datetime.now(dt.UTC))
        )
    except (TypeError, ValueError, OverflowError):
        return None
    return min(max(wait, dt.timedelta()), LONGEST_WAIT)


def check_many(
    urls: Collection[str],
    *,
    policy: Policy = LINKS,
    pace: float = PACE,
    seconds: float = 240,
    look: Callable[[str, Policy], Finding] | None = None,
) -> Iterator[list[Finding]]:
    """Ask for all of them, several hosts at once, each host one question after the other; a list per answer.

    What there was no time for in `seconds` is left out. A host that says it is busy is left alone for this time.
    """
    look = look or partial(check, pace=pace)
    ends = time.monotonic() + seconds
    hosts: dict[str, deque[str]] = defaultdict(deque)
    for url in urls:
        hosts[host_of(url)].append(url)
    # A heap: from when on each may be asked. Whoever waits for a host's pace keeps nobody else from asking another.
    waiting = [(0.0, host) for host in sorted(hosts)]
    answers: SimpleQueue[tuple[str, Future[Finding]]] = SimpleQueue()
    asked = 0
    with ThreadPoolExecutor(HOSTS_AT_ONCE) as pool:
        while asked or waiting:
            now, has_room = time.monotonic(), asked < HOSTS_AT_ONCE
            if waiting and max(now, waiting[0][0]) > ends:
                waiting.clear()
            elif waiting and has_room and waiting[0][0] <= now:
                _, host = heappop(waiting)
                answer = pool.submit(look, hosts[host].popleft(), policy)
                answer.add_done_callback(partial(told, answers, host))
                asked += 1
            else:
                with suppress(Empty):
                    host, answer = answers.get(timeout=waiting[0][0] - now if waiting and has_room else None)
                    asked -= 1
                    found = [answer.result()]
                    if found[0].verdict is Verdict.BUSY:
                        # It would say the same of the others; they are as busy as this one.
                        found += [Finding(url, Verdict.BUSY, wait=found[0].wait) for url in hosts.pop(host)]
                    elif hosts[host]:
                        heappush(waiting, (time.monotonic() + pace, host))
                    yield found


def told(answers: "SimpleQueue[tuple[str, Future[Finding]]]", host: str, answer: "Future[Finding]") -> None:
    answers.put((host, answer))


def address_of(url: str) -> str:
    """Scheme and host as the address writes them: `https://example.com`."""
    return "/".join(url.split("/")[:3])


def host_of(url: str) -> str:
    try:
        return urlsplit(url).netloc.lower()
    except ValueError:
        return ""
