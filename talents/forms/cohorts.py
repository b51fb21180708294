"""Beginning the cultivation of people who were named together."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django import forms

from pages.forms import Section, from_model
from talents.forms.growth import why_begun_so
from talents.models import Cultivation
from talents.rules.titles import people_steps
from talents.selectors.cohorts import Group, Step, groups_in_scope
from talents.workflow.cohorts import CHANGED
from talents.workflow.cultivation import Course

if TYPE_CHECKING:
    from collections.abc import Sequence

    from organizations.models import User
    from talents.models import Honour


class CohortChoiceForm(forms.Form):
    """Who was named together, and for which step they are cultivated."""

    group = forms.ChoiceField(label="同批命名的工匠")
    step = forms.ChoiceField(label="培育层级")

    def __init__(self, *args: Any, user: User, **options: Any) -> None:
        super().__init__(*args, **options)
        self.groups = {":".join(map(str, one)): (one, told) for one, told in groups_in_scope(user)}
        self.steps = people_steps()
        groups: Any = self.fields["group"]
        groups.choices = [(key, told) for key, (_, told) in self.groups.items()]
        steps: Any = self.fields["step"]
        steps.choices = [(key, tier.title) for key, (_, tier) in self.steps.items()]

    @property
    def chosen(self) -> tuple[Group, Step]:
        group, _ = self.groups[self.cleaned_data["group"]]
        scheme, tier = self.steps[self.cleaned_data["step"]]
        return group, Step(scheme, tier.code)


class CohortForm(from_model(Cultivation, ("plan", "starts_on"))):  # type: ignore[misc]
    """Who of those who can begin does, from when, for how long and by which plan."""

    SECTIONS = (Section("方案", ("starts_on", "months", "plan", "begun_for")),)
    WIDE = frozenset({"plan"})
    REFUSED_AT = {"beginning-without-reason": "begun_for", "cohort-nobody-chosen": "persons"}

    persons = forms.TypedMultipleChoiceField(
        label="开始培育的人选",
        coerce=int,
        # they stand in the list of who begins, beside the form
        widget=forms.CheckboxSelectMultiple(attrs={"form": "cohort"}),
        error_messages={"required": "请至少选择一名开始培育的人选", "invalid_choice": CHANGED},
    )
    months = forms.IntegerField(
        label="培育期（月）", min_value=1, max_value=60, required=False, help_text="不填的按政策"
    )
    begun_for = why_begun_so()
    digest = forms.CharField(widget=forms.HiddenInput, required=False)

    def __init__(self, *args: Any, begin: Sequence[Honour], **options: Any) -> None:
        super().__init__(*args, **options)
        field: Any = self.fields["persons"]
        field.choices = [(one.person_id, one.person.name) for one in begin]
        field.initial = [one.person_id for one in begin]
        self.begin = begin

    @property
    def ticked(self) -> list[tuple[Honour, Any]]:
        """Who begins, each with the box to untick."""
        return list(zip(self.begin, self["persons"].subwidgets, strict=True))

    def course(self, step: Step, title: str) -> Course:
        facts = self.cleaned_data
        return Course(
            step.scheme, step.tier, title, facts["plan"], facts["starts_on"], facts["months"],
            facts["begun_for"],
        )  # fmt: skip
