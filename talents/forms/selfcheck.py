"""What a worker says of themselves, asked by the facts of the conditions."""

from __future__ import annotations

from decimal import Decimal
from typing import TYPE_CHECKING, Any

from django import forms

from policies.library.policy import Comparison
from policies.wording import words_for

if TYPE_CHECKING:
    from collections.abc import Mapping

    from policies.library.policy import Criterion

MOST_DIGITS = 9


class SelfCheckForm(forms.Form):
    """One question for each fact that the conditions ask; all may be left open."""

    def __init__(self, *args: Any, asked: Mapping[str, Criterion], **options: Any) -> None:
        super().__init__(*args, **options)
        for fact, criterion in asked.items():
            self.fields[fact] = _question(fact, criterion)

    @property
    def said(self) -> dict[str, Decimal | None]:
        """The answers; a yes is one, a no is nought, no answer is None."""
        return {name: _number(value) for name, value in self.cleaned_data.items()}


def _question(fact: str, criterion: Criterion) -> forms.Field:
    label, unit = words_for(fact)
    if criterion.comparison is Comparison.PRESENT:
        choices = [("", "未答"), ("1", "有"), ("0", "没有")]
        return forms.ChoiceField(label=label, choices=choices, required=False)
    return forms.DecimalField(
        label=f"{label}（{unit}）" if unit else label,
        required=False,
        min_value=0,
        max_digits=MOST_DIGITS,
        decimal_places=1,
    )


def _number(value: Any) -> Decimal | None:
    return None if value in {"", None} else Decimal(value)
