from importlib import import_module
from typing import Any

from django.apps import AppConfig
from django.db import connections

# Not a signal of a row: whatever empties the tables afterwards, such as `flush`, says so in this one way.
from django.db.models.signals import post_migrate  # noqa: TID251


class GapsConfig(AppConfig):
    name = "gaps"
    verbose_name = "Gaps"

    def ready(self) -> None:
        import_module("gaps.followups")
        import_module("gaps.policy").declare()
        post_migrate.connect(begin, sender=self)


def begin(sender: AppConfig, using: str, **_: Any) -> None:
    """No evidence counts without a row of trust, so they are there whenever the table is."""
    trust: Any = sender.get_model("Trust")
    if trust._meta.db_table in connections[using].introspection.table_names():
        trust.begin()
