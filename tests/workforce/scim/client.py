"""An identity provider that holds a key."""

import json
from typing import Any

from django.test import Client

from tests.make import make_key

USER_URN = "urn:ietf:params:scim:schemas:core:2.0:User"
ENTERPRISE_URN = "urn:ietf:params:scim:schemas:extension:enterprise:2.0:User"
GROUP_URN = "urn:ietf:params:scim:schemas:core:2.0:Group"
PATCH_URN = "urn:ietf:params:scim:api:messages:2.0:PatchOp"
ERROR_URN = "urn:ietf:params:scim:api:messages:2.0:Error"


class Provider(Client):
    """Speaks SCIM; `path` is relative to /scim/v2/."""

    def __init__(self, *scopes: str, name: str = "") -> None:
        secret = make_key(*(scopes or ("hris",)), name=name)
        super().__init__(headers={"Authorization": f"Bearer {secret}"})

    def ask(self, method: str, path: str, body: Any = None, **headers: str) -> Any:
        data = "" if body is None else body if isinstance(body, str | bytes) else json.dumps(body)
        answer = self.generic(
            method, f"/scim/v2/{path}", data=data, content_type="application/scim+json", headers=headers
        )
        answer.body = json.loads(answer.content) if answer.content else None
        return answer

    def add(self, user_name: str = "ann@northmoor.example", /, **attributes: Any) -> dict[str, Any]:
        """A new user, as the answer tells it."""
        answer = self.ask("POST", "Users", {"schemas": [USER_URN, ENTERPRISE_URN], "userName": user_name, **attributes})
        assert answer.status_code == 201, answer.content
        return answer.body

    def patch(self, path: str, *operations: dict[str, Any], **headers: str) -> Any:
        return self.ask("PATCH", path, {"schemas": [PATCH_URN], "Operations": list(operations)}, **headers)

    def found(self, filter: str, kind: str = "Users", **terms: Any) -> list[str]:
        """The names of what a filter finds, in the order of the page."""
        answer = self.ask("POST", f"{kind}/.search", {"filter": filter, **terms})
        assert answer.status_code == 200, answer.content
        return [one.get("userName") or one["displayName"] for one in answer.body["Resources"]]
