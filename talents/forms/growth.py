"""Putting a master and an apprentice together, and saying that the apprentice is done."""

from __future__ import annotations

from typing import Any

from django import forms

from organizations.models import Organization, User
from organizations.scoping import outermost_bodies
from pages.forms import IdentityField, ReasonForm, Section, from_model
from talents.models import Mentorship, Person, SkillLevel
from talents.permissions import FILERS
from talents.services.persons import person_with
from talents.workflow.growth import Agreement

FACTS = ("trade", "goals", "starts_on", "ends_on")


class PairForm(from_model(Mentorship, FACTS)):  # type: ignore[misc]
    """Both are found by their numbers, among the persons this account may see."""

    SECTIONS = (
        Section("师傅和徒弟", ("organization", "master", "apprentice")),
        Section("协议", FACTS),
    )
    WIDE = frozenset({"goals"})
    REFUSED_AT = {"mentorship-length": "ends_on", "too-many-apprentices": "master"}

    organization = forms.ModelChoiceField(label="签约单位", queryset=Organization.objects.none())

    def __init__(self, *args: Any, user: User, **options: Any) -> None:
        super().__init__(*args, **options)
        self.user = user
        tops = outermost_bodies(user, FILERS)
        bodies = Organization.objects.visible_to(user).order_by("path")
        field: Any = self.fields["organization"]
        field.queryset = bodies
        field.initial = tops[0].pk if tops else None
        for name, label in (("master", "师傅的公民身份号码"), ("apprentice", "徒弟的公民身份号码")):
            self.fields[name] = IdentityField()
            self.fields[name].label = label

    def clean_master(self) -> Person:
        return self._person("master")

    def clean_apprentice(self) -> Person:
        return self._person("apprentice")

    def _person(self, name: str) -> Person:
        known = person_with(self.cleaned_data[name].text)
        if known is None or not Person.objects.visible_to(self.user).filter(pk=known.pk).exists():
            message = "在您的管辖范围内没有登记这个人，请先登记人员档案"
            raise forms.ValidationError(message, code="unknown-person")
        return known

    @property
    def agreement(self) -> Agreement:
        return Agreement(**{name: self.cleaned_data[name] for name in FACTS})


class FinishForm(ReasonForm):
    """How the apprentice did."""

    level = forms.ChoiceField(
        label="出师时等级", required=False, choices=[("", "未取得新等级"), *SkillLevel.choices]
    )
