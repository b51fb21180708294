"""Entering people, and putting right how they are entered."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, ClassVar

from django import forms

from competitions.forms.terms import SigningForm
from competitions.models import Entry
from competitions.permissions import ENTERERS, keeps
from competitions.permissions.entering import is_late
from competitions.selectors.teams import is_full
from competitions.services.entries import Entrant
from organizations.models import Organization
from organizations.scoping import within_reach
from pages.forms import (
    SHORTEST_REASON,
    CorrectionFields,
    IdentityField,
    ProseField,
    Section,
    from_model,
)
from talents.models import SkillLevel
from workflow.texts.folding import fold_name

if TYPE_CHECKING:
    from competitions.models import Item
    from organizations.models import User

FACTS = ("number", "present_level", "in_city_since", "proof", "team")
UNKNOWN, NONE = "?", "-"
LEVELS = [(UNKNOWN, "未填"), (NONE, "无"), *SkillLevel.choices]


class EntryForm(from_model(Entry, FACTS)):  # type: ignore[misc]
    """How somebody is entered. The level has one more answer than the column: not told."""

    #: What only the transaction finds, such as the last place of a team taken meanwhile.
    REFUSED_AT: ClassVar = {"team-missing": "team", "entry-joins-a-team-of-its-item": "team"}

    present_level = forms.ChoiceField(label="现职业技能等级", choices=LEVELS, initial=UNKNOWN)

    def __init__(
        self, *args: Any, user: User, item: Item, entry: Entry | None = None, **options: Any
    ) -> None:
        super().__init__(*args, **options)
        self.item, self.entry = item, entry
        if not keeps(user, item.competition.organizer):
            del self.fields["number"]
        if item.team_size == 1:
            del self.fields["team"]

    def clean_number(self) -> str:
        number: str = self.cleaned_data["number"]
        if number:
            Entry._meta.get_field("number").run_validators(number)
        return number

    def clean_team(self) -> str:
        team: str = self.cleaned_data["team"]
        if team and is_full(self.item, team, besides=self.entry):
            raise forms.ValidationError(f"“{team}”已满{self.item.team_size}人，请核对队名")
        return team

    def facts(self) -> dict[str, Any]:
        asked = (*FACTS, "late_reason")
        told = {name: self.cleaned_data[name] for name in asked if name in self.cleaned_data}
        level = told["present_level"]
        return told | {"present_level": {UNKNOWN: None, NONE: ""}.get(level, level)}


class NewEntryForm(EntryForm, SigningForm):
    """Somebody who is not entered yet, and the promise that goes with it."""

    SECTIONS = (
        Section("参赛人", ("name", "identity", "unit")),
        Section(
            "报名",
            (
                "number",
                "present_level",
                "in_city_since",
                "proof",
                "team",
                "late_reason",
                "promises",
            ),
        ),
    )

    name = ProseField(label="姓名", max_length=60)
    identity = IdentityField()
    unit = forms.ModelChoiceField(label="所在单位", queryset=Organization.objects.none())

    late_reason = ProseField(
        label="逾期补报事由",
        min_length=SHORTEST_REASON,
        max_length=200,
        help_text="报名已截止；写明为什么补报，计入留痕，名单上标明“逾期补报”",
    )

    field_order = ("name", "identity", "unit")

    def __init__(self, *args: Any, user: User, item: Item, **options: Any) -> None:
        super().__init__(*args, user=user, item=item, **options)
        bodies = Organization.objects.visible_to(user).filter(within_reach(user, ENTERERS))
        self.fields["unit"].queryset = bodies.order_by("path")  # type: ignore[attr-defined]
        if not is_late(item.competition):
            del self.fields["late_reason"]

    def entrant(self) -> Entrant:
        told = self.cleaned_data
        return Entrant(fold_name(told["name"]), told["identity"], told["terms"] or 0)


class EntryCorrectionForm(CorrectionFields, EntryForm):
    """The same about somebody entered, with the reason."""

    field_order = (*FACTS, "note")


def facts_of(entry: Entry) -> dict[str, Any]:
    """What a correction is opened with."""
    level = entry.present_level
    told = {name: getattr(entry, name) for name in (*FACTS, "version")}
    return told | {"present_level": UNKNOWN if level is None else level or NONE}
