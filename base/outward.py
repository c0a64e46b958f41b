"""HTTP to addresses that people typed: to the open internet only, never to what stands beside us.

    answer = outward.call("POST", url, body=…, headers=…)      # no redirect is followed
    answer = outward.follow("HEAD", url, policy=LINKS)          # redirects one hop at a time, each judged anew

A name is looked up once; every address found must be public, and the connection goes to one of those and nowhere else,
so a name that changes its mind between the check and the connection gains nothing. The certificate is checked against
the name as ever. What must not be asked raises NotAllowed, a refusal for people; what cannot be reached, Unreachable.
"""

import re
import socket
import ssl
import time
from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import closing
from dataclasses import dataclass, field
from functools import cache
from ipaddress import IPv4Address, IPv6Address, ip_address, ip_network
from typing import Any
from urllib.parse import urljoin

import httpcore
import httpx

from base.errors import RuleBroken

# (host, port) -> addresses. Raises OSError where nobody knows the name.
Resolver = Callable[[str, int], list[str]]
LONGEST_URL = 2000
REDIRECTS = {301, 302, 303, 307, 308}
# Global unicast is all that is public in IPv6; translations to IPv4 (NAT64, mapped, compatible) lie outside it.
PUBLIC_V6 = ip_network("2000::/3")
# Public by their number and not by their use: Teredo and its neighbours, 6to4, its relays, documentation,
# and the address under which Azure answers its own machines.
NOT_REALLY_PUBLIC = [
    ip_network(text)
    for text in ("2001::/23", "2001:db8::/32", "2002::/16", "3fff::/20", "192.88.99.0/24", "168.63.129.16/32")
]
LABEL = re.compile(r"(?!-)[a-z0-9_-]{1,63}(?<!-)")
# Names that only a network of its own answers.
INSIDE = {
    "localhost",
    "local",
    "localdomain",
    "internal",
    "intranet",
    "lan",
    "home",
    "corp",
    "private",
    "arpa",
    "onion",
}


class NotAllowed(RuleBroken):
    def __init__(self, sentence: str) -> None:
        super().__init__(sentence, code="address_not_allowed")


class Unreachable(Exception):  # noqa: N818 - it happens every day
    """Nobody answered, or not in time, or not in HTTP; the sentence says which."""


class Garbled(Unreachable):
    """Somebody is there and hangs up, or speaks something else; perhaps only to this method."""


def look_up(host: str, port: int) -> list[str]:
    return [str(info[4][0]) for info in socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)]


@dataclass(frozen=True)
class Policy:
    """What may be asked, and how long and how much at most. Seconds and bytes."""

    schemes: frozenset[str] = frozenset({"https"})
    # For a receiver on a developer's own machine: `localhost` and loopback literals, http or https.
    loopback: bool = False
    most_bytes: int = 64 * 1024
    patience: float = 10  # for each step: connect, write, read
    deadline: float = 20  # for one call as a whole, however slowly it drips
    most_hops: int = 5
    resolver: Resolver = look_up


WEB = Policy()
# For links in texts: pages may still live on http, and are larger.
LINKS = Policy(schemes=frozenset({"http", "https"}), most_bytes=512 * 1024)


@dataclass(frozen=True)
class Answer:
    status: int
    headers: httpx.Headers
    body: bytes
    is_cut: bool  # there was more than the policy takes
    url: str
    # Where it was sent on from: (status, url), first hop first.
    hops: list[tuple[int, str]] = field(default_factory=list)

    @property
    def is_good(self) -> bool:
        return 200 <= self.status < 300


@dataclass(frozen=True)
class Target:
    """An address whose writing is in order; where its name leads is judged when it is called."""

    url: httpx.URL
    host: str
    port: int
    is_loopback: bool


NAMES_SOMEBODY = "Leave name and password out of the address."


def names_somebody(url: str) -> bool:
    """Whether a name, or a name and a password, stands before the host."""
    return re.match(r"[^/?#]*//[^/?#]*@", url) is not None


def target_of(url: str, policy: Policy = WEB) -> Target:
    """Judge an address by its letters alone, without asking the network. Raises NotAllowed."""
    if len(url) > LONGEST_URL or not url.isprintable() or re.search(r"[\s\\]", url):
        raise NotAllowed("This is no web address: it is too long, or holds blanks or backslashes.")
    try:
        parsed = httpx.URL(url)
        host = parsed.raw_host.decode("ascii").lower()
        port = {"http": 80, "https": 443}.get(parsed.scheme, 0) if parsed.port is None else parsed.port
    except (httpx.InvalidURL, UnicodeError, ValueError):
        raise NotAllowed("This is no web address. Copy it again, from https:// on.") from None
    if names_somebody(url):
        raise NotAllowed(NAMES_SOMEBODY)
    is_loopback = policy.loopback and names_loopback(host)
    if parsed.scheme not in (policy.schemes | {"http", "https"} if is_loopback else policy.schemes):
        raise NotAllowed(f"Only {' and '.join(sorted(policy.schemes))} addresses are called.")
    if not 0 < port < 65536 or (port < 1024 and port not in {80, 443}):
        raise NotAllowed("Use port 443, or one from 1024 on.")
    if not is_loopback:
        must_be_outside(host)
    return Target(parsed, host, port, is_loopback)


