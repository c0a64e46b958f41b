"""The checker is polite, and it cannot be made to reach inside."""

import datetime as dt
import time
from collections import Counter
from collections.abc import Iterator
from html import unescape
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from itertools import pairwise
from threading import Thread

import httpcore
import pytest
import time_machine
from django.test import Client

from base.outward import LINKS, Policy
from performance_support import actions, checking, routines
from performance_support.actions.checking import in_batches
from performance_support.checking import Finding, Verdict, check, check_many, wait_asked
from performance_support.models import Link, Resource
from tests.make import make_designer, make_resource, make_step
from workforce.models import Account

START = dt.datetime(2026, 3, 2, 9, tzinfo=dt.UTC)
# Like LINKS, but impatient, and allowed to ask the server of this test.
HERE = Policy(schemes=LINKS.schemes, loopback=True, patience=0.5, deadline=1.0, most_bytes=1000)


class Site(BaseHTTPRequestHandler):
    """`/200` answers 200, `/405-for-head` only GET, `/to/x` sends on to x, `/loop` to itself, `/never` says nothing."""

    asked: Counter[tuple[str, str]] = Counter()

    def do_HEAD(self) -> None:
        self.answer()

    def do_GET(self) -> None:
        self.answer()

    def answer(self) -> None:
        self.asked[self.command, self.path] += 1
        name = self.path.strip("/")
        if name == "never":
            time.sleep(3)
        elif name.startswith("to/"):
            self.say(302, Location=name.removeprefix("to/"))
        elif name == "loop":
            self.say(302, Location="/loop")
        elif name == "405-for-head":
            self.say(405 if self.command == "HEAD" else 200)
        elif name == "get-only" and self.command == "HEAD":
            self.close_connection = True
        elif name == "get-only":
            self.say(200)
        elif name == "endless":
            self.say(404 if self.command == "HEAD" else 200, body=b"x" * 100_000)
        elif name == "busy":
            self.say(429, **{"Retry-After": "7200"})
        else:
            self.say(int(name[:3]))

    def say(self, status: int, body: bytes = b"", **headers: str) -> None:
        self.send_response(status)
        for header, value in headers.items():
            self.send_header(header, value)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        if self.command == "GET":
            self.wfile.write(body)

    def log_message(self, *_: object) -> None:
        """Be quiet."""


@pytest.fixture
def site() -> Iterator[str]:
    Site.asked.clear()
    server = ThreadingHTTPServer(("127.0.0.1", 0), Site)
    server.daemon_threads = True
    thread = Thread(target=server.serve_forever, daemon=True)
    thread.start()
    yield f"http://127.0.0.1:{server.server_port}"
    server.shutdown()
    server.server_close()


@pytest.mark.parametrize(
    ("path", "verdict", "status"),
    [
        ("200", Verdict.WORKS, 200),
        ("204", Verdict.WORKS, 204),
        ("405-for-head", Verdict.WORKS, 200),
        ("get-only", Verdict.WORKS, 200),
        ("endless", Verdict.WORKS, 200),
        ("to/%2F200", Verdict.WORKS, 200),
        ("401", Verdict.WARNS, 401),
        ("403", Verdict.WARNS, 403),
        ("429", Verdict.BUSY, 429),
        ("503", Verdict.BUSY, 503),
        ("404", Verdict.FAILS, 404),
        ("410", Verdict.FAILS, 410),
        ("500", Verdict.FAILS, 500),
        ("loop", Verdict.FAILS, None),
        ("never", Verdict.FAILS, None),
    ],
)
def test_what_an_answer_means(site, path, verdict, status):
    path = path.replace("to/%2F200", "to//200")
    finding = check(f"{site}/{path}", HERE)
    assert (finding.verdict, finding.status) == (verdict, status)


def test_where_redirects_end_is_shown(site):
    assert check(f"{site}/to//200", HERE).leads_to == f"{site}/200"
    assert check(f"{site}/200", HERE).leads_to == ""


