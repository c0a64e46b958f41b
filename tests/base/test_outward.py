"""What people type as an address must not become a way into our own network."""

import contextlib
import datetime as dt
import socket
import ssl
import threading
import time
from collections.abc import Callable, Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import httpcore
import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec

from base import outward
from base.outward import LINKS, WEB, NotAllowed, Policy, Unreachable


def words_of(text: str) -> list[str]:
    return text.split()


V4 = words_of("""
    127.0.0.1 127.0.0.2 127.1.2.3 127.255.255.254 0.0.0.0 0.1.2.3 10.0.0.1 10.255.255.255 172.16.0.1 172.31.255.254
    192.168.0.1 192.168.255.255 169.254.169.254 169.254.0.1 100.64.0.1 100.100.100.200 192.0.0.1 192.0.0.170 192.0.2.1
    198.18.0.1 198.19.255.255 198.51.100.1 203.0.113.1 192.88.99.1 168.63.129.16 224.0.0.1 239.255.255.250 240.0.0.1
    255.255.255.255
""")
V6 = words_of("""
    :: ::1 ::2 ::127.0.0.1 ::ffff:127.0.0.1 ::ffff:7f00:1 ::ffff:169.254.169.254 ::ffff:8.8.8.8 ::ffff:0:127.0.0.1
    64:ff9b::7f00:1 64:ff9b::169.254.169.254 64:ff9b::808:808 64:ff9b:1::7f00:1 fe80::1 febf::1 fec0::1 fc00::1 fd00::1
    fd00:ec2::254 fd20:ce::254 ff02::1 ff0e::1 100::1 2001::1 2001:0:7f00:1:: 2001:db8::1 2002:7f00:1:: 2002:a9fe:a9fe::
    3fff::1 5f00::1 4000::1 e000::1
""")
# Ways to write 127.0.0.1, 169.254.169.254 or 0.0.0.0, and one to write 8.8.8.8.
WRITTEN = words_of("""
    2130706433 017700000001 0x7f000001 0x7F000001 127.1 127.0.1 0177.0.0.1 0x7f.0.0.1 0x7f.1 127.0.0.0x1 127.0.0.01
    2852039166 0xa9fea9fe 0251.0376.0251.0376 169.254.43518 0 0x0 00 1 127.0.0.1. 134744072 1.2.3 999.999.999.999 1e3
    127。0。0。1 127．0．0．1 １２７.０.０.１ ①②⑦.0.0.1 0x
""")
NAMES = words_of("""
    localhost LOCALHOST localhost. sub.localhost foo.local printer.lan metadata metadata.google.internal
    instance-data kubernetes.default.svc.internal router.home vault.corp intranet db 1.0.0.127.in-addr.arpa
    ⓛⓞⓒⓐⓛⓗⓞⓢⓣ ｌｏｃａｌｈｏｓｔ -bad.example.com bad-.example.com a..example.com .example.com exa%6dple.com
    example.com%00.local %6c%6f%63%61%6c%68%6f%73%74
""")
WHOLE = [
    "",
    "https://",
    "https:///path",
    "//example.com/",
    "example.com",
    "https:example.com",
    "http://example.com/",
    "ftp://example.com/",
    "file:///etc/passwd",
    "gopher://example.com:6379/_INFO",
    "dict://example.com:11211/",
    "javascript:alert(1)",
    "data:text/plain,x",
    "unix:///var/run/docker.sock",
    "https+unix://%2Fvar%2Frun/",
    "https://user@example.com/",
    "https://user:secret@example.com/",
    "https://example.com@127.0.0.1/",
    "https://127.0.0.1@example.com/",
    "https://@example.com/",
    "https://example.com:22/",
    "https://example.com:25/",
    "https://example.com:0/",
    "https://example.com:65536/",
    "https://example.com:-1/",
    "https://example.com:443:443/",
    "https://example.com\\@127.0.0.1/",
    "https:\\\\127.0.0.1\\",
    "https://exam ple.com/",
    "https://example.com/\r\nX-Evil: 1",
    "https://example.com/\t",
    "\x00https://example.com/",
    "https://[::1",
    "https://[::1]x/",
    "https://[fe80::1%25eth0]/",
    "https://[fe80::1%eth0]/",
    "https://[v1.fe80]/",
    "https://[127.0.0.1]/",
    f"https://example.com/{'x' * 2000}",
    f"https://{'x' * 64}.example.com/",
]
HOSTILE = [
    *(f"https://{host}/" for host in [*V4, *WRITTEN, *NAMES]),
    *(f"https://[{host}]/" for host in V6),
    *WHOLE,
]


