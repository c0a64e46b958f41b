"""A program that holds a key."""

import json
from typing import Any

from django.test import Client


class Program(Client):
    """Speaks JSON; `path` is relative to /api/v1/, or begins with a slash."""

    def __init__(self, secret: str = "") -> None:
        super().__init__(headers={"Authorization": f"Bearer {secret}"} if secret else {})

    def ask(self, method: str, path: str, body: Any = None) -> Any:
        data = "" if body is None else json.dumps(body)
        address = path if path.startswith("/") else f"/api/v1/{path}"
        answer = self.generic(method, address, data=data, content_type="application/json")
        answer.body = None if answer.streaming or not answer.content else answer.json()
        return answer
