"""Somebody out there who receives webhooks: a real server on this machine, which checks what a careful one checks."""

import json
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

from workforce import webhooks


@dataclass
class Receiver:
    url: str = ""
    secret: str = ""
    # What it answers, in turn; the last one again and again.
    answers: list[tuple[int, dict[str, str]]] = field(default_factory=lambda: [(204, {})])
    calls: list[dict[str, Any]] = field(default_factory=list)
    forged: int = 0

    @property
    def events(self) -> dict[str, dict[str, Any]]:
        """What it has really got, once per id."""
        return {call["id"]: call["body"] for call in self.calls}

    def take(self, headers: Any, body: bytes) -> tuple[int, dict[str, str]]:
        message, timestamp = headers["webhook-id"], int(headers["webhook-timestamp"])
        right = webhooks.signature(self.secret, message=message, timestamp=timestamp, body=body) if self.secret else ""
        if self.secret and (right not in headers["webhook-signature"].split() or abs(time.time() - timestamp) > 300):
            self.forged += 1
            return 401, {}
        self.calls.append({"id": message, "headers": dict(headers), "body": json.loads(body)})
        return self.answers.pop(0) if len(self.answers) > 1 else self.answers[0]


@contextmanager
def receiving() -> Iterator[Receiver]:
    receiver = Receiver()

    class Handler(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            status, headers = receiver.take(self.headers, self.rfile.read(int(self.headers["Content-Length"])))
            self.send_response(status)
            for name, value in headers.items():
                self.send_header(name, value)
            self.end_headers()

        def log_message(self, *args: object) -> None:
            pass

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    receiver.url = f"http://127.0.0.1:{server.server_port}/hook"
    thread = threading.Thread(target=server.serve_forever, args=[0.005], daemon=True)
    thread.start()
    try:
        yield receiver
    finally:
        server.shutdown()
        server.server_close()
        thread.join(timeout=5)
