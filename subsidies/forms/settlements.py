"""The words of the account of a year; its sums are the ledger's."""

from __future__ import annotations

from django import forms

from pages.forms import ProseField


class SettlementForm(forms.Form):
    """What came of the money, and why something is left."""

    REFUSED_AT = {"settlement-says-what-came-of-it": "explanation"}
    WIDE = ("results", "explanation")

    results = ProseField(
        label="绩效情况",
        max_length=2000,
        widget=forms.Textarea(attrs={"rows": 5}),
        help_text="项目完成情况、受益职工、成效，对照申报逐项说明",
    )
    explanation = ProseField(
        label="结余说明",
        max_length=1000,
        required=False,
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text="有结余的须说明原因和下一步安排",
    )
