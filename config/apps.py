"""Loaded by every process at start; importing the Celery app makes it the one that tasks join."""

from django.contrib.admin.apps import AdminConfig
from django.db.models.signals import post_migrate, pre_migrate

from config.celery import app as celery_app
from config.receivers import keep_the_application_out, let_the_application_in

__all__ = ["JiangjieAdminConfig", "celery_app"]


class JiangjieAdminConfig(AdminConfig):
    default_site = "pages.admin.site.JiangjieAdminSite"

    def ready(self) -> None:
        super().ready()
        pre_migrate.connect(let_the_application_in, sender=self)
        post_migrate.connect(keep_the_application_out, sender=self)
