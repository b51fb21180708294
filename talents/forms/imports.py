"""Handing in a workbook, asking for its faults, and mending one of its rows."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django import forms

from talents.forms.fields import ProseField
from talents.imports import NOMINATIONS
from workflow.identity import PROBLEMS
from workflow.imports import Correction
from workflow.models import ImportFinding
from workflow.spreadsheets.limits import LIMITS, MEBIBYTE

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from organizations.models import Organization
    from workflow.models import ImportBatch, ImportRow

LONG_FIELDS = frozenset(
    {"career", "honours"} | {k for k in NOMINATIONS.keys if k.startswith("force_")}
)
SECRETS = frozenset({NOMINATIONS.identity, NOMINATIONS.phone})
LONGEST_CELL = LIMITS.cell_characters


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

    seen = forms.CharField(widget=forms.HiddenInput, max_length=64)

    def __init__(
        self,
        *args: Any,
        batch: ImportBatch,
        row: ImportRow,
        findings: Iterable[ImportFinding],
        **kwargs: Any,
    ) -> None:
        cells = dict(zip(NOMINATIONS.keys, row.cells, strict=True))
        super().__init__(*args, initial={**cells, "seen": row.fingerprint()}, **kwargs)
        self.faults = list(findings)
        told: dict[str, list[str]] = {}
        for finding in self.faults:
            told.setdefault(finding.field, []).append(finding.words)
        for key in NOMINATIONS.keys:
            self.fields[key] = _field(key, batch.headings[key], row)
            if key in told:
                self.fields[key].help_text = "；".join(
                    [*told[key], *filter(None, [self.fields[key].help_text])]
                )
                self.fields[key].widget.attrs["data-faulty"] = "true"

    def correction(self) -> Correction:
        told = self.cleaned_data
        return Correction(
            cells={key: told[key] for key in NOMINATIONS.keys if key not in SECRETS},
            identity=told[NOMINATIONS.identity],
            phone=told[NOMINATIONS.phone],
            seen=told["seen"],
        )

    def faulty_fields(self) -> list[forms.BoundField]:
        faulty = {finding.field for finding in self.faults}
        return [self[key] for key in NOMINATIONS.keys if key in faulty]

    def other_fields(self) -> list[forms.BoundField]:
        faulty = {finding.field for finding in self.faults}
        sound = [key for key in NOMINATIONS.keys if key not in faulty]
        return [self[key] for key in sorted(sound, key=LONG_FIELDS.__contains__)]


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


def _field(key: str, heading: str, row: ImportRow) -> forms.Field:
    if key in SECRETS:
        return ProseField(
            label=heading,
            required=False,
            max_length=60,
            help_text=_kept(key, row),
            widget=forms.TextInput(attrs={"autocomplete": "off", "spellcheck": "false"}),
        )
    widget = forms.Textarea(attrs={"rows": 3}) if key in LONG_FIELDS else forms.TextInput()
    return ProseField(label=heading, required=False, max_length=LONGEST_CELL, widget=widget)


def _kept(key: str, row: ImportRow) -> str:
    """What stands there now, without showing it."""
    if key == NOMINATIONS.phone:
        return "已填写，不显示；留空即不改" if row.phone_cipher else ""
    if row.identity_problem in PROBLEMS:
        return "原填号码不保留，请按身份证完整填写"
    return f"已填写（{row.identity_mask}），不显示；留空即不改"