def must_be_outside(host: str) -> None:
    """A public address, or a name with a domain behind it. Raises NotAllowed."""
    if (address := literal(host)) is not None:
        if not is_public(address):
            raise NotAllowed(f"{host} is no address on the open internet.")
        return
    labels = host.removesuffix(".").split(".")
    if not all(LABEL.fullmatch(label) for label in labels):
        raise NotAllowed("This is no web address: the name of the host cannot be read.")
    # `0x7f.1`, `017700000001` and `2130706433` are ways to write 127.0.0.1.
    if re.fullmatch(r"\d+|0x[0-9a-f]*", labels[-1]):
        raise NotAllowed("Write a host by its name.")
    if len(labels) < 2 or labels[-1] in INSIDE:
        raise NotAllowed(f"{host} is a name inside a network. Use one that the open internet knows.")


def literal(host: str) -> IPv4Address | IPv6Address | None:
    try:
        return ip_address(host.strip("[]"))
    except ValueError:
        return None


def names_loopback(host: str) -> bool:
    address = literal(host)
    return host == "localhost" or (address is not None and address.is_loopback)


def is_public(address: IPv4Address | IPv6Address) -> bool:
    if isinstance(address, IPv6Address) and (address.scope_id or address not in PUBLIC_V6):
        return False
    if any(address in network for network in NOT_REALLY_PUBLIC if network.version == address.version):
        return False
    return address.is_global and not address.is_multicast and not address.is_reserved


def addresses_of(target: Target, policy: Policy) -> list[str]:
    """Look the name up, this once; one address among them that is not public spoils them all.

    Raises NotAllowed, Unreachable.
    """
    if (address := literal(target.host)) is not None:
        return [str(address)]  # judged by target_of
    try:
        found = list(dict.fromkeys(policy.resolver(target.host, target.port)))
    except (OSError, UnicodeError):
        raise Unreachable(f"Nobody knows the name {target.host}.") from None
    if not found:
        raise Unreachable(f"Nobody knows the name {target.host}.")
    for text in found:
        address = literal(text)
        is_fine = address is not None and (address.is_loopback if target.is_loopback else is_public(address))
        if not is_fine:
            raise NotAllowed(f"{target.host} leads to {text}, which is no address on the open internet.")
    return found


# --- asking -----------------------------------------------------------------------------------


def call(
    method: str, url: str, *, body: bytes = b"", headers: Mapping[str, str] | None = None, policy: Policy = WEB
) -> Answer:
    """Ask once. A redirect is an answer like any other. Raises NotAllowed, Unreachable."""
    ends = time.monotonic() + policy.deadline
    target = target_of(url, policy)
    direct = Direct(Pinned(addresses_of(target, policy), ends))
    # As it is, unpacked by nobody: a small answer that unpacks to a gigabyte stays small.
    said = {"Accept-Encoding": "identity", "User-Agent": "Sightline/1", "Connection": "close", **(headers or {})}
    patience = dict.fromkeys(("connect", "read", "write", "pool"), policy.patience)
    request = httpx.Request(method, target.url, content=body or None, headers=said, extensions={"timeout": patience})
    try:
        # Not through a Client: it would ask the environment for proxies, keep cookies and read where it is sent on to.
        with direct, closing(direct.handle_request(request)) as response:
            content, is_cut = limited(response.iter_raw(), policy.most_bytes)
            return Answer(response.status_code, response.headers, content, is_cut, str(target.url))
    except (httpx.TimeoutException, httpcore.TimeoutException):
        raise Unreachable(f"{target.host} did not answer in time.") from None
    except (httpx.RemoteProtocolError, httpcore.RemoteProtocolError) as error:
        raise Garbled(f"{target.host} could not be reached: {why(error)}") from None
    except (httpx.HTTPError, httpcore.NetworkError, httpcore.ProtocolError, ssl.SSLError, OSError) as error:
        raise Unreachable(f"{target.host} could not be reached: {why(error)}") from None


