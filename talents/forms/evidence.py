"""What is asked with a paper: its kind, what it shows, and the file."""

from __future__ import annotations

from typing import ClassVar

from pages.forms import from_model
from talents.forms.fields import ScanField
from talents.models import Paper


class PaperForm(from_model(Paper, ("kind", "told"))):  # type: ignore[misc]
    """One paper; PDF or a picture."""

    REFUSED_AT: ClassVar = {
        "scan-size": "scan", "scan-kind": "scan", "evidence-twice": "scan",
        "too-many-papers": "scan",
    }  # fmt: skip

    scan = ScanField(
        label="文件",
        help_text="盖章或原件的扫描件，PDF、JPG或PNG，不超过5 MB",
    )
