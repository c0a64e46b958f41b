from importlib import import_module

from django.apps import AppConfig


class BaseConfig(AppConfig):
    name = "base"
    verbose_name = "Ground floor"

    def ready(self) -> None:
        import_module("base.policy").declare()
        # Django's backend has the driver read ids as it is imported; what is registered last counts.
        import_module("django.db.backends.postgresql.base")
        import_module("base.ids").read_ids_once()
