from importlib import import_module

from django.apps import AppConfig
from django.utils.module_loading import autodiscover_modules


class IntakeConfig(AppConfig):
    name = "intake"
    verbose_name = "表格导入"

    def ready(self) -> None:
        """Register every app's kinds of import in every process, to be found by name."""
        autodiscover_modules("imports")
        import_module("intake.commands").register_commands()