def test_head_comes_first_and_get_only_where_it_failed(site):
    check(f"{site}/200", HERE)
    check(f"{site}/404", HERE)
    assert Site.asked == {("HEAD", "/200"): 1, ("HEAD", "/404"): 1, ("GET", "/404"): 1}


def test_the_second_question_to_a_host_waits_its_pace_as_well(site, monkeypatch):
    waited: list[float] = []
    monkeypatch.setattr(checking, "sleep", waited.append)
    list(check_many([f"{site}/200", f"{site}/404"], policy=HERE, pace=0.01))
    assert (waited, Site.asked["GET", "/404"]) == ([0.01], 1)


@pytest.mark.parametrize(
    "url",
    [
        "http://127.0.0.1/",
        "http://[::1]/",
        "http://10.0.0.8/",
        "http://192.168.1.1/",
        "http://169.254.169.254/latest/meta-data/",
        "http://2130706433/",
        "http://0x7f.1/",
        "http://[::ffff:127.0.0.1]/",
        "http://localhost/",
        "http://wiki.internal/",
        "file:///etc/passwd",
        "ftp://example.com/",
        "gopher://example.com/",
        "http://ann:secret@example.com/",
        "http://example.com:22/",
    ],
)
def test_it_does_not_reach_inside(url):
    assert check(url).verdict is Verdict.REFUSED


def test_it_does_not_reach_inside_by_a_redirect(site):
    inside = check(f"{site}/to/http://10.0.0.8/", HERE)
    assert inside.verdict is Verdict.REFUSED
    assert "10.0.0.8" in inside.trouble


@pytest.mark.parametrize("addresses", [["127.0.0.1"], ["93.184.216.34", "127.0.0.1"], ["169.254.169.254"]])
def test_it_does_not_reach_inside_by_a_name(addresses):
    """A name that changes its mind later gains nothing: see tests/base/test_outward.py."""
    policy = Policy(schemes=LINKS.schemes, resolver=lambda host, port: addresses)
    assert check("http://rebinding.example/", policy).verdict is Verdict.REFUSED


# Where machines in a cloud tell whoever asks from inside about themselves, keys included, and other neighbours.
NEIGHBOURS = [
    *("169.254.169.254", "169.254.170.2", "169.254.0.1", "100.100.100.200", "168.63.129.16"),
    *("fe80::1", "fe80::a9fe:a9fe", "febf::1", "fd00:ec2::254", "fd20:ce::254"),
    # The same, or this machine, within an address of the other kind: mapped, compatible, translated, tunnelled.
    *("::ffff:169.254.169.254", "::ffff:a9fe:a9fe", "::169.254.169.254", "::ffff:127.0.0.1", "::ffff:10.0.0.8"),
    *("64:ff9b::169.254.169.254", "2002:a9fe:a9fe::", "2001:0:a9fe:a9fe::"),
]


def written(address: str) -> str:
    return f"http://[{address}]/" if ":" in address else f"http://{address}/"


@pytest.mark.parametrize("address", NEIGHBOURS)
def test_it_asks_no_neighbour(address):
    assert check(written(address)).verdict is Verdict.REFUSED


@pytest.mark.parametrize("address", NEIGHBOURS)
def test_it_asks_no_neighbour_by_a_redirect(site, address):
    finding = check(f"{site}/to/{written(address)}", HERE)
    assert (finding.verdict, Site.asked.total()) == (Verdict.REFUSED, 1)


@pytest.mark.parametrize("address", NEIGHBOURS)
def test_it_asks_no_neighbour_by_a_good_name(address):
    policy = Policy(schemes=LINKS.schemes, resolver=lambda host, port: [address])
    assert check("http://metadata.example.com/", policy).verdict is Verdict.REFUSED


