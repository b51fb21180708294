from django.apps import AppConfig
from django.utils.module_loading import autodiscover_modules


class PoliciesConfig(AppConfig):
    name = "policies"
    verbose_name = "政策库"

    def ready(self) -> None:
        """Import every app's ``facts``, so that the loader knows what a policy may ask."""
        autodiscover_modules("facts")
