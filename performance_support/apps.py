from django.apps import AppConfig


class PerformanceSupportConfig(AppConfig):
    name = "performance_support"
    verbose_name = "Performance support"
