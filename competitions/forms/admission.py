"""Finding that entrants meet the conditions of entry."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django import forms

from pages.forms import ReasonForm

if TYPE_CHECKING:
    from collections.abc import Sequence

    from competitions.selectors.admission import Owing

#: So many are shown at once; who comes after them is shown once these are decided.
SHOWN = 100


class AdmissionForm(ReasonForm):
    """Of whom it is found, and by what that was seen."""

    entries = forms.TypedMultipleChoiceField(
        label="认定为符合参赛条件的",
        coerce=int,
        widget=forms.CheckboxSelectMultiple,
        error_messages={"required": "请选择参赛人"},
    )

    field_order = ("entries", "note")

    def __init__(self, *args: Any, owing: Sequence[Owing], **options: Any) -> None:
        super().__init__(*args, **options)
        field: Any = self.fields["entries"]
        field.choices = [(one.entry.pk, _told(one)) for one in owing[:SHOWN]]
        self.fields["note"].label = "认定理由"
        self.fields["note"].help_text = "写明核验了什么，如“社会保险缴费记录原件”；计入留痕记录"


def _told(one: Owing) -> str:
    employer = one.entry.employer or "未填单位"
    return f"{one.entry} · {employer}：{'、'.join(one.titles)}；{one.proof_words}"
