"""Forms of people's money: a claim with its account, its approval, a list for the bank."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django import forms
from django.core.validators import RegexValidator

from pages.forms import DayInput, ProseField, Section
from subsidies.models.funds import CENTS, DIGITS, NOTHING, Line
from subsidies.services.claims import BankAccount

if TYPE_CHECKING:
    from subsidies.models import Fund


class AccountField(forms.CharField):
    """The number of an account; blanks and lines between its groups do not count."""

    default_validators = [
        RegexValidator(
            r"^\d{8,32}$", "账号应为8至32位数字，请对照银行卡填写", code="account-invalid"
        ),
    ]

    def __init__(self, **options: Any) -> None:
        widget = forms.TextInput(attrs={"inputmode": "numeric", "autocomplete": "off"})
        super().__init__(max_length=40, widget=widget, **options)

    def to_python(self, value: Any) -> str:
        return "".join((super().to_python(value) or "").replace("-", " ").split())


class AccountForm(forms.Form):
    """Where the money goes."""

    bank = ProseField(label="开户行", max_length=60)
    account = AccountField(
        label="收款账号", help_text="本人的工会会员服务卡或银行卡；密封保存，只显示末4位"
    )

    def to(self) -> BankAccount:
        return BankAccount(self.cleaned_data["bank"], self.cleaned_data["account"])


class ClaimForm(AccountForm):
    """What the unit states of a worker who draws money for a certificate."""

    REFUSED_AT = {
        "claim-too-late": "issued_on",
        "claim-before-certificate": "issued_on",
        "claim-not-eligible": "is_member",
    }
    SECTIONS = (
        Section("核实情况", ("issued_on", "is_member")),
        Section("收款账户", ("bank", "account")),
    )

    issued_on = forms.DateField(label="发证日期", widget=DayInput(), help_text="以证书所载日期为准")
    is_member = forms.TypedChoiceField(
        label="工会会员",
        choices=[("1", "是本市工会会员"), ("0", "不是")],
        coerce=lambda value: value == "1",
        help_text="由单位核对会籍；上级工会还将核实在职和会员身份",
    )
    field_order: tuple[str, ...] = ("issued_on", "is_member", "bank", "account")


class PlaceClaimForm(ClaimForm):
    """The same for a place in a contest, which has its own day."""

    SECTIONS = (
        Section("核实情况", ("is_member",)),
        Section("收款账户", ("bank", "account")),
    )

    issued_on = None  # type: ignore[assignment]
    field_order = ("is_member", "bank", "account")


class RaiseForm(forms.Form):
    """Which titles of the register as it was kept before were not paid; what is named here needs no word."""

    REFUSED_AT = {"title-not-waiting": "unpaid"}

    unpaid = ProseField(
        label="导入名录中经核实未曾发放的证书编号",
        max_length=20_000,
        required=False,
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text="一行一个；逐一核对原发放记录后填写，没有的不填",
    )

    def clean_unpaid(self) -> list[str]:
        """Each once, in the order typed."""
        return list(
            dict.fromkeys(self.cleaned_data["unpaid"].replace("，", " ").replace("、", " ").split())
        )


class PaymentForm(forms.Form):
    """What of the sum is kept back as tax."""

    REFUSED_AT = {"claim-gross-is-tax-and-net": "tax"}

    tax = forms.DecimalField(
        label="代扣税款（元）",
        max_digits=DIGITS,
        decimal_places=CENTS,
        min_value=NOTHING,
        initial=NOTHING,
        help_text="政策未写明税前税后，按税务部门意见填写；不扣填0",
    )
    note = ProseField(label="批准依据", max_length=200, required=False)


class PayoutForm(forms.Form):
    """From which money, and what on it, is paid."""

    REFUSED_AT = {"nothing-to-pay": "line"}

    fund: forms.ModelChoiceField = forms.ModelChoiceField(label="专项资金", queryset=None)
    line = forms.ChoiceField(label="预算科目", choices=Line.choices)

    def __init__(self, *args: Any, funds: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        field: Any = self.fields["fund"]
        field.queryset = funds

    def chosen(self) -> tuple[Fund, str]:
        return self.cleaned_data["fund"], self.cleaned_data["line"]
