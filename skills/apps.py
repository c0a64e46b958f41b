from importlib import import_module

from django.apps import AppConfig


class SkillsConfig(AppConfig):
    name = "skills"
    verbose_name = "Skills"

    def ready(self) -> None:
        import_module("skills.followups")
        import_module("skills.policy").declare()
