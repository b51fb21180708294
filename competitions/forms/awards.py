"""Giving awards, and naming who coached."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django import forms

from pages.forms import IdentityField, ProseField
from talents.forms.growth import known_person

if TYPE_CHECKING:
    from organizations.models import User
    from talents.models import Person


class AwardForm(forms.Form):
    """The decision by which awards are given."""

    document_number = ProseField(
        label="授奖文号", max_length=60, help_text="如“京工发〔2026〕12号”，印在证书上"
    )


class CoachForm(forms.Form):
    """Who coached, found by number among the persons this account may see."""

    coach = IdentityField()

    def __init__(self, *args: Any, user: User, **options: Any) -> None:
        super().__init__(*args, **options)
        self.user = user
        self.fields["coach"].label = "教练的公民身份号码"
        self.fields["coach"].required = False
        self.fields["coach"].help_text = "须是在册人员；留空为没有教练"

    def clean_coach(self) -> Person | None:
        told = self.cleaned_data["coach"]
        return known_person(told.text, self.user) if told else None
