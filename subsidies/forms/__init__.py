"""Forms of money."""

from __future__ import annotations

from decimal import Decimal
from typing import TYPE_CHECKING, Any

from django import forms

from academies.models import TrainingClass
from academies.models.academies import FIRST_YEAR, LAST_YEAR
from pages.forms import ProseField, ReasonForm, Section, Versioned, WordsForm, from_model
from subsidies.models import Entry, Evidence, Expense, Fund, Grant, Project
from subsidies.models.funds import CENTS, DIGITS, Line
from subsidies.rules.uses import applicable, uses_today
from subsidies.services.applications import MATCHING, Application
from talents.services.scans import ACCEPTED

if TYPE_CHECKING:
    from collections.abc import Sequence

    from organizations.models import Organization

Reason = Entry.Reason
#: What an academy takes an expense back for; the others follow from something else.
OWN_REASONS = (Reason.MISTYPED, Reason.DUPLICATE, Reason.INVOICE)
LEAST = Decimal("0.01")


def yuan(label: str, **options: Any) -> forms.DecimalField:
    return forms.DecimalField(
        label=label, max_digits=DIGITS, decimal_places=CENTS, min_value=LEAST, **options
    )


class WithdrawalForm(ReasonForm):
    """Why an expense is taken back: the kind of reason, and the words.

    That an audit found it is offered only where one did (``is_found``).
    """

    REFUSED_AT = {"expense-is-not-found": "reason"}

    reason = forms.ChoiceField(label="冲销原因")
    field_order = ("reason", "note")

    def __init__(self, *args: Any, is_found: bool, **options: Any) -> None:
        super().__init__(*args, **options)
        reasons = (*OWN_REASONS, Reason.FINDING) if is_found else OWN_REASONS
        field: Any = self.fields["reason"]
        field.choices = [(reason.value, reason.label) for reason in reasons]


class InvoiceForm(WordsForm):
    """The electronic invoice of an expense, and why it says otherwise, if it does."""

    REFUSED_AT = {
        "invoice-unreadable": "file",
        "invoice-too-large": "file",
        "invoice-differs": "note",
        "evidence-is-used-once": "file",
    }

    file = forms.FileField(
        label="电子发票",
        help_text="税务数字账户下载的 XML、OFD 或 PDF 原件，不超过5MB；读取核对后原样存为凭证原件，同一文件只能用于一笔支出",
    )
    field_order = ("file", "note")


class EvidenceForm(forms.Form):
    """A scan of what proves an expense."""

    REFUSED_AT = {
        "scan-size": "file",
        "scan-kind": "file",
        "evidence-once-per-expense": "file",
        "evidence-is-used-once": "file",
    }

    #: An electronic invoice is not scanned: it is kept when it is compared.
    kind = forms.ChoiceField(
        label="种类",
        choices=[pair for pair in Evidence.Kind.choices if pair[0] != Evidence.Kind.ELECTRONIC],
    )
    file = forms.FileField(
        label="扫描件或照片",
        widget=forms.ClearableFileInput(attrs={"accept": ACCEPTED}),
        help_text="PDF、JPG或PNG，不超过5MB；同一文件只能用于一笔支出",
    )


class BudgetForm(forms.Form):
    """A year's fund of a body: what each line is planned at."""

    REFUSED_AT = {"budget-empty": "academy"}

    organization: forms.ModelChoiceField = forms.ModelChoiceField(
        label="出资单位", queryset=None, to_field_name="code"
    )
    year = forms.IntegerField(label="年度", min_value=FIRST_YEAR, max_value=LAST_YEAR)
    source = forms.ChoiceField(label="资金来源", choices=Fund.Source.choices)

    def __init__(self, *args: Any, bodies: list[Organization], **options: Any) -> None:
        super().__init__(*args, **options)
        field: Any = self.fields["organization"]
        field.queryset = type(bodies[0])._default_manager.filter(pk__in=[b.pk for b in bodies])
        if len(bodies) == 1:
            field.initial = bodies[0].code
        for line in Line:
            self.fields[line.value] = yuan(f"{line.label}（元）", required=False)
        self.SECTIONS = (
            Section("资金", ("organization", "year", "source")),
            Section("预算科目", tuple(line.value for line in Line)),
        )

    def sums(self) -> dict[str, Decimal]:
        return {line.value: self.cleaned_data[line.value] for line in Line}


