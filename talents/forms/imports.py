"""Handing in a workbook of nominations and mending one of its rows."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django import forms

from intake import forms as imports
from intake.spreadsheets.limits import LIMITS, MEBIBYTE
from pages.forms import ProseField
from talents.imports import NOMINATIONS

if TYPE_CHECKING:
    from collections.abc import Sequence

    from organizations.models import Organization

LONG_FIELDS = frozenset(
    {"career", "honours"} | {k for k in NOMINATIONS.keys if k.startswith("force_")}
)


class UploadForm(forms.Form):
    """One workbook; for which body, where the account serves several."""

    file = forms.FileField(
        label="选择推荐人选汇总表",
        help_text=f"XLSX 或 CSV，不超过 {LIMITS.file_bytes // MEBIBYTE} MB。表样不必改：合并表头、附注、各种日期写法都能识别。",
        widget=forms.ClearableFileInput(attrs={"accept": ".xlsx,.csv"}),
        allow_empty_file=True,  # an empty file is told in the guard's own words
        max_length=255,
    )

    def __init__(self, *args: Any, bodies: Sequence[Organization], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.bodies = {str(body.pk): body for body in bodies}
        if len(bodies) > 1:
            self.fields["organization"] = forms.ChoiceField(
                label="为哪个组织提交",
                choices=[(key, body.name) for key, body in self.bodies.items()],
            )

    def organization(self) -> Organization:
        chosen = self.cleaned_data.get("organization") or next(iter(self.bodies))
        return self.bodies[chosen]


class RowForm(imports.RowForm):
    """One row of the 汇总表; what was achieved is told in paragraphs."""

    long_fields = LONG_FIELDS

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, kind=NOMINATIONS, **kwargs)


class DropForm(forms.Form):
    note = ProseField(
        label="不再处理的理由",
        min_length=4,
        max_length=200,
        widget=forms.Textarea(attrs={"rows": 2}),
    )


class RevertForm(forms.Form):
    note = ProseField(
        label="撤销的理由", min_length=4, max_length=200, widget=forms.Textarea(attrs={"rows": 2})
    )
