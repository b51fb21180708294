"""What is asked on a nomination's way: the unit's notice and its end, replies, opinions, faults."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils import timezone

from pages.forms import DayInput, ProseField, ReasonForm, Section, from_model
from talents.forms.fields import ScanField
from talents.models import Clearance, Nomination, Shortcoming, UnitNotice
from talents.services.nominations import FILED_FIELDS

#: What can be given back beside the fields that are filed.
BESIDE = {
    "segments": "工作经历",
    "unit-notice": "单位公示件",
    "minutes": "职代会纪要",
    "evidence": "佐证材料",
}
RETURNABLE = {
    name: str(Nomination._meta.get_field(name).verbose_name)  # type: ignore[union-attr]
    for name in FILED_FIELDS
} | BESIDE


class UnitNoticeForm(from_model(UnitNotice, ("place", "starts_on"))):  # type: ignore[misc]
    """Where the notice hangs, and since when."""

    REFUSED_AT = {"unit-notice-in-future": "starts_on"}

    def __init__(self, *args: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        self.fields["starts_on"].initial = timezone.localdate()
        self.fields["starts_on"].help_text = "是工作日的，当日即为第一日；调休上班日计入"


class NoticeResultForm(forms.Form):
    """What came of it, with the stamped scan."""

    REFUSED_AT = {
        "unit-notice-running": "outcome", "scan-required": "scan", "scan-size": "scan",
        "scan-kind": "scan",
    }  # fmt: skip

    outcome = forms.ChoiceField(
        label="公示结果", choices=[("clear", "无异议"), ("disputed", "有异议，不再推荐")]
    )
    finding = ProseField(
        label="情况说明", min_length=4, max_length=500, widget=forms.Textarea(attrs={"rows": 3}),
        help_text="如：公示期间未收到异议",
    )  # fmt: skip
    scan = ScanField(
        label="盖章扫描件",
        required=False,
        help_text="注明“公示无异议”并盖章的公示件，PDF、JPG或PNG，不超过5 MB；有异议的可不传",
    )

    @property
    def told(self) -> dict[str, Any]:
        cleaned = self.cleaned_data
        return {
            "is_clear": cleaned["outcome"] == "clear",
            "finding": cleaned["finding"],
            "scan": cleaned["scan"],
        }


class ReplyForm(from_model(Clearance, ("document_number",))):  # type: ignore[misc]
    """What an office says, by which letter and when."""

    REFUSED_AT = {"answered-out-of-time": "answered_on"}
    REPLY = ("reply", "document_number", "answered_on")

    reply = ProseField(
        label="答复内容", max_length=500, initial="无异议", widget=forms.Textarea(attrs={"rows": 2})
    )
    answered_on = forms.DateField(label="答复日期", widget=DayInput())

    def __init__(self, *args: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        self.fields["answered_on"].initial = timezone.localdate()

    @property
    def told(self) -> dict[str, Any]:
        return {name: self.cleaned_data[name] for name in self.REPLY}


class AnswerForm(ReplyForm):
    """What an office replied to what it was asked."""

    SECTIONS = (Section("", ("outcome", *ReplyForm.REPLY)),)

    outcome = forms.ChoiceField(label="意见", choices=[("clear", "无异议"), ("objected", "有异议")])

    field_order = ("document_number", "outcome", "reply", "answered_on")

    @property
    def told(self) -> dict[str, Any]:
        return {"is_clear": self.cleaned_data["outcome"] == "clear"} | super().told


class PutRightForm(ReasonForm, ReplyForm):
    """What the office replied later, or in fact, and why what was registered is put right."""

    SECTIONS = (Section("现答复（无异议）", ReplyForm.REPLY), Section("更正", ("note",)))

    field_order = ("document_number", "note", "reply", "answered_on")

    @property
    def told(self) -> dict[str, Any]:
        return super().told | {"note": self.cleaned_data["note"]}


class ObjectForm(PutRightForm):
    """What the office objects, by which letter, and why that is registered now."""

    SECTIONS = (Section("现答复（有异议）", ReplyForm.REPLY), Section("改登", ("note",)))

    def __init__(self, *args: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        self.fields["reply"].initial = ""
        self.fields["note"].help_text = "如：部门来函提出异议，或原登记有误"


class OpinionForm(forms.Form):
    """What a level says, in the words that go onto the form of approval."""

    note = ProseField(
        label="推荐意见", min_length=2, max_length=500, initial="同意推荐",
        help_text="印入推荐审批表本级意见栏", widget=forms.Textarea(attrs={"rows": 2}),
    )  # fmt: skip


class ReturnForm(ReasonForm):
    """Why it goes back, and field by field what is missing, wrong or doubtful."""

    def __init__(self, *args: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        for name, label in RETURNABLE.items():
            self.fields[f"fault_{name}"] = forms.ChoiceField(
                label=label, required=False, choices=[("", "无问题"), *Shortcoming.Kind.choices]
            )

    @property
    def faults(self) -> dict[str, str]:
        """The fields by their Chinese names, and what is wrong with them."""
        found = {label: self.cleaned_data[f"fault_{name}"] for name, label in RETURNABLE.items()}
        return {label: kind for label, kind in found.items() if kind}
