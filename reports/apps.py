from django.apps import AppConfig
from django.utils.module_loading import autodiscover_modules


class ReportsConfig(AppConfig):
    name = "reports"
    verbose_name = "统计报告"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        """Let ``verify`` know of the seals in every process."""
        autodiscover_modules("seals")
