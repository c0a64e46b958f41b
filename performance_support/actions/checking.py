"""What the checker found, kept with the link: broken only after three failures over 48 hours."""

import datetime as dt
from collections.abc import Collection, Iterable, Iterator
from uuid import UUID

from django.db import transaction
from django.utils import timezone

from performance_support.checking import Finding, Verdict, address_of
from performance_support.models import Link, Resource
from performance_support.models.link import BROKEN_AFTER, BROKEN_OVER
from performance_support.queries.links import claim
from performance_support.settling import settle
from workforce.models import Account

# Until the next look. Three failures a day apart are the 48 hours that a broken link takes.
AGAIN = {
    Verdict.WORKS: dt.timedelta(days=7),
    Verdict.WARNS: dt.timedelta(days=7),
    Verdict.BUSY: dt.timedelta(hours=6),
    Verdict.FAILS: dt.timedelta(days=1),
    Verdict.REFUSED: dt.timedelta(days=30),
}
STATES = {
    Verdict.WORKS: Link.State.WORKS,
    Verdict.WARNS: Link.State.WARNS,
    Verdict.REFUSED: Link.State.REFUSED,
}


def take_due(*, most: int = 2000, by: Account) -> list[str]:
    """Addresses to look at now, the longest waiting first; nobody else takes them meanwhile. `by` asks for it."""
    return claim(most)


@transaction.atomic
def keep_findings(findings: Collection[Finding], *, by: Account) -> set[UUID]:
    """Write down what was found and settle the resources that a link broke, or whose link works again: which ones."""
    now = timezone.now()
    links = {link.url: link for link in Link.objects.select_for_update().filter(url__in=[f.url for f in findings])}
    before = {link.pk: link.state for link in links.values()}
    for finding in findings:
        if link := links.get(finding.url):
            learn(link, finding, now)
    Link.objects.bulk_update(links.values(), LEARNT)
    leave_alone([finding for finding in findings if finding.verdict is Verdict.BUSY], now)
    moved = [link.pk for link in links.values() if is_broken_otherwise(link, before[link.pk])]
    touched = set(Resource.objects.leading_to(moved).values_list("pk", flat=True)) if moved else set()
    if touched:
        settle(touched)
    return touched


LEARNT = ["state", "status", "leads_to", "trouble", "checked_at", "next_check_at", "failures", "failing_since"]


def learn(link: Link, finding: Finding, now: dt.datetime) -> None:
    """429 and 503 say nothing about a link, so its state stays what it was."""
    link.checked_at = now
    link.status = finding.status
    link.next_check_at = now + wait_of(finding)
    if finding.verdict is Verdict.BUSY:
        return
    link.leads_to, link.trouble = finding.leads_to[:2000], finding.trouble[:400]
    if finding.verdict is not Verdict.FAILS:
        link.state, link.failures, link.failing_since = STATES[finding.verdict], 0, None
        return
    link.failures += 1
    link.failing_since = link.failing_since or now
    is_broken = link.failures >= BROKEN_AFTER and now - link.failing_since >= BROKEN_OVER
    link.state = Link.State.BROKEN if is_broken else Link.State.FAILING


def wait_of(finding: Finding) -> dt.timedelta:
    return max(AGAIN[finding.verdict], finding.wait or dt.timedelta())


def leave_alone(busy: Collection[Finding], now: dt.datetime) -> None:
    """A host that is busy is as busy for its other addresses: none of them is asked before its time either."""
    for address, finding in {address_of(finding.url): finding for finding in busy}.items():
        until = now + wait_of(finding)
        Link.objects.on_host(address).due_before(until).update(next_check_at=until)


def is_broken_otherwise(link: Link, before: str) -> bool:
    return (link.state == Link.State.BROKEN) != (before == Link.State.BROKEN)


def in_batches(findings: Iterable[list[Finding]], size: int = 200) -> Iterator[list[Finding]]:
    """Hosts with one link each would make a transaction of each."""
    batch: list[Finding] = []
    for found in findings:
        batch += found
        if len(batch) >= size:
            yield batch
            batch = []
    if batch:
        yield batch
