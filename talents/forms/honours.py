"""What may be put right about a title on file."""

from __future__ import annotations

from typing import Any, ClassVar

from django import forms
from django.utils import timezone

from pages.forms import CorrectionFields, DayInput, Section, WordsForm, from_model
from talents.models import Honour


class HonourForm(CorrectionFields, from_model(Honour, Honour.CORRECTABLE.fields)):  # type: ignore[misc]
    SECTIONS = (Section("称号", Honour.CORRECTABLE.fields), Section("依据", ("note",)))


class RecallForm(WordsForm):
    """Whether the certificate came in, and when; of a lost one, how that is known."""

    REFUSED_AT: ClassVar = {
        "recall-in-future": "recalled_on",
        "honour-recalled-after-it-was-revoked": "recalled_on",
        "reason-required": "note",
    }

    recall = forms.ChoiceField(
        label="收回情况", choices=Honour.Recall.choices, widget=forms.RadioSelect
    )
    recalled_on = forms.DateField(label="收回（登记遗失）日期", widget=DayInput)

    field_order = ("recall", "recalled_on", "note")

    def __init__(self, *args: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        self.fields["recalled_on"].initial = timezone.localdate()
        self.fields["note"].label = "说明"
        self.fields["note"].help_text = "遗失、未能收回的，请写明情况"
