"""What is asked about policies: by which document something is as it is."""

from __future__ import annotations

from django import forms
from django.utils import timezone

from pages.forms import LONGEST_REASON, ProseField, from_model
from policies.models import DefaultConfirmation


class ConfirmationForm(from_model(DefaultConfirmation, ["document_number", "decided_on"])):  # type: ignore[misc]
    """The document by which defaults are meant as they stand."""

    REFUSED_AT = {"document-not-issued": "decided_on"}

    note = ProseField(
        label="说明",
        max_length=LONGEST_REASON,
        required=False,
        help_text="如会议纪要的条目、与选定取值有关的原话",
        widget=forms.Textarea(attrs={"rows": 2}),
    )

    def clean_decided_on(self) -> object:
        day = self.cleaned_data["decided_on"]
        if day > timezone.localdate():
            raise forms.ValidationError("文件日期不能晚于今日")
        return day
