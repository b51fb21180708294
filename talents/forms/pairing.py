"""What is asked of the parties of a pair."""

from __future__ import annotations

from typing import ClassVar

from django import forms
from django.utils import timezone

from pages.forms import ProseField, from_model
from talents.models import PairLog
from talents.services.scans import ACCEPTED, Scan


class UnitConsentForm(forms.Form):
    """Nothing, or the agreement that those without an account have signed."""

    REFUSED_AT: ClassVar = {
        "scan-size": "paper", "scan-kind": "paper", "already-consented": "paper",
    }  # fmt: skip

    paper = forms.FileField(
        label="本人签字的协议扫描件", required=False, max_length=200, allow_empty_file=True,
        help_text="师傅、徒弟有账号的由本人在线确认，不必上传；没有账号的上传，PDF、JPG或PNG，不超过5 MB",
        widget=forms.FileInput(attrs={"accept": ACCEPTED}),
    )  # fmt: skip

    @property
    def scan(self) -> Scan | None:
        file = self.cleaned_data["paper"]
        return Scan(file.read(), file.name) if file else None


class LogForm(from_model(PairLog, ("held_on", "words"))):  # type: ignore[misc]
    """One day of teaching."""

    REFUSED_AT: ClassVar = {"log-out-of-time": "held_on"}

    words = ProseField(
        label="带教内容", min_length=4, max_length=500, widget=forms.Textarea(attrs={"rows": 3}),
        help_text="如：讲解并练习管道仰焊，徒弟独立完成两道焊口",
    )  # fmt: skip

    def __init__(self, *args, **options) -> None:  # type: ignore[no-untyped-def]
        super().__init__(*args, **options)
        self.fields["held_on"].initial = timezone.localdate()
