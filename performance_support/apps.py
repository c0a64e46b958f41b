from importlib import import_module

from django.apps import AppConfig


class PerformanceSupportConfig(AppConfig):
    name = "performance_support"
    verbose_name = "Performance support"

    def ready(self) -> None:
        import_module("performance_support.followups")
        import_module("performance_support.policy").declare()
        import_module("performance_support.queue").enter()
        import_module("performance_support.finding").enter()
