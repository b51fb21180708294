"""Handing in a workbook, asking for its faults, and mending one of its rows, whatever it is about."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, ClassVar

from django import forms

from intake.imports import Correction
from intake.models import ImportFinding
from intake.spreadsheets.limits import LIMITS, MEBIBYTE
from pages.forms import ProseField
from workflow.identity import PROBLEMS

if TYPE_CHECKING:
    from collections.abc import Iterable

    from intake.imports import ImportKind
    from intake.models import ImportBatch, ImportRow

LONGEST_CELL = LIMITS.cell_characters
SHORTEST_REASON, LONGEST_REASON = 4, 200


class WorkbookForm(forms.Form):
    """One workbook."""

    file = forms.FileField(
        label="选择文件",
        help_text=f"XLSX，不超过 {LIMITS.file_bytes // MEBIBYTE} MB。表样不必改：合并表头、附注、各种日期写法都能识别。",
        widget=forms.ClearableFileInput(attrs={"accept": ".xlsx"}),
        allow_empty_file=True,  # an empty file is told in the guard's own words
        max_length=255,
    )


class FindingForm(forms.Form):
    """Which faults to list: by severity and by kind."""

    severity = forms.ChoiceField(
        label="程度", required=False, choices=[("", "全部"), *ImportFinding.Severity.choices]
    )
    code = forms.ChoiceField(label="问题", required=False)

    def __init__(self, *args: Any, codes: list[tuple[str, str]], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["code"].choices = [("", "全部"), *codes]

    def chosen(self) -> dict[str, str]:
        """The conditions asked for; what no choice offers is not asked."""
        told = self.cleaned_data if self.is_valid() else {}
        return {name: value for name, value in told.items() if value}


class RowForm(forms.Form):
    """One row with the cells as they stand; identity number and telephone are typed anew or kept."""

    #: Cells that hold whole paragraphs; they come last, in boxes of several lines.
    long_fields: ClassVar[frozenset[str]] = frozenset()

    seen = forms.CharField(widget=forms.HiddenInput, max_length=64)

    def __init__(
        self,
        *args: Any,
        kind: ImportKind,
        batch: ImportBatch,
        row: ImportRow,
        findings: Iterable[ImportFinding],
        **kwargs: Any,
    ) -> None:
        self.kind = kind
        cells = dict(zip(kind.keys, row.cells, strict=True))
        super().__init__(*args, initial={**cells, "seen": row.fingerprint()}, **kwargs)
        self.faults = list(findings)
        told: dict[str, list[str]] = {}
        for finding in self.faults:
            told.setdefault(finding.field, []).append(finding.words)
        for key in kind.keys:
            self.fields[key] = self.cell_field(key, batch.headings[key], row)
            if key in told:
                self.fields[key].help_text = "；".join(
                    [*told[key], *filter(None, [self.fields[key].help_text])]
                )
                self.fields[key].widget.attrs["data-faulty"] = "true"

    def correction(self) -> Correction:
        told, kind = self.cleaned_data, self.kind
        secrets = {kind.identity, kind.phone}
        return Correction(
            cells={key: told[key] for key in kind.keys if key not in secrets},
            identity=told.get(kind.identity, ""),
            phone=told.get(kind.phone, ""),
            seen=told["seen"],
        )

    def faulty_fields(self) -> list[forms.BoundField]:
        faulty = {finding.field for finding in self.faults}
        return [self[key] for key in self.kind.keys if key in faulty]

    def other_fields(self) -> list[forms.BoundField]:
        faulty = {finding.field for finding in self.faults}
        sound = [key for key in self.kind.keys if key not in faulty]
        return [self[key] for key in sorted(sound, key=self.long_fields.__contains__)]

    def cell_field(self, key: str, heading: str, row: ImportRow) -> forms.Field:
        """A box for one cell; a number of a person is not shown, only kept or typed anew."""
        if key in {self.kind.identity, self.kind.phone}:
            return ProseField(
                label=heading,
                required=False,
                max_length=60,
                help_text=_kept(self.kind, key, row),
                widget=forms.TextInput(attrs={"autocomplete": "off", "spellcheck": "false"}),
            )
        is_long = key in self.long_fields
        widget = forms.Textarea(attrs={"rows": 3}) if is_long else forms.TextInput()
        return ProseField(label=heading, required=False, max_length=LONGEST_CELL, widget=widget)


def _kept(kind: ImportKind, key: str, row: ImportRow) -> str:
    """What stands there now, without showing it."""
    if key == kind.phone:
        return "已填写，不显示；留空即不改" if row.phone_cipher else ""
    if row.identity_problem in PROBLEMS:
        return "原填号码不保留，请按身份证完整填写"
    return f"已填写（{row.identity_mask}），不显示；留空即不改"
