"""For which trade of which round a contest decides."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django import forms

from competitions.permissions import KEEPERS
from organizations.scoping import within_reach
from pages.forms import ProseField
from talents.models import SelectionRound

if TYPE_CHECKING:
    from organizations.models import User


class TrialForm(forms.Form):
    """A round one holds, and the trade as candidates of it write it."""

    REFUSED_AT = {"trial-once-per-round-and-trade": "trade"}

    round: forms.ModelChoiceField = forms.ModelChoiceField(label="选树轮次", queryset=None)
    trade = ProseField(label="职业（工种）", max_length=60, help_text="与推荐人选所填一致")

    def __init__(self, *args: Any, user: User, **options: Any) -> None:
        super().__init__(*args, **options)
        rows = SelectionRound.objects.visible_to(user)
        ours = rows.filter(within_reach(user, KEEPERS, "organizer__path"))
        field: Any = self.fields["round"]
        field.queryset = ours.order_by("-year", "-pk")
