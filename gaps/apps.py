from importlib import import_module

from django.apps import AppConfig


class GapsConfig(AppConfig):
    name = "gaps"
    verbose_name = "Gaps"

    def ready(self) -> None:
        import_module("gaps.followups")
