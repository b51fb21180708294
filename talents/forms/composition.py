"""The shares that the call for a round asks of its slate, group by group on one sheet."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django import forms
from django.core.exceptions import ValidationError

from pages.forms import CorrectionFields
from talents.models import Paper
from talents.models.rounds import BOUNDS, GROUP_TITLES, LEAST
from talents.rules.papers import PERSON_TYPES

if TYPE_CHECKING:
    from collections.abc import Mapping

    from django.forms.boundfield import BoundWidget

ALL = 100


class CompositionForm(CorrectionFields):
    """For each group a percent (none: not asked), its bound, and whether a list may go up without it."""

    def __init__(
        self, *args: Any, composition: Mapping[str, Any], papers: Mapping[str, Any], **options: Any
    ) -> None:
        super().__init__(*args, **options)
        for code, title in GROUP_TITLES.items():
            facts = composition.get(code, {})
            self.fields[f"bound-{code}"] = forms.ChoiceField(
                label=f"{title}：限度",
                choices=list(BOUNDS.items()),
                initial=facts.get("bound", LEAST),
            )
            self.fields[f"percent-{code}"] = forms.IntegerField(
                label=f"{title}：比例（%）",
                min_value=1,
                max_value=ALL,
                required=False,
                initial=facts.get("percent"),
                widget=forms.NumberInput(attrs={"class": "input--places"}),
            )
            self.fields[f"hard-{code}"] = forms.BooleanField(
                label=f"{title}：必须达到",
                required=False,
                initial=facts.get("is_hard", False),
            )

        for code, label in PERSON_TYPES.items():
            self.fields[f"papers-{code}"] = forms.MultipleChoiceField(
                label=label,
                choices=Paper.Kind.choices,
                required=False,
                initial=papers.get(code, []),
                widget=forms.CheckboxSelectMultiple,
            )

    def clean(self) -> None:
        for code, title in GROUP_TITLES.items():
            if self.cleaned_data.get(f"hard-{code}") and not self.cleaned_data.get(
                f"percent-{code}"
            ):
                message = f"{title}勾选了必须达到，请填写比例"
                self.add_error(f"percent-{code}", ValidationError(message, "percent-missing"))

    def composition(self) -> dict[str, dict[str, Any]]:
        """What is asked, by group."""
        cleaned = self.cleaned_data
        return {
            code: {
                "percent": cleaned[f"percent-{code}"],
                "bound": cleaned[f"bound-{code}"],
                "is_hard": cleaned[f"hard-{code}"],
            }
            for code in GROUP_TITLES
            if cleaned[f"percent-{code}"]
        }

    def papers(self) -> dict[str, list[str]]:
        """Which papers are asked for, by kind of person."""
        found = {code: self.cleaned_data[f"papers-{code}"] for code in PERSON_TYPES}
        return {code: kinds for code, kinds in found.items() if kinds}

    def paper_rows(self) -> list[tuple[str, list[tuple[str, BoundWidget]]]]:
        """The sheet of papers: a line for each kind, in it a box for each kind of person."""
        boxes = [list(self[f"papers-{code}"]) for code in PERSON_TYPES]
        labels = [str(label) for label in dict(Paper.Kind.choices).values()]
        return [
            (label, list(zip(self.person_types, (column[at] for column in boxes), strict=True)))
            for at, label in enumerate(labels)
        ]

    @property
    def person_types(self) -> list[str]:
        return [str(label) for label in PERSON_TYPES.values()]

    def rows(self) -> list[dict[str, Any]]:
        return [
            {
                "title": title,
                "bound": self[f"bound-{code}"],
                "percent": self[f"percent-{code}"],
                "hard": self[f"hard-{code}"],
            }
            for code, title in GROUP_TITLES.items()
        ]
