"""What is asked about what an evaluation demands to be put right."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django import forms
from django.core.exceptions import ValidationError

from academies.models import Evaluation
from academies.models.academies import FIRST_YEAR, LAST_YEAR
from pages.forms import DayInput, ProseField, ReasonForm

if TYPE_CHECKING:
    from datetime import date

    from django.db.models import QuerySet

    from academies.models import Academy


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


class CorrectionForm(ReasonForm):
    """What is right about an evaluation that came with the history."""

    REFUSED_AT = {
        "evaluation-invalid": None,
        "nothing-to-correct": None,
        "evaluated-in-future": "evaluated_on",
        "closed-in-future": "closed_on",
    }

    academy: forms.ModelChoiceField = forms.ModelChoiceField(
        label="工匠学院", queryset=None, to_field_name="code"
    )
    year = forms.IntegerField(label="评价年度", min_value=FIRST_YEAR, max_value=LAST_YEAR)
    grade = forms.ChoiceField(label="等次", choices=Evaluation.Grade.choices)
    evaluated_on = forms.DateField(label="评价日期", widget=DayInput)
    due_on = forms.DateField(label="整改期限（不合格）", widget=DayInput, required=False)
    closed_on = forms.DateField(label="整改完成日期（不合格）", widget=DayInput, required=False)
    field_order = ("academy", "year", "grade", "evaluated_on", "due_on", "closed_on", "note")

    def __init__(
        self, *args: Any, evaluation: Evaluation, academies: QuerySet[Academy], **kwargs: Any
    ) -> None:
        super().__init__(*args, **kwargs)
        self.fields["academy"].queryset = academies  # type: ignore[attr-defined]
        for name in ("year", "grade", "evaluated_on", "due_on", "closed_on"):
            self.initial.setdefault(name, getattr(evaluation, name))
        self.initial.setdefault("academy", evaluation.academy.code)

    def clean(self) -> dict[str, Any]:
        """Of what did not fail nothing is to be put right."""
        cleaned = super().clean() or self.cleaned_data
        if cleaned.get("grade") != Evaluation.Grade.FAILED:
            cleaned |= {"due_on": None, "closed_on": None}
        return cleaned


class AgreementForm(ReasonForm):
    """Whether a correction is agreed to, and why."""

    AGREE, DROP = "agree", "drop"
    verdict = forms.ChoiceField(
        label="复核结论", choices=[(AGREE, "同意，按所提更正"), (DROP, "不予更正，维持原登记")]
    )
    field_order = ("verdict", "note")


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
