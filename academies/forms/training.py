"""One class, one enrolment: what the form says, and the reason of a correction."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django import forms
from django.core.exceptions import ValidationError

from academies.models import TrainingClass
from academies.models.training import FULL_ATTENDANCE
from academies.services.training import CLASS_FACTS, ENROLMENT_FACTS
from pages.forms import IdentityField, ProseField, ReasonForm
from talents.evidence import certificate_level
from talents.facts import SKILL_RANKS
from talents.models import SkillLevel
from workflow.folding import fold_code

if TYPE_CHECKING:
    from academies.models import Enrolment

RESULTS = [("yes", "合格"), ("no", "不合格"), ("", "未考核")]
PASSED = {"yes": True, "no": False, "": None}
LEVELS = [("", "无"), *SkillLevel.choices]
#: Levels that no certificate number has a digit for.
WITHOUT_DIGIT = frozenset({SkillLevel.SPECIAL, SkillLevel.CHIEF})


def _day(label: str) -> forms.DateField:
    return forms.DateField(label=label, widget=forms.DateInput(attrs={"type": "date"}))


class ClassForm(forms.Form):
    """One class of an academy's year."""

    number = ProseField(label="班次编号", max_length=30)
    name = ProseField(label="班次名称", max_length=120)
    specialty = ProseField(
        label="特色专业（工种）",
        max_length=60,
        required=False,
        widget=forms.TextInput(attrs={"list": "brands"}),
    )
    form = forms.ChoiceField(
        label="培训形式", choices=[("", "未填"), *TrainingClass.Form.choices], required=False
    )
    is_practical = forms.BooleanField(label="是实操班", required=False)
    starts_on = _day("开始日期")
    ends_on = _day("结束日期")
    hours = forms.DecimalField(
        label="学时", max_digits=6, decimal_places=1, min_value=0.5, required=False
    )
    room = ProseField(label="培训地点", max_length=60, required=False)
    planned_count = forms.IntegerField(
        label="计划人数", min_value=0, max_value=100_000, required=False
    )

    def __init__(self, *args: Any, year: int, **options: Any) -> None:
        super().__init__(*args, **options)
        self.year = year

    def clean_number(self) -> str:
        return fold_code(self.cleaned_data["number"]).upper()

    def clean(self) -> None:
        told = self.cleaned_data
        starts, ends = told.get("starts_on"), told.get("ends_on")
        if starts is None or ends is None:
            return
        if ends < starts:
            self.add_error("ends_on", "结束日期不能早于开始日期")
        elif not starts.year <= self.year <= ends.year:
            self.add_error("starts_on", f"起止日期不在{self.year}年度内")

    def facts(self) -> dict[str, Any]:
        return {name: self.cleaned_data[name] for name in CLASS_FACTS}


class ClassCorrectionForm(ClassForm, ReasonForm):
    """The same, with the reason and the version it was shown in."""

    version = forms.IntegerField(widget=forms.HiddenInput)


class TrainingForm(forms.Form):
    """What a roster says about one person besides who it is."""

    employer = ProseField(label="工作单位", max_length=120, required=False)
    occupation = ProseField(label="职业（工种）", max_length=60, required=False)
    attendance = forms.DecimalField(
        label="出勤率（%）",
        max_digits=5,
        decimal_places=2,
        min_value=0,
        max_value=FULL_ATTENDANCE,
        required=False,
    )
    passed = forms.ChoiceField(label="考核结果", choices=RESULTS, required=False)
    level_before = forms.ChoiceField(label="培训前等级", choices=LEVELS, required=False)
    level_after = forms.ChoiceField(label="培训后等级", choices=LEVELS, required=False)
    certificate_number = forms.CharField(
        label="证书编号",
        max_length=30,
        required=False,
        help_text="22位，第16位应与培训后等级一致",
        widget=forms.TextInput(attrs={"autocomplete": "off", "spellcheck": "false"}),
    )

    def clean_certificate_number(self) -> str:
        return fold_code(self.cleaned_data["certificate_number"]).upper()

    def clean(self) -> None:
        told = self.cleaned_data
        before, after = told.get("level_before", ""), told.get("level_after", "")
        if _rank(after) < _rank(before):
            self.add_error("level_after", "培训后等级不能低于培训前等级")
        number = told.get("certificate_number", "")
        on_file = (self.initial.get("certificate_number"), self.initial.get("level_after"))
        if (number, after) == on_file:
            return  # taken over from a workbook with a warning: other cells can be put right first
        said = certificate_level(number)
        if said and after not in WITHOUT_DIGIT and said != after:
            message = f"编号第16位为“{said}”，与培训后等级不符，请核对证书原件"
            self.add_error("certificate_number", ValidationError(message, "certificate-level"))

    def facts(self) -> dict[str, Any]:
        facts = {name: self.cleaned_data[name] for name in ENROLMENT_FACTS}
        return facts | {"passed": PASSED[self.cleaned_data["passed"]]}


class EnrolmentForm(TrainingForm):
    """One person into one class."""

    identity = IdentityField()
    name = ProseField(label="姓名", max_length=60)

    field_order = ("identity", "name")


class EnrolmentCorrectionForm(TrainingForm, ReasonForm):
    """The same about somebody already enrolled, with the reason."""

    version = forms.IntegerField(widget=forms.HiddenInput)

    field_order = (*ENROLMENT_FACTS, "note")


def class_initial(row: TrainingClass) -> dict[str, Any]:
    return {name: getattr(row, name) for name in (*CLASS_FACTS, "version")}


def training_initial(row: Enrolment) -> dict[str, Any]:
    told = {name: getattr(row, name) for name in (*ENROLMENT_FACTS, "version")}
    return told | {"passed": {True: "yes", False: "no", None: ""}[row.passed]}


def _rank(level: str) -> int:
    return SKILL_RANKS[SkillLevel(level)] if level else -1
