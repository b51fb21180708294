from django.apps import AppConfig
from django.utils.module_loading import autodiscover_modules


class WorkflowConfig(AppConfig):
    name = "workflow"
    verbose_name = "流程与留痕"

    def ready(self) -> None:
        """Register every app's tasks in every process, to be found by name."""
        autodiscover_modules("tasks", "receivers")