def test_the_list_is_long_and_holds_nothing_twice():
    assert len(set(HOSTILE)) == len(HOSTILE) >= 100


@pytest.fixture
def canary() -> Iterator[tuple[int, list[object]]]:
    """(port, who knocked): whoever connects to this machine is written down."""
    with socket.create_server(("127.0.0.1", 0)) as server:
        knocks: list[object] = []

        def listen() -> None:
            while True:
                try:
                    connection, _ = server.accept()
                except OSError:
                    return
                knocks.append(connection)

        listener = threading.Thread(target=listen, daemon=True)
        listener.start()
        yield server.getsockname()[1], knocks
        server.shutdown(socket.SHUT_RDWR)
        listener.join(timeout=5)
        for connection in knocks:
            connection.close()


def never(host: str, port: int) -> list[str]:
    pytest.fail(f"{host} was looked up")


@pytest.mark.parametrize("url", HOSTILE)
def test_a_hostile_address_is_refused_by_its_letters(url):
    with pytest.raises(NotAllowed) as refusal:
        outward.call("GET", url, policy=Policy(resolver=never))

    assert refusal.value.message.endswith(".")


def test_nobody_knocks_at_this_machine_however_it_is_written(canary):
    port, knocks = canary
    hosts = [*V4, *WRITTEN, "localhost", "sub.localhost", *(f"[{host}]" for host in V6)]
    for scheme in ("http", "https"):
        for host in hosts:
            with pytest.raises(NotAllowed):
                outward.call("GET", f"{scheme}://{host}:{port}/", policy=LINKS)
    for inside in [*V4, *V6, "127.0.0.1"]:
        with pytest.raises(NotAllowed):
            outward.call("GET", f"http://rebound.example.com:{port}/", policy=leading_to(inside))

    time.sleep(0.05)
    assert knocks == []


def leading_to(*addresses: str) -> Policy:
    return Policy(schemes=LINKS.schemes, resolver=lambda host, port: list(addresses))


@pytest.mark.parametrize("inside", [*V4, *V6])
def test_a_good_name_that_leads_inside_is_refused(inside):
    with pytest.raises(NotAllowed, match="leads to"):
        outward.call("GET", "https://rebound.example.com/", policy=leading_to(inside))


def test_one_inside_address_among_public_ones_spoils_them_all():
    with pytest.raises(NotAllowed):
        outward.call("GET", "https://mixed.example.com/", policy=leading_to("8.8.8.8", "10.0.0.1"))


@pytest.mark.parametrize(
    "url",
    [
        "https://example.com",
        "https://example.com:8443/hook?x=1",
        "https://EXAMPLE.com./",
        "https://bücher.example/",
        "https://8.8.8.8/",
        "https://[2606:4700:4700::1111]/",
        "https://a.b.c.example.co.uk/%2e%2e/",
    ],
)
def test_an_ordinary_address_is_in_order(url):
    assert outward.target_of(url, WEB).port in {443, 8443}


# --- connecting where it was judged -----------------------------------------------------------


class Recorder(BaseHTTPRequestHandler):
    def do_GET(self) -> None:
        self.server.seen.append((self.command, self.headers["Host"], self.path))
        status, headers, body = self.server.say(self.path)
        self.send_response(status)
        for name, value in headers.items():
            self.send_header(name, value)
        self.end_headers()
        if self.command != "HEAD":
            self.wfile.write(body)

    do_POST = do_HEAD = do_GET  # noqa: N815 - the library's names

    def log_message(self, *args: object) -> None:
        pass


@pytest.fixture
def elsewhere(monkeypatch) -> Iterator[Callable[..., ThreadingHTTPServer]]:
    """A server of the open internet: 192.0.32.x is anywhere, and the socket underneath ends at this machine."""
    server = ThreadingHTTPServer(("127.0.0.1", 0), Recorder)
    server.seen, server.dialled = [], []
    server.say = lambda path: (200, {}, b"fine")
    real = httpcore.SyncBackend.connect_tcp

    def divert(self, host, port, timeout) -> httpcore.NetworkStream:
        server.dialled.append(host)
        return real(self, "127.0.0.1", server.server_port, timeout)

    monkeypatch.setattr(httpcore.SyncBackend, "connect_tcp", divert)
    thread = threading.Thread(target=server.serve_forever, args=[0.005], daemon=True)
    thread.start()
    yield server
    server.shutdown()
    server.server_close()
    thread.join(timeout=5)


