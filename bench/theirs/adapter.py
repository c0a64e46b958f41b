"""Its adapter with the title and the enterprise extension, extended as its documentation says (USER_ADAPTER)."""

from typing import Any

from django_scim.adapters import SCIMUser

ENTERPRISE = "urn:ietf:params:scim:schemas:extension:enterprise:2.0:User"


class User(SCIMUser):  # type: ignore[misc]
    def from_dict(self, d: dict[str, Any]) -> None:
        super().from_dict(d)
        extension = d.get(ENTERPRISE, {})
        self.obj.title = d.get("title") or ""
        self.obj.employee_number = extension.get("employeeNumber") or ""
        self.obj.department = extension.get("department") or ""

    def to_dict(self) -> dict[str, Any]:
        said: dict[str, Any] = super().to_dict()
        said["title"] = self.obj.title
        said[ENTERPRISE] = {"employeeNumber": self.obj.employee_number, "department": self.obj.department}
        return said
