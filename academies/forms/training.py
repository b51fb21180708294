"""One class, one enrolment: what the form says, and the reason of a correction."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django import forms
from django.core.exceptions import ValidationError

from academies.models import Enrolment, TrainingClass
from academies.models.training import FULL_ATTENDANCE, RESULTS
from pages.forms import CorrectionFields, IdentityField, ProseField, Section, from_model
from talents.forms.fields import CertificateField
from talents.models import SkillLevel
from talents.models.persons import level_rank
from talents.rules.evidence import certificate_level, says_another_level
from workflow.texts.folding import fold_code

if TYPE_CHECKING:
    from collections.abc import Iterable

    from academies.models.academies import Brand
    from academies.models.rooms import Room

CLASS_FACTS = TrainingClass.CORRECTABLE.fields
#: The class as its page asks for it, two by two.
CLASS_ORDER = (
    "number", "name", "starts_on", "ends_on", "specialty", "form", "hours", "planned_count", "room",
    "is_practical",
)  # fmt: skip
ENROLMENT_FACTS = Enrolment.CORRECTABLE.fields
#: What stands in the form for a result.
KEYS = {True: "yes", False: "no", None: ""}
PASSED = {key: passed for passed, key in KEYS.items()}
LEVELS = [("", "无"), *SkillLevel.choices]


class ClassForm(from_model(TrainingClass, CLASS_FACTS)):  # type: ignore[misc]
    """One class of an academy's year."""

    specialty = ProseField(
        label="特色专业（工种）",
        max_length=60,
        required=False,
        widget=forms.TextInput(attrs={"list": "brands"}),
    )
    room = ProseField(
        label="培训地点",
        max_length=60,
        required=False,
        widget=forms.TextInput(attrs={"list": "rooms"}),
        help_text="按登记的场地名称填写",
    )
    is_practical = forms.BooleanField(label="是实操班", required=False)
    hours = forms.DecimalField(
        label="学时", max_digits=6, decimal_places=1, min_value=0.5, required=False
    )
    planned_count = forms.IntegerField(
        label="计划人数", min_value=0, max_value=100_000, required=False
    )

    field_order = CLASS_FACTS

    def __init__(
        self,
        *args: Any,
        year: int,
        brands: Iterable[Brand] = (),
        rooms: Iterable[Room] = (),
        **options: Any,
    ) -> None:
        super().__init__(*args, **options)
        self.year = year
        self.offered = {
            "brands": [brand.name for brand in brands],
            "rooms": [room.name for room in rooms],
        }
        self.SECTIONS = (Section(f"{year}年度", CLASS_ORDER),)

    def clean_number(self) -> str:
        return fold_code(self.cleaned_data["number"]).upper()

    def clean(self) -> None:
        cleaned = self.cleaned_data
        starts, ends = cleaned.get("starts_on"), cleaned.get("ends_on")
        if starts is None or ends is None:
            return
        if ends < starts:
            self.add_error("ends_on", "结束日期不能早于开始日期")
        elif not starts.year <= self.year <= ends.year:
            self.add_error("starts_on", f"起止日期不在{self.year}年度内")

    def facts(self) -> dict[str, Any]:
        return {name: self.cleaned_data[name] for name in CLASS_FACTS}


class ClassCorrectionForm(CorrectionFields, ClassForm):  # type: ignore[misc]
    """The same, with the reason and the version it was shown in."""

    field_order = (*CLASS_FACTS, "note")


class TrainingForm(from_model(Enrolment, ENROLMENT_FACTS)):  # type: ignore[misc]
    """What a roster says about one person besides who it is."""

    SECTIONS = (Section("培训与考核", ("identity", "name", *ENROLMENT_FACTS)),)

    attendance = forms.DecimalField(
        label="出勤率（%）",
        max_digits=5,
        decimal_places=2,
        min_value=0,
        max_value=FULL_ATTENDANCE,
        required=False,
    )
    passed = forms.ChoiceField(
        label="考核结果",
        choices=[(KEYS[passed], words) for passed, words in RESULTS.items()],
        required=False,
    )
    level_before = forms.ChoiceField(label="培训前等级", choices=LEVELS, required=False)
    level_after = forms.ChoiceField(label="培训后等级", choices=LEVELS, required=False)
    certificate_number = CertificateField(help_text="22位，第16位应与培训后等级一致")

    def clean(self) -> None:
        cleaned = self.cleaned_data
        before, after = cleaned.get("level_before", ""), cleaned.get("level_after", "")
        if level_rank(after) < level_rank(before):
            self.add_error("level_after", "培训后等级不能低于培训前等级")
        number = cleaned.get("certificate_number", "")
        on_file = (self.initial.get("certificate_number"), self.initial.get("level_after"))
        if (number, after) == on_file:
            return  # taken over from a workbook with a warning: other cells can be put right first
        if says_another_level(number, after):
            message = f"编号第16位为“{certificate_level(number)}”，与培训后等级不符，请核对证书原件"
            self.add_error("certificate_number", ValidationError(message, "certificate-level"))

    def facts(self) -> dict[str, Any]:
        facts = {name: self.cleaned_data[name] for name in ENROLMENT_FACTS}
        return facts | {"passed": PASSED[self.cleaned_data["passed"]]}


class EnrolmentForm(TrainingForm):
    """One person into one class."""

    identity = IdentityField()
    name = ProseField(label="姓名", max_length=60)

    field_order = ("identity", "name", *ENROLMENT_FACTS)


class EnrolmentCorrectionForm(CorrectionFields, TrainingForm):  # type: ignore[misc]
    """The same about somebody already enrolled, with the reason."""

    field_order = (*ENROLMENT_FACTS, "note")


def class_initial(row: TrainingClass) -> dict[str, Any]:
    return {name: getattr(row, name) for name in (*CLASS_FACTS, "version")}


def training_initial(row: Enrolment) -> dict[str, Any]:
    initial = {name: getattr(row, name) for name in (*ENROLMENT_FACTS, "version")}
    return initial | {"passed": KEYS[row.passed]}
