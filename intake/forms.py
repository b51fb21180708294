"""Handing in a workbook, and mending one of its rows, whatever it is about."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django import forms

from intake.kinds import keys_of, sheet_of, switches_of
from intake.services import Correction
from intake.spreadsheets.limits import LIMITS, MEBIBYTE
from pages.forms import ProseField, ReasonForm
from workflow.texts.identity import PROBLEMS

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from django.core.files.uploadedfile import UploadedFile

    from intake.kinds import ImportKind, Sheet
    from intake.models import ImportBatch, ImportFinding, ImportRow
    from organizations.models import Organization

LONGEST_CELL = LIMITS.cell_characters


class ManyFilesInput(forms.ClearableFileInput):
    """Several files at once."""

    allow_multiple_selected = True


class ManyFilesField(forms.FileField):
    """All the files that were chosen, as a list."""

    widget = ManyFilesInput

    def clean(self, data: Any, initial: Any = None) -> list[UploadedFile]:
        files = data if isinstance(data, list) else [data]
        return [super(ManyFilesField, self).clean(file, initial) for file in files or [None]]


class UploadForm(forms.Form):
    """Files of one kind; for which body, where the account serves several."""

    file = ManyFilesField(
        label="选择文件",
        allow_empty_file=True,  # an empty file is told in the guard's own words
        max_length=255,
    )

    def __init__(
        self, *args: Any, kind: ImportKind, bodies: Sequence[Organization], **kwargs: Any
    ) -> None:
        super().__init__(*args, **kwargs)
        formats = "XLSX 或 CSV" if ".csv" in kind.takes else "XLSX"
        self.fields["file"].label = f"选择{kind.title}"
        self.fields["file"].help_text = (
            f"{formats}，每个不超过 {LIMITS.file_bytes // MEBIBYTE} MB，可一次选几个。"
            "表样不必改：合并表头、附注、各种日期写法都能识别。"
        )
        self.fields["file"].widget.attrs["accept"] = kind.takes
        self.bodies = {str(body.pk): body for body in bodies}
        if len(bodies) > 1:
            self.fields["organization"] = forms.ChoiceField(
                label="为哪个组织提交",
                choices=[(key, body.name) for key, body in self.bodies.items()],
            )

        self.switches = switches_of(kind)
        for option in self.switches:
            self.fields[option.key] = forms.BooleanField(label=option.help, required=False)

    def asked(self) -> dict[str, bool]:
        """What is asked for beside the files, by the names of the options."""
        return {option.name: self.cleaned_data[option.key] for option in self.switches}

    def organization(self) -> Organization | None:
        """For whom: the one chosen, or the only one; None in an empty house."""
        chosen = self.cleaned_data.get("organization") or next(iter(self.bodies), "")
        return self.bodies.get(chosen)


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
        self.sheet, self.keys = sheet_of(batch), keys_of(batch)
        cells = dict(zip(self.keys, row.cells, strict=True))
        kwargs["initial"] = {**cells, "seen": row.fingerprint()}
        super().__init__(*args, **kwargs)
        self.faults = list(findings)
        messages: dict[str, list[str]] = {}
        for finding in self.faults:
            messages.setdefault(finding.field, []).append(finding.words)
        for key in self.keys:
            self.fields[key] = self.cell_field(key, batch.headings[key], row)
            if key in messages:
                help_text = str(self.fields[key].help_text)
                self.fields[key].help_text = "；".join(filter(None, [*messages[key], help_text]))
                self.fields[key].widget.attrs["data-faulty"] = "true"

    def correction(self) -> Correction:
        cleaned, sheet = self.cleaned_data, self.sheet
        secrets = {sheet.identity, sheet.phone}
        return Correction(
            cells={key: cleaned[key] for key in self.keys if key not in secrets},
            identity=cleaned.get(sheet.identity, ""),
            phone=cleaned.get(sheet.phone, ""),
            seen=cleaned["seen"],
        )

    def faulty_fields(self) -> list[forms.BoundField]:
        faulty = {finding.field for finding in self.faults}
        return [self[key] for key in self.keys if key in faulty]

    def other_fields(self) -> list[forms.BoundField]:
        faulty = {finding.field for finding in self.faults}
        sound = [key for key in self.keys if key not in faulty]
        return [self[key] for key in sorted(sound, key=self.sheet.long_fields.__contains__)]

    def cell_field(self, key: str, heading: str, row: ImportRow) -> forms.Field:
        """A box for one cell; a number of a person is not shown, only kept or typed anew."""
        if key in {self.sheet.identity, self.sheet.phone}:
            return ProseField(
                label=heading,
                required=False,
                max_length=60,
                help_text=_kept(self.sheet, key, row),
                widget=forms.TextInput(attrs={"autocomplete": "off", "spellcheck": "false"}),
            )
        is_long = key in self.sheet.long_fields
        widget = forms.Textarea(attrs={"rows": 3}) if is_long else forms.TextInput()
        return ProseField(label=heading, required=False, max_length=LONGEST_CELL, widget=widget)


def _kept(sheet: Sheet, key: str, row: ImportRow) -> str:
    """What stands there now, without showing it."""
    if key == sheet.phone:
        return "已填写，不显示；留空即不改" if row.phone_cipher else ""
    if row.identity_problem in PROBLEMS:
        return "原填号码不保留，请按身份证完整填写"
    return f"已填写（{row.identity_mask}），不显示；留空即不改"


class DropForm(ReasonForm):
    """Which rows are left out: all that were refused for one kind of fault."""

    code = forms.CharField(widget=forms.HiddenInput, max_length=60)
