from typing import Any

from django import forms
from django.apps import AppConfig
from rest_framework import serializers

from workflow.texts.controls import refuse_controls


class PagesConfig(AppConfig):
    """Every field that takes text, those of third parties too, refuses what nobody can see."""

    name = "pages"
    verbose_name = "列表与表单"

    def __init__(self, *args: Any) -> None:
        super().__init__(*args)  # at this moment nobody has declared a form yet
        for field in (forms.CharField, serializers.CharField):
            field.default_validators = [*field.default_validators, refuse_controls]  # type: ignore[misc]
