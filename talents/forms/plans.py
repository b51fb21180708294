"""What a plan of cultivation aims at, and what was reached."""

from __future__ import annotations

from typing import Any, ClassVar

from django import forms

from pages.forms import CorrectionFields, ProseField, from_model
from talents.models import Cultivation, CultivationGoal, StudioProject

FACTS = CultivationGoal.CORRECTABLE.fields


class GoalForm(from_model(CultivationGoal, FACTS)):  # type: ignore[misc]
    """One goal; a project may be one of the studios' that are within reach."""

    REFUSED_AT: ClassVar = {
        "goal-out-of-time": "due_on",
        "goal-with-a-project-is-of-that-kind": "project",
    }

    project = forms.ModelChoiceField(
        label="工作室项目",
        queryset=StudioProject.objects.none(),
        required=False,
        empty_label="不对应",
        help_text="项目类的目标，已在工作室登记的可选",
    )

    def __init__(self, *args: Any, cultivation: Cultivation, user: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        seen = StudioProject.objects.visible_to(user)
        # what a goal on file is linked to stays on offer, though the corrector may not see its studio
        linked = StudioProject.linked(self.initial.get("project"))
        field: Any = self.fields["project"]
        field.queryset = (seen | linked).order_by("title", "pk")
        span = f"{cultivation.starts_on}至{cultivation.ends_on}之间"
        self.fields["due_on"].help_text = span


class GoalCorrectionForm(CorrectionFields, GoalForm):
    """A goal on file, put right for a reason."""

    def __init__(self, *args: Any, **options: Any) -> None:
        super().__init__(*args, **options)


class OutcomeForm(forms.Form):
    """What was reached of a goal."""

    outcome = forms.ChoiceField(
        label="完成情况", choices=CultivationGoal.Outcome.choices, widget=forms.RadioSelect
    )
    reached = ProseField(
        label="实际完成",
        min_length=4,
        max_length=500,
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text="写明做成了什么、凭什么证明；未达成的写明原因",
    )
