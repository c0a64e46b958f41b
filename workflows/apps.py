from importlib import import_module

from django.apps import AppConfig


class WorkflowsConfig(AppConfig):
    name = "workflows"
    verbose_name = "Workflows"

    def ready(self) -> None:
        # The watch finds the rules of a room once they are declared, also where nobody edits, as in a worker.
        import_module("workflows.rules")
        import_module("workflows.policy").declare()
