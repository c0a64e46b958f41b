"""What a browser is sent, byte for byte: a relay that counts, whoever asks and however it is packed."""

import socket
import threading
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from socketserver import BaseRequestHandler, ThreadingTCPServer


class Relay(ThreadingTCPServer):
    """Passes everything on to a port of this machine; `sent` says how many bytes came back, by address."""

    daemon_threads = True

    def __init__(self, port: int) -> None:
        super().__init__(("127.0.0.1", 0), Relayed)
        self.onwards, self.sent = ("127.0.0.1", port), Counter[str]()

    @property
    def address(self) -> str:
        return f"http://127.0.0.1:{self.server_address[1]}"


class Relayed(BaseRequestHandler):
    """One connection. A browser asks the next thing on it when it has the answer to the last."""

    server: Relay

    def handle(self) -> None:
        self.asked = ""
        with socket.create_connection(self.server.onwards) as there, suppress(OSError):  # either side may hang up
            threading.Thread(target=self.ask, args=[there], daemon=True).start()
            while piece := there.recv(65536):
                self.server.sent[self.asked] += len(piece)
                self.request.sendall(piece)

    def ask(self, there: socket.socket) -> None:
        with suppress(OSError):
            while piece := self.request.recv(65536):
                method, _, rest = piece.partition(b" ")
                if method in {b"GET", b"HEAD", b"POST"}:
                    self.asked = rest.partition(b" ")[0].decode()
                there.sendall(piece)
            there.shutdown(socket.SHUT_WR)


@contextmanager
def relay(port: int) -> Iterator[Relay]:
    with Relay(port) as server:
        threading.Thread(target=server.serve_forever, daemon=True).start()
        yield server
        server.shutdown()
