from django.apps import AppConfig
from django.utils.module_loading import autodiscover_modules


class PoliciesConfig(AppConfig):
    name = "policies"
    verbose_name = "政策库"

    def ready(self) -> None:
        """Import what every app says of policies: which facts one may ask, and which items it reads."""
        autodiscover_modules("facts", "readings")