def test_a_name_that_changes_its_mind_between_two_questions_is_not_followed_inside(site, monkeypatch):
    """It leads outside for HEAD, which fails, and inside for the GET that follows."""
    answers, dialled = iter([["8.8.4.4"], ["127.0.0.1"]]), []
    real, port = httpcore.SyncBackend.connect_tcp, int(site.rpartition(":")[2])

    def divert(self: httpcore.SyncBackend, host: str, asked: int, timeout: float) -> httpcore.NetworkStream:
        dialled.append(host)
        return real(self, "127.0.0.1", port, timeout)

    monkeypatch.setattr(httpcore.SyncBackend, "connect_tcp", divert)
    policy = Policy(schemes=LINKS.schemes, resolver=lambda host, port: next(answers))
    finding = check("http://rebinding.example.com/404", policy)
    assert (finding.verdict, dialled, Site.asked) == (Verdict.REFUSED, ["8.8.4.4"], {("HEAD", "/404"): 1})


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("path", "state", "words"),
    [
        ("to/http://10.0.0.8/", "refused", "May not be checked"),
        ("never", "failing", "Failing"),
        ("loop", "failing", "Failing"),
    ],
)
def test_whoever_keeps_it_reads_what_became_of_a_link_that_misleads(site, path, state, words):
    url = f"{site}/{path}"
    resource = make_resource(at=make_step(), url=url)
    actions.keep_findings([check(url, HERE)], by=Account.objects.system())
    client = Client()
    client.force_login(resource.owner)
    page = unescape(client.get(resource.get_absolute_url()).content.decode())
    link = Link.objects.get()
    assert (link.state, resource.freshness) == (state, "verified")
    assert words in page
    assert link.trouble in page


def test_a_busy_host_is_left_alone_as_long_as_it_asks(site):
    urls = [f"{site}/busy", f"{site}/200", f"{site}/204"]
    [findings] = check_many(urls, policy=HERE, pace=0)
    assert [finding.verdict for finding in findings] == [Verdict.BUSY] * 3
    assert {finding.wait for finding in findings} == {dt.timedelta(hours=2)}
    assert sum(Site.asked.values()) == 1


@pytest.mark.parametrize(
    ("header", "wait"),
    [
        ("120", dt.timedelta(minutes=2)),
        ("Mon, 02 Mar 2026 10:00:00 GMT", dt.timedelta(hours=1)),
        ("Mon, 02 Mar 2020 10:00:00 GMT", dt.timedelta()),
        ("99999999999999999999", dt.timedelta(days=7)),
        ("-5", None),
        ("soon", None),
        ("", None),
    ],
)
def test_how_long_a_host_wants_us_to_wait(header, wait):
    assert wait_asked(header, now=START) == wait


def test_one_host_is_asked_slowly_and_several_at_once():
    asked: list[tuple[float, str]] = []

    def look(url: str, policy: Policy) -> Finding:
        asked.append((time.monotonic(), url))
        return Finding(url, Verdict.WORKS)

    urls = [f"http://{host}.example/{page}" for host in "abcd" for page in range(3)]
    began = time.monotonic()
    assert sum(len(found) for found in check_many(urls, pace=0.1, look=look)) == 12
    assert time.monotonic() - began < 0.8
    for host in "abcd":
        times = [at for at, url in asked if f"//{host}." in url]
        assert all(later - earlier >= 0.095 for earlier, later in pairwise(times))


def test_a_round_ends_in_time():
    urls = [f"http://a.example/{page}" for page in range(100)]
    looked_at = list(check_many(urls, pace=0.05, seconds=0.12, look=lambda url, _: Finding(url, Verdict.WORKS)))
    assert 1 <= sum(len(found) for found in looked_at) <= 4


def test_hosts_that_wait_keep_nobody_else_waiting():
    """Forty hosts of three pages each take as long as one of them."""
    urls = [f"http://h{host}.example/{page}" for host in range(40) for page in range(3)]
    began = time.monotonic()
    assert sum(1 for _ in check_many(urls, pace=0.3, look=lambda url, _: Finding(url, Verdict.WORKS))) == 120
    assert 0.6 <= time.monotonic() - began < 1.2


