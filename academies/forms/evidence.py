"""What is asked with a piece of evidence: the item, what it shows, until when it holds, and the file."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, ClassVar

from django import forms

from pages.forms import DayInput, ProseField
from talents.forms.fields import ScanField

if TYPE_CHECKING:
    from academies.models import Review


class EvidenceForm(forms.Form):
    """One file; PDF or a picture."""

    REFUSED_AT: ClassVar = {
        "scan-size": "scan", "scan-kind": "scan", "evidence-twice": "scan",
        "too-much-evidence": "scan", "evidence-expired": "valid_until", "unknown-item": "item",
    }  # fmt: skip
    WIDE: ClassVar = ("told", "scan")

    item = forms.ChoiceField(label="评价项目")
    valid_until = forms.DateField(
        label="有效期至", widget=DayInput, required=False, help_text="报送自评时须在有效期内"
    )
    is_permanent = forms.BooleanField(
        label="长期有效", required=False, help_text="文件上没有有效期的勾选"
    )
    told = ProseField(label="说明", max_length=200, required=False)
    scan = ScanField(
        label="文件",
        help_text="盖章或原件的扫描件，PDF、JPG或PNG，不超过5 MB",
    )

    def __init__(self, *args: Any, review: Review, **options: Any) -> None:
        super().__init__(*args, **options)
        field: Any = self.fields["item"]
        field.choices = [(item["name"], item["name"]) for item in review.items]

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or self.cleaned_data
        if "valid_until" in self.errors:
            return cleaned
        if bool(cleaned.get("valid_until")) == bool(cleaned.get("is_permanent")):
            self.add_error("valid_until", "请填写有效期，或勾选“长期有效”，二者只取其一")
        return cleaned

    def facts(self) -> dict[str, Any]:
        """What is put in."""
        return {name: self.cleaned_data[name] for name in ("item", "told", "valid_until", "scan")}
