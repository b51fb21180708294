"""The days of a round's stages, each from a day on for so many working days, on one sheet."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django import forms
from django.core.exceptions import ValidationError

from pages.forms import CorrectionFields, DayInput
from talents.models.rounds import STAGE_TITLES
from talents.rules.stages import least_days, stages_of
from talents.services.rounds import MOST_DAYS, Span

if TYPE_CHECKING:
    from talents.models import SelectionRound


class StagesForm(CorrectionFields):
    """For each stage its first day and its working days; both empty means that it has no days."""

    def __init__(self, *args: Any, selection: SelectionRound, **options: Any) -> None:
        super().__init__(*args, **options)
        known = {stage.code: stage for stage in stages_of(selection)}
        self.least = least_days(selection)
        self.spans = {code: stage.span for code, stage in known.items()}
        for code, title in STAGE_TITLES.items():
            stage = known.get(code)
            self.fields[f"starts-{code}"] = forms.DateField(
                label=f"{title}：开始日期",
                widget=DayInput,
                required=False,
                initial=stage and stage.starts_on,
            )
            self.fields[f"days-{code}"] = forms.IntegerField(
                label=f"{title}：工作日数",
                min_value=self.least.get(code, 1),
                max_value=MOST_DAYS,
                required=False,
                initial=stage and (stage.announced or stage.days),
                widget=forms.NumberInput(attrs={"class": "input--places"}),
            )

    def clean(self) -> None:
        begun = None
        for code, title in STAGE_TITLES.items():
            first, days = (self.cleaned_data.get(f"{part}-{code}") for part in ("starts", "days"))
            if (first is None) != (days is None) and not self._refused(code):
                missing = "days" if days is None else "starts"
                message = f"{title}的开始日期和工作日数请一并填写"
                self.add_error(f"{missing}-{code}", ValidationError(message, "stage-half"))
            if first and begun and first < begun:
                message = f"“{title}”的开始日期早于前一阶段，请按先后顺序填写"
                self.add_error(f"starts-{code}", ValidationError(message, "stage-out-of-order"))
            begun = first or begun

    def _refused(self, code: str) -> bool:
        return bool({f"starts-{code}", f"days-{code}"} & self.errors.keys())

    def given(self) -> dict[str, Span]:
        """The stages that have days, as the service takes them."""
        cleaned = self.cleaned_data
        return {
            code: Span(cleaned[f"starts-{code}"], cleaned[f"days-{code}"])
            for code in STAGE_TITLES
            if cleaned[f"starts-{code}"]
        }

    def rows(self) -> list[dict[str, Any]]:
        """What the sheet shows of each stage."""
        return [
            {
                "title": title,
                "starts": self[f"starts-{code}"],
                "days": self[f"days-{code}"],
                "span": self.spans.get(code, ""),
                "least": self.least.get(code),
            }
            for code, title in STAGE_TITLES.items()
        ]
