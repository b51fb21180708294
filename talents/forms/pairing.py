"""What is asked of the parties of a pair."""

from __future__ import annotations

from typing import ClassVar

from django import forms
from django.utils import timezone

from pages.forms import ProseField, from_model
from talents.forms.fields import ScanField
from talents.models import PairLog


class UnitConsentForm(forms.Form):
    """Nothing, or the agreement that those without an account have signed."""

    REFUSED_AT: ClassVar = {
        "scan-size": "paper", "scan-kind": "paper", "already-consented": "paper",
    }  # fmt: skip

    paper = ScanField(
        label="本人签字的协议扫描件",
        required=False,
        help_text="师傅、徒弟有账号的由本人在线确认，不必上传；没有账号的上传，PDF、JPG或PNG，不超过5 MB",
    )


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
