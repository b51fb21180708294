"""What is decided about words of a blind paper."""

from __future__ import annotations

from typing import ClassVar

from django import forms

from pages.forms import ProseField, ReasonForm
from talents.models import Masking
from talents.models.masking import LONGEST_WORDS


class MaskingForm(ReasonForm):
    """The words as they stand in the statement, and whether experts read them."""

    REFUSED_AT: ClassVar = {
        "words-too-short": "words",
        "words-not-in-paper": "words",
        "words-masked-already": "words",
        "words-shown-already": "words",
        "identity-stays-masked": "words",
        "paper-handed-out": "decision",
    }

    field_order = ("words", "decision", "note")
    words = ProseField(
        label="词语",
        max_length=LONGEST_WORDS,
        widget=forms.TextInput(attrs={"autocomplete": "off", "data-chosen-words": True}),
        help_text="在陈述中选取，或照原文填写；同一词语在本份材料各处一并办理",
    )
    decision = forms.ChoiceField(
        label="办理",
        choices=[
            (Masking.Decision.MASK, "遮盖：专家读到“某某”"),
            (Masking.Decision.SHOW, "原样显示：误遮的解除，疑似的不再提示"),
        ],
        widget=forms.RadioSelect,
    )
