"""Drawing a list up, putting it up, objecting to it, and naming."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, ClassVar

from django import forms
from django.utils import timezone

from pages.forms import DayInput, ProseField, ReasonForm, Section, WordsForm, from_model
from talents.forms.fields import ScanField
from talents.models import NoticeCheck, Objection
from talents.rules.digests import public_fields_of
from talents.services.postings import Seen
from talents.workflow.levels import LevelSlate
from talents.workflow.objections import Came, Reported
from talents.workflow.publicity import Slate

if TYPE_CHECKING:
    from collections.abc import Sequence

    from talents.models import Nomination, NoticeEntry
    from talents.rules.panels import Decided

MOST_PLACES = 1_000
LONGEST_WORDS = 4_000


def leaving_out(words: str) -> forms.BooleanField:
    """That somebody knows who of the confirmed is not ranked; asked where there is somebody."""
    return forms.BooleanField(
        label="已知悉，确认不列入",
        required=False,
        help_text=f"已确认而不在名次之列：{words}。须补评、退回的请先办理",
    )


class SlateForm(forms.Form):
    """What the panel decided."""

    SECTIONS = (
        Section("会议审定", ("places", "reserve", "minutes_number")),
        Section("公示", ("posted_at", "contact")),
        Section("不列入名次的人选", ("leaves_out",)),
    )
    REFUSED_AT: ClassVar = {"left-out-unconfirmed": "leaves_out"}

    places = forms.IntegerField(label="拟命名人数", min_value=1, max_value=MOST_PLACES)
    reserve = forms.IntegerField(
        label="候补人数",
        min_value=0,
        max_value=MOST_PLACES,
        initial=0,
        help_text="异议暂缓或成立的空出名额，由候补依次递补",
    )
    minutes_number = ProseField(label="会议纪要编号", max_length=60)
    posted_at = ProseField(label="公示地点或网址", max_length=200)
    contact = ProseField(label="受理异议的部门和电话", max_length=120)

    def __init__(
        self,
        *args: Any,
        decided: Decided | None = None,
        by: str = "评审委员会已确认的表决结果",
        left_out: str = "",
        **options: Any,
    ) -> None:
        super().__init__(*args, **options)
        if left_out:
            self.fields["leaves_out"] = leaving_out(left_out)
        if decided is None:
            return
        for name, value in decided._asdict().items():
            field = self.fields[name]
            field.initial, field.disabled = value, True
            field.help_text = f"按{by}"

    @property
    def slate(self) -> Slate:
        return Slate(**self.cleaned_data)


class LevelSlateForm(forms.Form):
    """Whom a body between unit and organizer is going to recommend."""

    SECTIONS = (
        Section("拟推荐人选", ("nominations",)),
        Section("公示", ("minutes_number", "posted_at", "contact")),
    )
    REFUSED_AT: ClassVar = {"nobody-to-put-up": "nominations", "not-to-be-put-up": "nominations"}

    nominations = forms.TypedMultipleChoiceField(
        label="人选",
        coerce=int,
        widget=forms.CheckboxSelectMultiple,
        error_messages={"required": "请至少选择一名人选"},
        help_text="单位已报送、待本级出具意见而没有公示的人选；资料更正过的须重新公示",
    )
    minutes_number = ProseField(label="会议纪要编号", max_length=60)
    posted_at = ProseField(label="公示地点或网址", max_length=200)
    contact = ProseField(label="受理异议的部门和电话", max_length=120)

    def __init__(self, *args: Any, waiting: Sequence[Nomination], **options: Any) -> None:
        super().__init__(*args, **options)
        field: Any = self.fields["nominations"]
        field.choices = [
            (one.pk, "，".join(filter(None, public_fields_of(one).values()))) for one in waiting
        ]
        field.initial = [one.pk for one in waiting]

    @property
    def slate(self) -> LevelSlate:
        return LevelSlate(**self.cleaned_data)


class PostForm(forms.Form):
    """From which day it is up."""

    starts_on = forms.DateField(
        label="公示开始", widget=DayInput(), help_text="是工作日的，当日即为第一日；调休上班日计入"
    )

    def __init__(self, *args: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        self.fields["starts_on"].initial = timezone.localdate()


class PostingForm(from_model(NoticeCheck, ("place", "told"))):  # type: ignore[misc]
    """Who looked says where and when, and whether the list could be read."""

    REFUSED_AT: ClassVar = {
        "posting-out-of-time": "seen_at", "scan-size": "scan", "scan-kind": "scan",
    }  # fmt: skip

    is_up = forms.ChoiceField(
        label="能否查看",
        choices=[("yes", "能够查看到公示"), ("no", "不能查看")],
        initial="yes",
        widget=forms.RadioSelect,
    )
    seen_at = forms.DateTimeField(
        label="查看时间",
        widget=forms.DateTimeInput(attrs={"type": "datetime-local"}, format="%Y-%m-%dT%H:%M"),
        input_formats=["%Y-%m-%dT%H:%M", "%Y-%m-%dT%H:%M:%S", "%Y-%m-%d %H:%M"],
    )
    scan = ScanField(
        label="截图或照片",
        required=False,
        help_text="网页截图或张贴照片，PDF、JPG或PNG，不超过5 MB",
    )

    field_order = ("place", "seen_at", "is_up", "told", "scan")

    def __init__(self, *args: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        self.fields["seen_at"].initial = timezone.localtime().replace(second=0, microsecond=0)

    def clean(self) -> None:
        if self.cleaned_data.get("is_up") == "no" and not self.cleaned_data.get("told"):
            self.add_error("told", "不能查看的，请写明原因和采取的措施")

    @property
    def seen(self) -> Seen:
        facts = self.cleaned_data
        return Seen(
            place=facts["place"],
            seen_at=facts["seen_at"],
            is_up=facts["is_up"] == "yes",
            told=facts["told"],
            scan=facts["scan"],
        )


class NamingForm(forms.Form):
    """By which document."""

    document_number = ProseField(
        label="命名文号", max_length=60, help_text="如 京工发〔2026〕9号；没有依据的称号不能授予"
    )


class AddedPlaceForm(ReasonForm):
    """By which decision, and why."""

    document_number = ProseField(
        label="决定文号或会议纪要编号", max_length=60, help_text="主办工会同意增补名额的决定"
    )

    field_order = ("document_number", "note")


class FindingForm(forms.Form):
    """What came of looking into an objection."""

    finding = ProseField(
        label="核查情况和结论",
        min_length=4,
        max_length=500,
        widget=forms.Textarea(attrs={"rows": 4}),
    )


class DecisionForm(WordsForm):
    """Whether the objection stands."""

    verdict = forms.ChoiceField(
        label="审定",
        choices=[("upheld", "异议成立，不予命名"), ("dismissed", "异议不成立，不影响命名")],
        widget=forms.RadioSelect,
    )


class ObjectionForm(forms.Form):
    """What anybody may send in about somebody on the list."""

    entry = forms.TypedChoiceField(label="所涉人选", coerce=int)
    category = forms.ChoiceField(label="类别", choices=Objection.Category.choices)
    words = ProseField(
        label="情况",
        min_length=10,
        max_length=LONGEST_WORDS,
        help_text="写明事实、时间和可核查的线索；内容加密保存，只供核查",
        widget=forms.Textarea(attrs={"rows": 6}),
    )
    sender = ProseField(
        label="姓名和联系方式",
        required=False,
        max_length=200,
        help_text="实名的填写，便于反馈；不填即为匿名",
    )

    def __init__(self, *args: Any, entries: Sequence[NoticeEntry], **options: Any) -> None:
        super().__init__(*args, **options)
        field: Any = self.fields["entry"]
        field.choices = [(entry.pk, f"{entry.name}（{entry.unit}）") for entry in entries]

    @property
    def reported(self) -> Reported:
        facts = self.cleaned_data
        return Reported(facts["category"], facts["words"], facts["sender"])


class EnteredForm(ObjectionForm):
    """The same as staff put it down, with how and when it came."""

    SECTIONS = (
        Section("收到", ("channel", "received_on", "scan")),
        Section("异议", ("entry", "category", "words", "sender")),
    )
    REFUSED_AT: ClassVar = {
        "received-out-of-time": "received_on", "scan-size": "scan", "scan-kind": "scan",
    }  # fmt: skip

    channel = forms.ChoiceField(label="反映方式", choices=Objection.Channel.choices[1:])
    received_on = forms.DateField(
        label="收到日期",
        widget=DayInput(),
        help_text="须在本名单或列有本人的此前版本公示期内；来信以寄出邮戳或收到之日计",
    )
    scan = ScanField(
        label="来信或记录扫描件",
        required=False,
        help_text="PDF、JPG或PNG，不超过5 MB；没有的可不传",
    )

    @property
    def came(self) -> Came:
        facts = self.cleaned_data
        return Came(facts["channel"], facts["received_on"], facts["scan"])


class ReceiptForm(forms.Form):
    """The number somebody was given."""

    number = forms.CharField(label="受理编号", max_length=20)

    def clean_number(self) -> str:
        return self.cleaned_data["number"].strip().upper()
