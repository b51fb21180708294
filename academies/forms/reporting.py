"""What is asked about a training report; never a figure."""

from __future__ import annotations

from django import forms

from academies.models import TrainingReport
from pages.forms import DayInput, ProseField, ReasonForm


class PrepareForm(forms.Form):
    """What is to be said about the figures."""

    words = ProseField(
        label="说明或异议",
        max_length=1000,
        required=False,
        widget=forms.Textarea(attrs={"rows": 4}),
        help_text="数字有误的，先更正培训记录；有异议的写明哪个班、哪名学员",
    )


class ReturnForm(ReasonForm):
    """Why a report is given back."""

    fault = forms.ChoiceField(label="退回原因", choices=TrainingReport.Fault.choices)
    field_order = ("fault", "note")


class ReopenForm(ReasonForm):
    """Until when an accepted report is open again, and why."""

    due_on = forms.DateField(label="重新报送期限", widget=DayInput)
    field_order = ("due_on", "note")
