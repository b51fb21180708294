"""What is asked about a training report; never a figure."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django import forms

from academies.models import TrainingReport
from academies.services.reporting import FIGURES
from pages.forms import DayInput, ProseField, ReasonForm, Section

if TYPE_CHECKING:
    from collections.abc import Iterable

    from academies.models import TrainingClass


class PrepareForm(forms.Form):
    """What is to be said about the figures, and which classes' rows are contested."""

    REFUSED_AT = {"contest-says-why": "words"}
    WIDE = ("contested", "words")

    contested = forms.MultipleChoiceField(
        label="有异议的班次", required=False, widget=forms.CheckboxSelectMultiple
    )
    words = ProseField(
        label="说明或异议",
        max_length=1000,
        required=False,
        widget=forms.Textarea(attrs={"rows": 4}),
        help_text="数字有误的，先更正培训记录；有异议的勾选班次，并写明哪名学员、为什么",
    )

    def __init__(self, *args: Any, classes: Iterable[TrainingClass], **options: Any) -> None:
        super().__init__(*args, **options)
        field: Any = self.fields["contested"]
        field.choices = [(str(row.pk), f"{row.number} {row.name}") for row in classes]

    def said(self) -> dict[str, Any]:
        cleaned = self.cleaned_data
        return {"words": cleaned["words"], "contested": [int(pk) for pk in cleaned["contested"]]}


class ReturnForm(ReasonForm):
    """Why something that an academy handed in is given back."""

    fault = forms.ChoiceField(label="退回原因", choices=TrainingReport.Fault.choices)
    field_order: tuple[str, ...] = ("fault", "note")


class ReportReturnForm(ReturnForm):
    """The same of a report, and which of its figures and classes are meant."""

    def __init__(self, *args: Any, classes: Iterable[TrainingClass], **options: Any) -> None:
        super().__init__(*args, **options)
        self.figures = {f"figure_{name}": name for name in FIGURES}
        self.classes = {f"class_{row.pk}": row.pk for row in classes}
        labels = {f"figure_{name}": label for name, label in FIGURES.items()}
        labels |= {f"class_{row.pk}": f"{row.number} {row.name}" for row in classes}
        for name, label in labels.items():
            choices = [("", "没有问题"), *TrainingReport.Fault.choices]
            self.fields[name] = forms.ChoiceField(label=label, choices=choices, required=False)
        self.SECTIONS = (
            Section("退回", ("fault", "note")),
            Section("哪个数字有问题", tuple(self.figures)),
            *([Section("哪个班次有问题", tuple(self.classes))] if self.classes else []),
        )

    def meant(self) -> dict[str, dict[Any, str]]:
        """What was marked, each with its reason."""
        cleaned = self.cleaned_data
        return {
            "figures": {key: cleaned[name] for name, key in self.figures.items() if cleaned[name]},
            "classes": {key: cleaned[name] for name, key in self.classes.items() if cleaned[name]},
        }


class ReopenForm(ReasonForm):
    """Until when an accepted report is open again, and why."""

    REFUSED_AT = {"reopened-until-past": "due_on"}

    due_on = forms.DateField(label="重新报送期限", widget=DayInput)
    field_order = ("due_on", "note")
