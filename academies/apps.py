from django.apps import AppConfig


class AcademiesConfig(AppConfig):
    name = "academies"
    verbose_name = "工匠学院"
    default_auto_field = "django.db.models.BigAutoField"
