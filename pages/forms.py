"""Fields and forms that every app asks with."""

from __future__ import annotations

from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils import timezone

from workflow.folding import fold_prose
from workflow.identity import PROBLEMS, Identity, read_identity

SHORTEST_REASON, LONGEST_REASON = 4, 200


class ProseField(forms.CharField):
    """Text with full-width digits folded and stray blanks removed."""

    def to_python(self, value: Any) -> str:
        return super().to_python(fold_prose(value) if isinstance(value, str) else value)


class IdentityField(forms.CharField):
    """公民身份号码, checked by date and check digit."""

    default_error_messages = {"required": "请填写公民身份号码"}

    def __init__(self, **options: Any) -> None:
        widget = forms.TextInput(
            attrs={"autocomplete": "off", "spellcheck": "false", "inputmode": "text"}
        )
        super().__init__(label="公民身份号码", max_length=40, widget=widget, **options)

    def clean(self, value: Any) -> Identity | None:
        text = super().clean(value)
        if not text:
            return None
        identity = read_identity(text, today=timezone.localdate())
        if identity.problem:
            raise ValidationError(PROBLEMS[identity.problem], code=identity.problem)
        return identity


class ReasonForm(forms.Form):
    """Why something is taken back, left out or corrected; it stands in the record."""

    note = ProseField(
        label="理由",
        min_length=SHORTEST_REASON,
        max_length=LONGEST_REASON,
        help_text="写明依据，计入留痕记录",
        widget=forms.Textarea(attrs={"rows": 2}),
    )
