"""What an expert declares before papers are handed out."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django import forms

from pages.forms import ProseField, Section
from talents.services.declaring import Ties

if TYPE_CHECKING:
    from django.db.models import QuerySet

    from organizations.models import Organization

MOST_NAMES, LONGEST_NAME = 50, 120


class DeclarationForm(forms.Form):
    """With whom of the round's units one has to do, with whom by name, and why; or that there is nothing."""

    SECTIONS = (
        Section("申报", ("answer",)),
        Section("回避情形", ("units", "names", "reason")),
    )
    WIDE = frozenset({"answer", "units", "names", "reason"})
    REFUSED_AT = {"unit-not-in-round": "units", "reason-required": "reason"}

    answer = forms.ChoiceField(
        label="有无回避情形",
        choices=[
            ("clear", "没有：与本轮次任何人选都没有亲属、师徒、同事、合作等关系"),
            ("ties", "有：在下面写明"),
        ],
        widget=forms.RadioSelect,
    )
    units: forms.ModelMultipleChoiceField = forms.ModelMultipleChoiceField(
        label="须回避的单位",
        queryset=None,
        required=False,
        help_text="本轮次全部人选所在单位；您评审哪些人选不在此显示",
        widget=forms.CheckboxSelectMultiple,
    )
    names = ProseField(
        label="须回避的姓名",
        required=False,
        max_length=4_000,
        help_text="亲属、师徒、合作者等，一行一个；是否为人选不作回答，系统据此回避",
        widget=forms.Textarea(attrs={"rows": 3}),
    )
    reason = ProseField(
        label="缘由",
        required=False,
        max_length=200,
        help_text="如 现任职单位、系师徒、共同完成项目",
        widget=forms.Textarea(attrs={"rows": 2}),
    )

    def __init__(self, *args: Any, units: QuerySet[Organization], **options: Any) -> None:
        super().__init__(*args, **options)
        field: Any = self.fields["units"]
        field.queryset = units

    def clean_names(self) -> list[str]:
        lines = [line.strip() for line in self.data.get("names", "").splitlines() if line.strip()]
        if len(lines) > MOST_NAMES or any(len(line) > LONGEST_NAME for line in lines):
            raise forms.ValidationError(f"至多{MOST_NAMES}行，每行一个姓名", code="too-many-names")
        return lines

    def clean(self) -> None:
        facts = self.cleaned_data
        told = bool(facts.get("units")) or bool(facts.get("names"))
        if facts.get("answer") == "ties" and not told and "names" not in self.errors:
            self.add_error("units", "请选择单位，或写明姓名")
        if facts.get("answer") == "clear" and told:
            self.add_error("answer", "已写明回避情形的，请选“有”；没有的，请清除下面的内容")
        if told and not facts.get("reason") and "reason" not in self.errors:
            self.add_error("reason", "请写明回避的缘由")

    @property
    def ties(self) -> Ties:
        facts = self.cleaned_data
        units = [unit.pk for unit in facts["units"]]
        return Ties(units, facts["names"], facts["reason"])
