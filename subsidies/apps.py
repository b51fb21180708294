from django.apps import AppConfig


class SubsidiesConfig(AppConfig):
    name = "subsidies"
    verbose_name = "专项资金"
    default_auto_field = "django.db.models.BigAutoField"
