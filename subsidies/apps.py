from importlib import import_module

from django.apps import AppConfig


class SubsidiesConfig(AppConfig):
    name = "subsidies"
    verbose_name = "专项资金"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        """Have the ledger proved with whatever else is, in every process."""
        import_module("subsidies.rules.proofs")