def follow(method: str, url: str, *, headers: Mapping[str, str] | None = None, policy: Policy = LINKS) -> Answer:
    """GET or HEAD, and go where the answer sends us, judging every hop. Raises NotAllowed, Unreachable."""
    if method not in {"GET", "HEAD"}:
        raise ValueError("Only reading follows redirects.")
    hops: list[tuple[int, str]] = []
    while True:
        answer = call(method, url, headers=headers, policy=policy)
        onwards = answer.headers.get("Location")
        if answer.status not in REDIRECTS or not onwards:
            return Answer(answer.status, answer.headers, answer.body, answer.is_cut, answer.url, hops)
        hops.append((answer.status, answer.url))
        if len(hops) > policy.most_hops:
            raise Unreachable(f"It was sent on more than {policy.most_hops} times.")
        url = joined(answer.url, onwards)


def joined(base: str, onwards: str) -> str:
    try:
        return urljoin(base, onwards)
    except ValueError:
        raise NotAllowed("It was sent on to what is no web address.") from None


def limited(pieces: Iterable[bytes], most: int) -> tuple[bytes, bool]:
    kept = bytearray()
    for piece in pieces:
        kept += piece
        if len(kept) > most:
            return bytes(kept[:most]), True
    return bytes(kept), False


def why(error: Exception) -> str:
    text = str(error)
    if "CERTIFICATE_VERIFY_FAILED" in text:
        return "its certificate cannot be trusted."
    return "the connection failed." if isinstance(error, httpcore.ConnectError | OSError) else "it does not speak HTTP."


# --- connecting -------------------------------------------------------------------------------


class Pinned(httpcore.NetworkBackend):
    """Connects to the addresses that were judged, whatever the name says by now, and keeps the deadline."""

    def __init__(self, addresses: list[str], ends: float) -> None:
        self.addresses, self.ends, self.real = addresses, ends, httpcore.SyncBackend()

    def connect_tcp(
        self,
        host: str,
        port: int,
        timeout: float | None = None,
        local_address: str | None = None,
        socket_options: Iterable[Any] | None = None,
    ) -> httpcore.NetworkStream:
        failure: Exception = httpcore.ConnectError("no address")
        for address in self.addresses:
            try:
                return Timed(self.real.connect_tcp(address, port, timeout=left(timeout, self.ends)), self.ends)
            except (httpcore.ConnectError, httpcore.ConnectTimeout) as error:
                failure = error
        raise failure

    def connect_unix_socket(
        self, path: str, timeout: float | None = None, socket_options: Iterable[Any] | None = None
    ) -> httpcore.NetworkStream:
        raise httpcore.ConnectError("There are no sockets on the internet.")


class Timed(httpcore.NetworkStream):
    """A stream whose every step is over by the deadline of the whole call."""

    def __init__(self, stream: httpcore.NetworkStream, ends: float) -> None:
        self.stream, self.ends = stream, ends

    def read(self, max_bytes: int, timeout: float | None = None) -> bytes:
        return self.stream.read(max_bytes, left(timeout, self.ends))

    def write(self, buffer: bytes, timeout: float | None = None) -> None:
        self.stream.write(buffer, left(timeout, self.ends))

    def start_tls(
        self, ssl_context: ssl.SSLContext, server_hostname: str | None = None, timeout: float | None = None
    ) -> httpcore.NetworkStream:
        return Timed(self.stream.start_tls(ssl_context, server_hostname, left(timeout, self.ends)), self.ends)

    def get_extra_info(self, info: str) -> Any:
        return self.stream.get_extra_info(info)

    def close(self) -> None:
        self.stream.close()


def left(timeout: float | None, ends: float) -> float:
    remaining = ends - time.monotonic()
    if remaining <= 0:
        raise httpcore.ReadTimeout("The time of the whole call is over.")
    return min(timeout or remaining, remaining)


class Direct(httpx.BaseTransport):
    """httpx over our own connections."""

    def __init__(self, backend: httpcore.NetworkBackend) -> None:
        self.pool = httpcore.ConnectionPool(ssl_context=trusted(), network_backend=backend, retries=0)

    def handle_request(self, request: httpx.Request) -> httpx.Response:
        url = httpcore.URL(
            scheme=request.url.raw_scheme,
            host=request.url.raw_host,
            port=request.url.port,
            target=request.url.raw_path,
        )
        answer = self.pool.handle_request(
            httpcore.Request(
                request.method, url, headers=request.headers.raw, content=request.stream, extensions=request.extensions
            )
        )
        return httpx.Response(answer.status, headers=answer.headers, stream=Flow(answer), extensions=answer.extensions)

    def __exit__(self, *_: object) -> None:
        self.close()

    def close(self) -> None:
        self.pool.close()


class Flow(httpx.SyncByteStream):
    def __init__(self, answer: httpcore.Response) -> None:
        self.answer = answer

    def __iter__(self) -> Iterator[bytes]:
        yield from self.answer.iter_stream()

    def close(self) -> None:
        self.answer.close()


@cache
def trusted() -> ssl.SSLContext:
    return httpx.create_ssl_context()