def test_the_name_is_looked_up_once_and_the_connection_goes_where_it_was_judged(elsewhere):
    answers = iter([["8.8.4.4"], ["127.0.0.1"], ["127.0.0.1"]])
    policy = Policy(schemes=LINKS.schemes, resolver=lambda host, port: next(answers))

    answer = outward.call("GET", "http://flips.example.com/a?b=c", policy=policy)

    assert (answer.status, answer.body, answer.is_cut) == (200, b"fine", False)
    assert elsewhere.dialled == ["8.8.4.4"]
    assert elsewhere.seen == [("GET", "flips.example.com", "/a?b=c")]


def test_the_next_address_is_tried_where_the_first_does_not_answer(elsewhere, monkeypatch):
    diverted = httpcore.SyncBackend.connect_tcp

    def first_is_dead(self, host, port, timeout) -> httpcore.NetworkStream:
        if host == "8.8.4.4":
            raise httpcore.ConnectError
        return diverted(self, host, port, timeout)

    monkeypatch.setattr(httpcore.SyncBackend, "connect_tcp", first_is_dead)

    assert outward.call("GET", "http://example.com/", policy=leading_to("8.8.4.4", "8.8.8.8")).status == 200
    assert elsewhere.dialled == ["8.8.8.8"]


def test_a_proxy_of_the_environment_is_not_asked(elsewhere, monkeypatch):
    monkeypatch.setenv("HTTP_PROXY", "http://127.0.0.1:1")
    monkeypatch.setenv("ALL_PROXY", "http://127.0.0.1:1")

    outward.call("GET", "http://example.com/", policy=leading_to("8.8.8.8"))

    assert elsewhere.dialled == ["8.8.8.8"]


ONWARDS = [url for url in HOSTILE if ":" in url and url.isprintable() and url != "http://example.com/"]


@pytest.mark.parametrize("url", ONWARDS)
def test_a_redirect_to_a_hostile_address_goes_no_further(elsewhere, url):
    elsewhere.say = lambda path: (302, {"Location": url.encode("utf-8").decode("latin-1")}, b"")

    with pytest.raises(NotAllowed):
        outward.follow("GET", "http://example.com/", policy=leading_to("8.8.8.8"))

    assert elsewhere.dialled == ["8.8.8.8"]


def test_a_redirect_to_a_name_that_leads_inside_goes_no_further(elsewhere):
    elsewhere.say = lambda path: (307, {"Location": "http://inside.example.com/"}, b"")
    known = {"example.com": ["8.8.8.8"], "inside.example.com": ["192.168.1.1"]}

    with pytest.raises(NotAllowed, match="leads to"):
        outward.follow("GET", "http://example.com/", policy=Policy(LINKS.schemes, resolver=lambda h, p: known[h]))

    assert len(elsewhere.seen) == 1


def test_a_link_is_followed_hop_by_hop(elsewhere):
    pages = {"/": (301, {"Location": "/b"}, b""), "/b": (303, {"Location": "http://two.example.com/c"}, b"")}
    elsewhere.say = lambda path: pages.get(path, (404, {}, b""))

    answer = outward.follow("HEAD", "http://example.com/", policy=leading_to("8.8.8.8"))

    assert (answer.status, answer.url) == (404, "http://two.example.com/c")
    assert answer.hops == [(301, "http://example.com/"), (303, "http://example.com/b")]
    assert [host for _, host, _ in elsewhere.seen] == ["example.com", "example.com", "two.example.com"]


def test_a_circle_of_redirects_ends(elsewhere):
    elsewhere.say = lambda path: (302, {"Location": "/"}, b"")

    with pytest.raises(Unreachable, match="more than 5"):
        outward.follow("GET", "http://example.com/", policy=leading_to("8.8.8.8"))

    assert len(elsewhere.seen) == 6


def test_a_call_follows_nothing(elsewhere):
    elsewhere.say = lambda path: (302, {"Location": "http://127.0.0.1/"}, b"")

    assert outward.call("POST", "http://example.com/", body=b"{}", policy=leading_to("8.8.8.8")).status == 302


def test_an_endless_answer_is_cut(elsewhere):
    elsewhere.say = lambda path: (200, {}, b"x" * 200_000)

    answer = outward.call("GET", "http://example.com/", policy=leading_to("8.8.8.8"))

    assert (len(answer.body), answer.is_cut) == (64 * 1024, True)


# --- what does not answer ---------------------------------------------------------------------


