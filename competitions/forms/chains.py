"""Listing chains of industry."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django import forms

from competitions.models import Chain
from competitions.models.competitions import LONGEST_CHAIN
from competitions.permissions import KEEPERS
from organizations.models import Organization
from organizations.scoping import bodies_where
from pages.forms import CorrectionFields, ProseField, from_model
from workflow.texts.folding import fold_code

if TYPE_CHECKING:
    from organizations.models import User

FACTS = Chain.CORRECTABLE.fields


class ChainForm(forms.Form):
    """A chain that is on no list yet."""

    REFUSED_AT = {"chain-once-per-list": "name"}

    name = ProseField(
        label="产业链", max_length=LONGEST_CHAIN, help_text="登记后不改名；竞赛按此名称归入"
    )
    basis = ProseField(label="列入依据", max_length=200, help_text="文件名称、文号或会议")
    organization = forms.ModelChoiceField(label="维护单位", queryset=Organization.objects.none())

    def __init__(self, *args: Any, user: User, **options: Any) -> None:
        super().__init__(*args, **options)
        held = [body.pk for body in bodies_where(user, KEEPERS)]
        cities = Organization.objects.visible_to(user).filter(
            pk__in=held, kind=Organization.Kind.CITY
        )
        field: Any = self.fields["organization"]
        field.queryset = cities.order_by("path")
        self.initial.setdefault("organization", cities.first())

    def clean_name(self) -> str:
        return fold_code(self.cleaned_data["name"])


class ChainCorrectionForm(CorrectionFields, from_model(Chain, FACTS)):  # type: ignore[misc]
    """By what it is listed, and whether it still is."""

    field_order = (*FACTS, "note")

    def facts(self) -> dict[str, Any]:
        return {name: self.cleaned_data[name] for name in FACTS}
