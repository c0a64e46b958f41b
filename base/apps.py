from importlib import import_module

from django.apps import AppConfig


class BaseConfig(AppConfig):
    name = "base"
    verbose_name = "Ground floor"

    def ready(self) -> None:
        import_module("base.policy").declare()
