"""Issuing the terms of a contest, and signing them."""

from __future__ import annotations

from django import forms

from competitions.models.terms import LONGEST_TERMS
from pages.forms import ProseField


class TermsForm(forms.Form):
    """The words of the next version."""

    text = ProseField(
        label="参赛承诺",
        max_length=LONGEST_TERMS,
        min_length=10,
        help_text="一条一行；已签署的仍以其签署的一版为准",
        widget=forms.Textarea(attrs={"rows": 12}),
    )


class SigningForm(forms.Form):
    """That the entrant signed the version that is shown."""

    terms = forms.IntegerField(widget=forms.HiddenInput, min_value=0, required=False)
    promises = forms.BooleanField(
        label="本人已阅读竞赛规则并签署参赛承诺",
        error_messages={"required": "未签署参赛承诺的不能报名"},
    )
