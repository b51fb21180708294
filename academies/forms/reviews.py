"""What is asked in the yearly evaluation; never a figure that rows can give."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django import forms
from django.utils import timezone

from academies.forms.reporting import ReturnForm
from academies.models import Evaluation
from academies.models.academies import FIRST_YEAR
from pages.forms import DayInput, ProseField, ReasonForm

if TYPE_CHECKING:
    from decimal import Decimal

    from django.db.models import QuerySet

    from academies.models import Academy, Campaign, Review


class CampaignForm(forms.Form):
    """Which year is evaluated, and until when academies may speak."""

    REFUSED_AT = {"campaign-year-not-over": "year", "self-due-past": "self_due_on"}

    year = forms.IntegerField(label="评价年度", min_value=FIRST_YEAR)
    self_due_on = forms.DateField(label="自评期限", widget=DayInput)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.initial.setdefault("year", timezone.localdate().year - 1)


class AddForm(forms.Form):
    """Which academy gets a file in a campaign that is open already, and until when it may speak."""

    REFUSED_AT = {"not-to-be-evaluated": "academy", "self-due-past": "self_due_on"}

    campaign: forms.ModelChoiceField = forms.ModelChoiceField(label="评价安排", queryset=None)
    academy: forms.ModelChoiceField = forms.ModelChoiceField(
        label="工匠学院", queryset=None, to_field_name="code"
    )
    self_due_on = forms.DateField(label="自评期限", widget=DayInput)

    def __init__(
        self, *args: Any, campaigns: QuerySet[Campaign], academies: QuerySet[Academy], **kwargs: Any
    ) -> None:
        super().__init__(*args, **kwargs)
        self.fields["campaign"].queryset = campaigns  # type: ignore[attr-defined]
        self.fields["academy"].queryset = academies  # type: ignore[attr-defined]


class ExtendForm(ReasonForm):
    """Until when an academy may still file, and why."""

    REFUSED_AT = {"self-due-past": "until", "extension-shortens": "until"}

    until = forms.DateField(label="准予自评至", widget=DayInput)
    field_order = ("until", "note")


class LiftingForm(ReasonForm):
    """Whether a better grade than proposed is given, and why."""

    AGREE, DROP = "agree", "drop"
    verdict = forms.ChoiceField(
        label="复核结论", choices=[(AGREE, "同意，按所提等次评定"), (DROP, "不同意，退回评定")]
    )
    field_order = ("verdict", "note")


class _ItemForm(forms.Form):
    """A field for each item of a file, named by its place."""

    def __init__(self, *args: Any, review: Review, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.items_of_review = review.items
        self.evidence: dict[str, list[str]] = {}
        for row in review.evidence.select_related("file"):
            words = f"{row.file.filename}（{'已过期' if row.has_expired else row.validity}）"
            self.evidence.setdefault(row.item, []).append(words)
        for place, item in enumerate(review.items):
            counted = item["counted"] or "由材料和说明评价"
            files = "、".join(self.evidence.get(item["name"], ()))
            told = f"{counted}；佐证：{files}" if files else counted
            self.add(place, item, f"{item['weight']}分；{told}")

    def add(self, place: int, item: dict[str, Any], help_text: str) -> None:
        raise NotImplementedError


class SelfForm(_ItemForm):
    """What an academy says of itself: a score and words for each item."""

    def add(self, place: int, item: dict[str, Any], help_text: str) -> None:
        self.fields[f"score_{place}"] = forms.IntegerField(
            label=f"{item['name']}自评分", min_value=0, max_value=item["weight"],
            initial=item.get("own"), help_text=help_text,
        )  # fmt: skip
        self.fields[f"words_{place}"] = ProseField(
            label=f"{item['name']}说明", max_length=300, required=False,
            initial=item.get("words", ""), widget=forms.Textarea(attrs={"rows": 2}),
        )  # fmt: skip

    statement = ProseField(
        label="总的说明",
        max_length=1000,
        required=False,
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text="佐证先在评价件页上传；统计数有误的，先更正培训记录",
    )

    def own(self) -> list[tuple[int, str]]:
        """By item, score and words."""
        return [
            (self.cleaned_data[f"score_{n}"], self.cleaned_data[f"words_{n}"])
            for n in range(len(self.items_of_review))
        ]


class MarkForm(_ItemForm):
    """What an expert gives, item by item."""

    def add(self, place: int, item: dict[str, Any], help_text: str) -> None:
        own = item.get("own")
        said = help_text if own is None else f"{help_text}；自评{own}分"
        self.fields[f"score_{place}"] = forms.DecimalField(
            label=item["name"], min_value=0, max_value=item["weight"], decimal_places=1,
            help_text=said,
        )  # fmt: skip

    words = ProseField(label="评语", max_length=500, required=False)

    def scores(self) -> list[Decimal]:
        return [self.cleaned_data[f"score_{n}"] for n in range(len(self.items_of_review))]


class GradeForm(forms.Form):
    """The grade; of a failed one what is to be put right, and until when."""

    WIDE = ("reason", "demand")
    grade = forms.ChoiceField(label="等次", choices=Evaluation.Grade.choices)
    reason = ProseField(
        label="理由",
        max_length=500,
        required=False,
        help_text="与建议等次不同的须写明；高于建议等次的，由另一位审批人复核后生效",
    )
    demand = ProseField(label="整改要求（不合格）", max_length=500, required=False)
    due_on = forms.DateField(label="整改期限（不合格）", widget=DayInput, required=False)

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or self.cleaned_data
        is_failed = cleaned.get("grade") == Evaluation.Grade.FAILED
        if is_failed and not cleaned.get("due_on") and "due_on" not in self.errors:
            self.add_error("due_on", "不合格的须写明整改期限")
        return cleaned


class CallForm(forms.Form):
    """Why a result that was entered is put right; of a first call there is nothing to say."""

    note = ProseField(
        label="更正事由", max_length=200, required=False,
        help_text="更正已登记的“确认参训”“否认参训”的须写明，原登记保留；首次登记的不用填写",
        widget=forms.Textarea(attrs={"rows": 2}),
    )  # fmt: skip


class ReviewReturnForm(ReturnForm):
    """Why a self-assessment is given back, and by when it is filed anew."""

    REFUSED_AT = {"self-due-past": "until"}

    until = forms.DateField(
        label="重新报送期限",
        widget=DayInput,
        help_text="不早于原自评期限；逾期的须由主管工会写明事由准予延期",
    )
    field_order = ("fault", "until", "note")


class AnswerForm(ReasonForm):
    """The answer to an objection, and the grade that stands."""

    grade = forms.ChoiceField(
        label="答复后的等次",
        choices=Evaluation.Grade.choices,
        help_text="可以维持或者提高；提高的由一人提出、另一人复核后生效，其中须有一位审批人",
    )
    field_order = ("grade", "note")
