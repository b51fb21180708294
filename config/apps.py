"""Loaded by every process at start; importing the Celery app makes it the one that tasks join."""

from django.contrib.admin.apps import AdminConfig

from config.celery import app as celery_app

__all__ = ["JiangjieAdminConfig", "celery_app"]


class JiangjieAdminConfig(AdminConfig):
    default_site = "organizations.admin_site.JiangjieAdminSite"
