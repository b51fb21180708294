"""What is asked with a paper: its kind, what it shows, and the file."""

from __future__ import annotations

from typing import ClassVar

from django import forms

from pages.forms import from_model
from talents.models import Paper
from talents.services.scans import ACCEPTED, Scan


class PaperForm(from_model(Paper, ("kind", "told"))):  # type: ignore[misc]
    """One paper; PDF or a picture."""

    REFUSED_AT: ClassVar = {
        "scan-size": "scan", "scan-kind": "scan", "evidence-twice": "scan",
        "too-many-papers": "scan",
    }  # fmt: skip

    scan = forms.FileField(
        label="文件", max_length=200, allow_empty_file=True,
        help_text="盖章或原件的扫描件，PDF、JPG或PNG，不超过5 MB",
        widget=forms.FileInput(attrs={"accept": ACCEPTED}),
    )  # fmt: skip

    @property
    def scanned(self) -> Scan:
        file = self.cleaned_data["scan"]
        return Scan(file.read(), file.name)