@pytest.fixture
def talker() -> Iterator[Callable[[Callable[[socket.socket], None]], str]]:
    """An address on this machine at which one visitor is served as a test says."""
    servers, threads = [], []

    def serve(talk: Callable[[socket.socket], None]) -> str:
        server = socket.create_server(("127.0.0.1", 0))

        def once() -> None:
            connection, _ = server.accept()
            with connection, contextlib.suppress(OSError):
                talk(connection)

        servers.append(server)
        threads.append(threading.Thread(target=once, daemon=True))
        threads[-1].start()
        return f"http://127.0.0.1:{server.getsockname()[1]}/"

    yield serve
    for server in servers:
        server.close()
    for thread in threads:
        thread.join(timeout=5)


def test_a_header_that_drips_ends_at_the_deadline(talker):
    def drip(connection: socket.socket) -> None:
        for letter in "HTTP/1.1 200 OK\r\n" + "X-Slow: yes\r\n" * 100:
            connection.send(letter.encode())
            time.sleep(0.02)

    start = time.monotonic()
    with pytest.raises(Unreachable, match="in time"):
        outward.call("GET", talker(drip), policy=Policy(loopback=True, patience=5, deadline=0.3))

    assert time.monotonic() - start < 1.5


def test_silence_is_not_waited_for(talker):
    with pytest.raises(Unreachable, match="in time"):
        outward.call("GET", talker(lambda one: time.sleep(1)), policy=Policy(loopback=True, patience=0.2, deadline=5))


def test_what_speaks_no_http_is_said_so(talker):
    with pytest.raises(Unreachable, match="does not speak HTTP"):
        outward.call("GET", talker(lambda one: one.send(b"220 mail ready\r\n")), policy=Policy(loopback=True))


def test_a_name_that_nobody_knows_is_said_so():
    def nobody(host: str, port: int) -> list[str]:
        raise socket.gaierror

    with pytest.raises(Unreachable, match="Nobody knows"):
        outward.call("GET", "https://example.com/", policy=Policy(resolver=nobody))


@pytest.fixture
def certificate(tmp_path) -> Path:
    """Key and certificate of example.com, signed by itself."""
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(x509.NameOID.COMMON_NAME, "example.com")])
    now = dt.datetime.now(dt.UTC)
    signed = (
        x509.CertificateBuilder()
        .subject_name(name)
        .issuer_name(name)
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(now - dt.timedelta(days=1))
        .not_valid_after(now + dt.timedelta(days=1))
        .add_extension(x509.SubjectAlternativeName([x509.DNSName("example.com")]), critical=False)
        .sign(key, hashes.SHA256())
    )
    pem = serialization.Encoding.PEM
    private = key.private_bytes(pem, serialization.PrivateFormat.PKCS8, serialization.NoEncryption())
    (tmp_path / "both.pem").write_bytes(private + signed.public_bytes(pem))
    return tmp_path / "both.pem"


def test_the_certificate_is_checked_against_the_name_although_an_address_is_dialled(
    elsewhere, certificate, monkeypatch
):
    served = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    served.load_cert_chain(certificate)
    elsewhere.socket = served.wrap_socket(elsewhere.socket, server_side=True)
    policy = Policy(resolver=lambda host, port: ["8.8.8.8"])

    with pytest.raises(Unreachable, match="certificate"):
        outward.call("GET", "https://example.com/", policy=policy)
    monkeypatch.setattr(outward, "trusted", lambda: ssl.create_default_context(cafile=certificate))

    assert outward.call("GET", "https://example.com/", policy=policy).body == b"fine"
    with pytest.raises(Unreachable, match="certificate"):
        outward.call("GET", "https://other.example.com/", policy=policy)


# --- a receiver on one's own machine ----------------------------------------------------------


def test_loopback_is_reached_only_where_the_policy_says_so_and_the_address_names_it(canary):
    port, knocks = canary
    kind = Policy(loopback=True, patience=0.2, resolver=lambda host, port: ["127.0.0.1"])

    with pytest.raises(NotAllowed, match="leads to"):
        outward.call("GET", f"https://rebound.example.com:{port}/", policy=kind)
    assert knocks == []

    for host in ("localhost", "127.0.0.1"):
        with pytest.raises(Unreachable):
            outward.call("GET", f"http://{host}:{port}/", policy=kind)
    assert len(knocks) == 2


@pytest.mark.parametrize(
    "url", ["http://example.com/", "http://10.0.0.1/", "http://169.254.169.254/", "http://0.0.0.0/"]
)
def test_where_loopback_is_allowed_the_rest_is_not(url):
    with pytest.raises(NotAllowed):
        outward.call("GET", url, policy=Policy(loopback=True, resolver=never))
