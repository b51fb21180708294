"""Forms of parting a fund's year, and of academies' bank accounts."""

from __future__ import annotations

from django import forms

from pages.forms import ProseField, Section
from subsidies.forms import yuan
from subsidies.forms.claims import AccountField
from subsidies.models import Allocation
from subsidies.services.claims import BankAccount


class AllocationForm(forms.Form):
    """How much is parted, and how."""

    REFUSED_AT = {"nothing-to-allocate": "amount", "allocation-fits-the-budget": "amount"}

    amount = yuan("分配总额（元）", help_text="不超过预算所列学院补助")
    method = forms.ChoiceField(
        label="分配办法",
        choices=Allocation.Method.choices,
        widget=forms.RadioSelect,
        help_text="系数和占比见政策参数；不合规定的学院不参加分配",
    )


class PayeeAccountForm(forms.Form):
    """Where an academy is paid, and why that is new."""

    REFUSED_AT = {"payee-account-one-on-hold": "account"}
    SECTIONS = (
        Section("收款账户", ("holder", "bank", "account")),
        Section("原因", ("reason",)),
    )

    holder = ProseField(label="户名", max_length=120, help_text="与开户许可一致，为学院所在单位")
    bank = ProseField(label="开户行", max_length=60)
    account = AccountField(label="收款账号", help_text="单独核算的专用账户；密封保存，只显示末4位")
    reason = ProseField(
        label="设立或变更原因", max_length=200, widget=forms.Textarea(attrs={"rows": 2})
    )

    def to(self) -> BankAccount:
        return BankAccount(self.cleaned_data["bank"], self.cleaned_data["account"])


class CallForm(forms.Form):
    """Who was called back, on which number, and what came of it."""

    called_to = ProseField(
        label="接听人及电话", max_length=120, help_text="拨打此前留存的电话，不拨打变更时新报的电话"
    )
    note = ProseField(label="核实情况", max_length=200, widget=forms.Textarea(attrs={"rows": 2}))