class ApplicationForm(forms.Form):
    """What an academy asks for: a sum for each use that the policy permits."""

    REFUSED_AT = {"nothing-asked": None, "project-open-item-says-what": "told"}
    WIDE = ("purpose", "told")

    brand = ProseField(
        label="特色品牌",
        max_length=60,
        required=False,
        widget=forms.TextInput(attrs={"list": "brands"}),
        help_text="项目围绕的特色专业或职业（工种）",
    )
    audience = forms.ChoiceField(
        label="培训对象",
        choices=[("", "未写明"), *Grant.Audience.choices],
        required=False,
        help_text="补助资金的培训班须面向全市职工；不是的提示审核、批复单位",
    )
    headcount = forms.IntegerField(
        label="面向职工（人）", min_value=1, max_value=1_000_000, required=False
    )
    days = forms.IntegerField(label="培训天数", min_value=1, max_value=366, required=False)
    hours = forms.IntegerField(label="培训学时", min_value=1, max_value=10_000, required=False)
    told = ProseField(
        label="报批事项",
        max_length=200,
        required=False,
        help_text="申请列举以外用途的，写明具体做什么；逐项批准以后才能列支",
    )
    purpose = ProseField(
        label="项目与用途",
        max_length=2000,
        widget=forms.Textarea(attrs={"rows": 4}),
        help_text="面向全市职工的安排、内容与预期成效",
    )

    def __init__(
        self, *args: Any, grant: Grant | None = None, brands: Sequence[str] = (), **options: Any
    ) -> None:
        #: Title by code: what the policy permits today, and what an application on file already names.
        self.uses = {use.code: use.title for use in applicable()}
        if grant is not None:
            options.setdefault("initial", {}).update(
                {
                    name: getattr(grant, name)
                    for name in ("brand", "audience", "headcount", "days", "hours", "purpose")
                }
                | {"told": _told(grant)}
                | self._known(grant)
            )
        super().__init__(*args, **options)
        sections = [
            Section("项目", ("brand", "audience", "headcount", "days", "hours", "purpose", "told"))
        ]
        for source in ("", *MATCHING):
            for code, title in self.uses.items():
                label = f"{title}（元）"
                self.fields[self.named(code, source)] = yuan(label, required=False)
            words = f"同时申请{Fund.Source(source).label}（没有的不填）" if source else "按用途申请"
            sections.append(Section(words, tuple(self.named(code, source) for code in self.uses)))
        self.offered = {"brands": brands}
        self.SECTIONS = tuple(sections)

    @staticmethod
    def named(code: str, source: str = "") -> str:
        """The field of a use; ``source``: of money that is asked for beside the subsidy."""
        return f"{source or 'use'}_{code}"

    def _known(self, grant: Grant) -> dict[str, Decimal]:
        """What was asked for so far, of each source."""
        known: dict[str, Decimal] = {}
        parts = grant.parts.exclude(state="refused").select_related("fund")
        for source, row in [("", grant), *((part.fund.source, part) for part in parts)]:
            self.uses |= dict(row.projects.values_list("use", "use_title"))
            sums = row.projects.values_list("use", "amount")
            known |= {self.named(code, source): amount for code, amount in sums}
        return known

    def application(self) -> Application:
        cleaned = self.cleaned_data
        return Application(
            projects=self._sums(""),
            matching={source: self._sums(source) for source in MATCHING},
            **{
                name: cleaned[name]
                for name in ("purpose", "brand", "audience", "headcount", "days", "hours", "told")
            },
        )

    def _sums(self, source: str) -> dict[str, Decimal]:
        typed = {code: self.cleaned_data[self.named(code, source)] for code in self.uses}
        return {code: amount for code, amount in typed.items() if amount}


class ApplicationCorrectionForm(Versioned, ApplicationForm):
    """The same of an application on file, with the version it was shown in."""


def _told(grant: Grant) -> str:
    """What was said so far of the items of open uses."""
    rows = Project.objects.filter(grant__in=[grant, *grant.parts.all()]).exclude(told="")
    return rows.values_list("told", flat=True).first() or ""


class OpinionForm(forms.Form):
    """What the union says of an application."""

    opinion = ProseField(label="审核意见", max_length=500, widget=forms.Textarea(attrs={"rows": 3}))


class ApprovalForm(forms.Form):
    """How much is approved, and by which decision."""

    REFUSED_AT = {"exceeds-budget": "amount", "grant-gives-no-more-than-asked": "amount"}

    amount = yuan("批复金额（元）")
    decision = ProseField(label="批复文号", max_length=60)


class ItemForm(forms.Form):
    """By which decision an item of an open use is approved."""

    decision = ProseField(label="批准文号", max_length=60)


class ReceiptForm(forms.Form):
    """The number of the bank's receipt."""

    receipt = ProseField(label="银行回单号", max_length=60)


class ExpenseForm(
    from_model(  # type: ignore[misc]
        Expense,
        ("spent_on", "project", "summary", "payee", "invoice_code", "invoice_number", "voucher"),
    )
):
    """One expense of a grant."""

    REFUSED_AT = {
        "duplicate-invoice": "invoice_number",
        "disallowed-by-audit": "invoice_number",
        "duplicate-voucher": "voucher",
        "insufficient-balance": "amount",
        "forbidden-use": "use",
        "use-not-approved": "use",
        "item-exceeded": "amount",
        "outside-year": "spent_on",
    }
    SECTIONS = (
        Section("支出", ("spent_on", "amount", "use", "project", "payee", "summary")),
        Section("票据", ("invoice_number", "invoice_code", "voucher", "training_class")),
    )

    amount = yuan("金额（元）")
    use = forms.ChoiceField(label="用途类别")
    training_class = forms.ModelChoiceField(
        label="对应培训班",
        queryset=TrainingClass.objects.none(),
        required=False,
        empty_label="不对应",
    )

    def __init__(self, *args: Any, grant: Grant, classes: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        uses = uses_today()
        approved = grant.projects.exclude(decision="").values_list("use", "use_title", "told")
        self.fields["use"].choices = [
            *((use.code, use.title) for use in uses),
            *((code, f"{title}：{told}") for code, title, told in approved),
        ]
        self.fields["training_class"].queryset = classes

    def facts(self) -> dict[str, Any]:
        return dict(self.cleaned_data)