# --- what is kept ------------------------------------------------------------------------------

URL = "https://example.com/price-list"


def found(verdict: Verdict, *, days: float = 0, **facts: object) -> Link:
    with time_machine.travel(START + dt.timedelta(days=days), tick=False):
        actions.keep_findings([Finding(URL, verdict, **facts)], by=Account.objects.system())  # type: ignore[arg-type]
    return Link.objects.get(url=URL)


@pytest.fixture
def resource(db) -> Iterator[Resource]:
    with time_machine.travel(START, tick=False):
        yield make_resource(at=make_step(), url=URL)


def test_three_failures_over_two_days_break_a_link_and_turn_stale_what_leads_there(resource):
    assert found(Verdict.FAILS).state == "failing"
    assert found(Verdict.FAILS, days=1).state == "failing"
    resource.refresh_from_db()
    assert resource.state == "verified"
    assert found(Verdict.FAILS, days=2).state == "broken"
    resource.refresh_from_db()
    assert resource.stale_because == ["link_broken"]


def test_three_failures_within_an_hour_break_nothing(resource):
    for days in (0, 0.02, 0.04):
        assert found(Verdict.FAILS, days=days).state == "failing"


def test_a_link_that_works_again_begins_anew(resource):
    for days in (0, 1):
        found(Verdict.FAILS, days=days)
    assert found(Verdict.WORKS, days=2).failures == 0
    assert found(Verdict.FAILS, days=3).state == "failing"


def test_too_many_requests_never_count(resource):
    for days in range(4):
        link = found(Verdict.BUSY, days=days, status=429, wait=dt.timedelta(days=1))
    assert (link.state, link.failures) == ("unchecked", 0)
    assert link.next_check_at == START + dt.timedelta(days=4)


def test_a_busy_host_is_left_alone_in_later_rounds_too(resource):
    """Its other addresses are due in another round, which must not ask before the time that the host gave."""
    texts = [f"{URL}/terms", "https://example.com", "https://example.community/terms", "http://example.com/terms"]
    with time_machine.travel(START, tick=False):
        make_resource(text=" ".join(f"<{text}>" for text in texts))
    found(Verdict.BUSY, status=429, wait=dt.timedelta(days=2))
    at = dict(Link.objects.values_list("url", "next_check_at"))
    assert {url for url, moment in at.items() if moment == START + dt.timedelta(days=2)} == {URL, *texts[:2]}
    with time_machine.travel(START + dt.timedelta(days=1), tick=False):
        assert {link.url for link in Link.objects.due()} == {*texts[2:]}


def test_a_sign_in_warns_and_breaks_nothing(resource):
    for days in range(4):
        link = found(Verdict.WARNS, days=days, status=403)
    assert link.state == "warns"
    resource.refresh_from_db()
    assert resource.state == "verified"


def test_each_address_is_taken_once_however_often_it_is_used(resource):
    make_resource(url=URL)
    by = Account.objects.system()
    assert actions.take_due(by=by) == [URL]
    assert actions.take_due(by=by) == []


def test_the_archive_is_not_checked(resource):
    actions.archive_resource(resource, by=make_designer())
    assert actions.take_due(by=Account.objects.system()) == []


def test_the_clock_checks_what_is_due(resource, monkeypatch):
    monkeypatch.setattr(
        "performance_support.checking.check_many",
        lambda urls, **_: iter([[Finding(url, Verdict.WORKS)] for url in urls]),
    )
    assert routines.check_links() == 1
    assert Link.objects.get().state == "works"


def test_findings_are_written_in_batches():
    one = [Finding("http://a.example/", Verdict.WORKS)]
    assert [len(batch) for batch in in_batches([one] * 5, size=2)] == [2, 2, 1]
