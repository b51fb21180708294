"""The form of a change of a signed budget."""

from __future__ import annotations

from django import forms

from pages.forms import LONGEST_REASON, SHORTEST_REASON, ProseField
from subsidies.models.funds import CENTS, DIGITS, Line


class BudgetChangeForm(forms.Form):
    """Which line, by how much, and why."""

    REFUSED_AT = {
        "budget-below-allocated": "amount",
        "budget-change-is-some-money-for-a-reason": "amount",
        "budget-change-one-at-a-time": "line",
    }
    WIDE = ("reason",)

    line = forms.ChoiceField(label="预算科目", choices=Line.choices)
    amount = forms.DecimalField(
        label="调整金额（元）",
        max_digits=DIGITS,
        decimal_places=CENTS,
        help_text="增加的填正数，减少的填负数；减少不能超过预算结余",
    )
    reason = ProseField(
        label="调整事由",
        min_length=SHORTEST_REASON,
        max_length=LONGEST_REASON,
        widget=forms.Textarea(attrs={"rows": 2}),
        help_text="写明依据的文件或会议",
    )
