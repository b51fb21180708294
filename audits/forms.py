"""What is asked in an audit."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django import forms
from django.core.exceptions import ValidationError

from academies.models import Academy
from audits.models import Engagement, Finding, Sample
from audits.models.papers import Mark
from pages.forms import ProseField, ReasonForm, from_model
from subsidies.models import Expense, Fund
from subsidies.models.funds import CENTS, DIGITS, NOTHING

if TYPE_CHECKING:
    from decimal import Decimal

    from django.db.models import QuerySet

MOST_DRAWN = 500


def _words(label: str, longest: int, rows: int = 3, **options: Any) -> ProseField:
    widget = forms.Textarea(attrs={"rows": rows})
    return ProseField(label=label, max_length=longest, widget=widget, **options)


class EngagementForm(from_model(Engagement, ("number", "title"))):  # type: ignore[misc]
    """Which fund is audited, under which number."""

    REFUSED_AT = {"engagement-numbered-once": "number"}
    WIDE = ("scope",)

    fund = forms.ModelChoiceField(label="专项资金", queryset=Fund.objects.none())
    scope = _words("审计目标与范围", 500, required=False)

    def __init__(self, *args: Any, funds: QuerySet[Fund], **options: Any) -> None:
        super().__init__(*args, **options)
        field: Any = self.fields["fund"]
        field.queryset = funds
        field.label_from_instance = lambda fund: f"{fund.organization.name}{fund}"


class SampleForm(forms.Form):
    """How a sample is drawn."""

    REFUSED_AT = {"nothing-to-draw": "academy"}

    method = forms.ChoiceField(label="抽样方法", choices=Sample.Method.choices)
    size = forms.IntegerField(label="样本量（笔）", min_value=1, max_value=MOST_DRAWN)
    academy = forms.ModelChoiceField(
        label="学院", queryset=Academy.objects.none(), required=False, empty_label="全部学院"
    )
    seed = ProseField(
        label="随机种子",
        max_length=64,
        required=False,
        help_text="留空由系统生成；公开的种子（如当日开奖号码）更可信。种子与总体一并留存，任何人可以重抽核对",
    )

    def __init__(self, *args: Any, academies: QuerySet[Academy], **options: Any) -> None:
        super().__init__(*args, **options)
        self.fields["academy"].queryset = academies  # type: ignore[attr-defined]


class ChooseForm(forms.Form):
    """One expense by its voucher."""

    REFUSED_AT = {"paper-once-per-expense": "expense"}

    expense = forms.ModelChoiceField(label="支出", queryset=Expense.objects.none())

    def __init__(self, *args: Any, expenses: QuerySet[Expense], **options: Any) -> None:
        super().__init__(*args, **options)
        field: Any = self.fields["expense"]
        field.queryset = expenses
        field.label_from_instance = lambda row: (
            f"{row.academy.name} {row.voucher} {row.payee} {row.amount:,.2f}元"
        )


class ExaminationForm(forms.Form):
    """What agreed, and what was seen."""

    WIDE = ("marks", "seen")

    marks = forms.MultipleChoiceField(
        label="核对标记",
        choices=Mark.choices,
        required=False,
        widget=forms.CheckboxSelectMultiple,
    )
    seen = _words("查证情况", 1000, 4, help_text="写明查看了什么、是否相符；不符的写明差异")


class ReviewForm(ReasonForm):
    """Whether a paper stands, and why not."""

    STANDS, RETURN = "stands", "return"
    verdict = forms.ChoiceField(
        label="复核结论", choices=[(STANDS, "查证充分，予以复核"), (RETURN, "退回重新查证")]
    )
    field_order = ("verdict", "note")


class DoubtForm(ReasonForm):
    """Whether a finding that is doubted is taken back, and why."""

    WITHDRAW, UPHOLD = "withdraw", "uphold"
    verdict = forms.ChoiceField(
        label="决定", choices=[(WITHDRAW, "撤销这项审计发现"), (UPHOLD, "维持这项审计发现")]
    )
    field_order = ("verdict", "note")


class FindingForm(from_model(Finding, ("kind", "due_on"))):  # type: ignore[misc]
    """A finding, and the papers it rests on; they settle whose it is."""

    REFUSED_AT = {
        "finding-beyond-expenses": "amount",
        "finding-refunds-no-more-than-it-is-about": "refund",
        "paper-of-another-finding": "papers",
    }
    WIDE = ("papers", "fact", "basis", "advice")

    papers: forms.ModelMultipleChoiceField = forms.ModelMultipleChoiceField(
        label="依据的底稿",
        queryset=None,
        widget=forms.CheckboxSelectMultiple,
        help_text="一份底稿只作一项发现的依据：同一支出有几个问题的，按主要问题选类型，其余在事实中一并写明；"
        "几笔支出各只要求退回一部分的，每笔分别提出",
    )
    fact = _words("事实", 300)
    basis = _words("定性依据", 300, 2, help_text="文件名称和条款")
    advice = _words("处理意见", 500)
    amount = forms.DecimalField(
        label="涉及金额（元）",
        max_digits=DIGITS,
        decimal_places=CENTS,
        min_value=0,
        initial=NOTHING,
    )
    refund = forms.DecimalField(
        label="应退回金额（元）",
        max_digits=DIGITS,
        decimal_places=CENTS,
        min_value=0,
        initial=NOTHING,
    )
    field_order = ("papers", "kind", "fact", "basis", "amount", "refund", "advice", "due_on")

    def __init__(self, *args: Any, papers: QuerySet, **options: Any) -> None:
        super().__init__(*args, **options)
        field: Any = self.fields["papers"]
        field.queryset = papers
        field.label_from_instance = lambda row: (
            f"{row.expense.academy.name} {row.expense.voucher} {row.expense.payee}"
            f" {row.expense.amount:,.2f}元"
        )

    def clean_papers(self) -> list:
        papers = list(self.cleaned_data["papers"])
        if len({paper.expense.academy_id for paper in papers}) > 1:
            raise ValidationError("一项发现只针对一家学院，请分别提出")
        return papers

    def clean_refund(self) -> Decimal:
        refund = self.cleaned_data["refund"]
        if refund > self.cleaned_data.get("amount", refund):
            raise ValidationError("应退回金额不能超过涉及金额")
        return refund

    def facts(self) -> dict[str, Any]:
        """The fields of the finding, with the academy that the papers are about."""
        facts = {name: value for name, value in self.cleaned_data.items() if name != "papers"}
        return facts | {"academy": self.cleaned_data["papers"][0].expense.academy}


class ReportForm(forms.Form):
    """What the audit comes to."""

    WIDE = ("conclusion",)
    conclusion = _words("审计结论", 2000, 8)
