from django.apps import AppConfig


class PagesConfig(AppConfig):
    name = "pages"
    verbose_name = "列表与表单"
