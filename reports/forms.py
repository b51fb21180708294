"""Asking for a report: policy, year, tree, and why once more."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, ClassVar

from django import forms
from django.core.exceptions import ValidationError
from django.utils import timezone

from organizations.models import Organization
from reports.models.reports import FIRST_YEAR
from reports.selectors.bodies import bodies_to_report_on
from reports.selectors.reports import policies_with_targets
from reports.services.asking import Wish
from workflow.texts.folding import fold_prose

if TYPE_CHECKING:
    from organizations.models import User

LEAST_WORDS = 4


class ReportForm(forms.Form):
    """A report as it is asked for. The year that has ended is offered first."""

    policy = forms.ChoiceField(
        label="政策", help_text="只列定有数量目标的政策；按年末有效的版本编制"
    )
    year = forms.IntegerField(label="年度", min_value=FIRST_YEAR)
    organization = forms.ModelChoiceField(
        label="统计范围",
        queryset=Organization.objects.none(),
        empty_label=None,
        help_text="该组织及其全部下级",
    )
    reason = forms.CharField(
        label="事由",
        required=False,
        max_length=200,
        widget=forms.Textarea(attrs={"rows": 2}),
        help_text="同一报告已封存过的，须写明为何再次编制；首次编制不填",
    )

    REFUSED_AT: ClassVar = {"reissue-needs-reason": "reason"}

    def __init__(self, *args: Any, user: User, **options: Any) -> None:
        super().__init__(*args, **options)
        self.fields["policy"].choices = policies_with_targets(user)  # type: ignore[attr-defined]
        self.fields["organization"].queryset = bodies_to_report_on(user)  # type: ignore[attr-defined]
        self.fields["year"].max_value = timezone.localdate().year  # type: ignore[attr-defined]
        self.fields["year"].widget.attrs["max"] = timezone.localdate().year

    def clean_reason(self) -> str:
        reason = fold_prose(self.cleaned_data["reason"])
        if reason and len(reason) < LEAST_WORDS:
            raise ValidationError(f"事由至少{LEAST_WORDS}个字", code="reason-too-short")
        return reason

    def wish(self) -> Wish:
        cleaned = self.cleaned_data
        return Wish(cleaned["policy"], cleaned["year"], cleaned["organization"], cleaned["reason"])
