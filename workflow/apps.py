from django.apps import AppConfig
from django.utils.module_loading import autodiscover_modules


class WorkflowConfig(AppConfig):
    name = "workflow"
    verbose_name = "流程与留痕"

    def ready(self) -> None:
        """Register every app's tasks and what it has ``verify`` prove, in every process."""
        autodiscover_modules("tasks", "receivers", "rules.seals")
