"""A learning record store on this machine: it keeps statements by their id, and misbehaves when told to."""

import json
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any


@dataclass
class Store:
    url: str = ""
    # What it answers first, in turn; then it is well. "reset" hangs up without a word, "hang" says nothing for long.
    answers: list[int | str] = field(default_factory=list)
    retry_after: str = ""
    refuses: set[str] = field(default_factory=set)
    refuses_all: bool = False
    # Set as it closes, so that nothing hangs longer than its test.
    closing: threading.Event = field(default_factory=threading.Event)
    known: dict[str, Any] = field(default_factory=dict)
    headers: list[dict[str, str]] = field(default_factory=list)
    calls: int = 0

    def take(self, statements: list[dict[str, Any]]) -> tuple[int | str, bytes]:
        self.calls += 1
        if self.answers:
            return self.answers.pop(0), b""
        if self.refuses_all or any(each["id"] in self.refuses for each in statements):
            return 400, b"I do not like it."
        if any(each["id"] in self.known for each in statements):
            return 409, b"I have it."
        self.known |= {each["id"]: each for each in statements}
        return 200, json.dumps([each["id"] for each in statements]).encode()


@contextmanager
def storing() -> Iterator[Store]:
    store = Store()

    class Handler(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            store.headers.append(dict(self.headers))
            status, body = store.take(json.loads(self.rfile.read(int(self.headers["Content-Length"]))))
            if status == "hang":
                store.closing.wait(timeout=60)
            if isinstance(status, str):
                self.close_connection = True
                return
            self.send_response(status)
            if store.retry_after:
                self.send_header("Retry-After", store.retry_after)
            if status == 307:
                self.send_header("Location", f"{store.url}/elsewhere")
            self.send_header("Content-Length", str(len(body)))
            self.end_headers()
            self.wfile.write(body)

        def log_message(self, *args: object) -> None:
            pass

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    store.url = f"http://127.0.0.1:{server.server_port}/xapi"
    thread = threading.Thread(target=server.serve_forever, args=[0.005], daemon=True)
    thread.start()
    try:
        yield store
    finally:
        store.closing.set()
        server.shutdown()
        server.server_close()
        thread.join(timeout=5)
