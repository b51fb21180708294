"""What is asked about what an evaluation demands to be put right."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django import forms
from django.core.exceptions import ValidationError

from pages.forms import DayInput, ProseField, ReasonForm

if TYPE_CHECKING:
    from datetime import date

    from academies.models import Evaluation


def _words(label: str, longest: int, rows: int, **options: Any) -> ProseField:
    widget = forms.Textarea(attrs={"rows": rows})
    return ProseField(label=label, max_length=longest, widget=widget, **options)


class DemandForm(forms.Form):
    """One thing to be put right."""

    WIDE = ("problem",)
    problem = _words("问题", 300, 3, help_text="写明事实和依据，一个问题列一项")
    due_on = forms.DateField(label="整改期限", widget=DayInput)

    def __init__(self, *args: Any, evaluation: Evaluation, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.evaluation = evaluation
        self.initial.setdefault("due_on", evaluation.due_on)

    def clean_due_on(self) -> date:
        day = self.cleaned_data["due_on"]
        if day < self.evaluation.evaluated_on:
            raise ValidationError(f"整改期限不能早于评价日期{self.evaluation.evaluated_on}")
        return day


class ProofForm(forms.Form):
    """How it was put right, and what shows it."""

    WIDE = ("measure", "proof")
    owner = ProseField(label="责任人", max_length=60)
    measure = _words("整改措施", 500, 3)
    proof = _words(
        "完成情况及佐证", 1000, 4, help_text="写明完成日期、结果，以及登记的哪些记录可以查证"
    )


class RecheckForm(ReasonForm):
    """Whether it was put right, and what was found."""

    CLOSE, RETURN = "close", "return"
    verdict = forms.ChoiceField(
        label="复核结论",
        choices=[(CLOSE, "已整改到位，予以销号"), (RETURN, "未整改到位，退回继续整改")],
    )
    field_order = ("verdict", "note")
