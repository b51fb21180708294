"""Entering a studio, its members and projects; naming it; asking for a year's boost, and its review."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils import timezone

from organizations.models import Organization, User
from organizations.scoping import outermost_bodies
from pages.forms import DayInput, IdentityField, ProseField, ReasonForm, Section, from_model
from talents.forms.growth import known_person
from talents.models import BoostYear, Person, Studio, StudioProject
from talents.permissions import FILERS
from talents.workflow.studios import Founding, Task

FOUNDING = ("name", "field", "founded_on")
TASK = ("title", "goals", "starts_on", "ends_on")


class _WithPerson(forms.Form):
    """Somebody found by their number, among the persons this account may see."""

    PERSON = "公民身份号码"

    def __init__(self, *args: Any, user: User, **options: Any) -> None:
        super().__init__(*args, **options)
        self.user = user
        self.fields["person"] = IdentityField()
        self.fields["person"].label = self.PERSON

    def clean_person(self) -> Person:
        return known_person(self.cleaned_data["person"].text, self.user)


class StudioForm(_WithPerson, from_model(Studio, FOUNDING)):  # type: ignore[misc]
    PERSON = "领衔人的公民身份号码"
    SECTIONS = (Section("工作室", ("organization", "person", *FOUNDING)),)

    organization = forms.ModelChoiceField(label="所在单位", queryset=Organization.objects.none())

    def __init__(self, *args: Any, user: User, **options: Any) -> None:
        super().__init__(*args, user=user, **options)
        tops = outermost_bodies(user, FILERS)
        field: Any = self.fields["organization"]
        field.queryset = Organization.objects.visible_to(user).order_by("path")
        field.initial = tops[0].pk if tops else None

    @property
    def founding(self) -> Founding:
        return Founding(**{name: self.cleaned_data[name] for name in FOUNDING})


class StudioNamingForm(forms.Form):
    """At which level, by which document, when."""

    level = forms.ChoiceField(label="级别", choices=Studio.Level.choices)
    document_number = ProseField(label="认定文号", max_length=60)
    named_on = forms.DateField(label="认定日期", widget=DayInput())

    def __init__(self, *args: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        self.fields["named_on"].initial = timezone.localdate()


class MemberForm(_WithPerson):
    PERSON = "成员的公民身份号码"

    joined_on = forms.DateField(label="加入日期", widget=DayInput())


class LeavingForm(forms.Form):
    left_on = forms.DateField(label="离开日期", widget=DayInput())


class ProjectForm(_WithPerson, from_model(StudioProject, TASK)):  # type: ignore[misc]
    PERSON = "第一完成人的公民身份号码"
    SECTIONS = (Section("项目", ("title", "person", "starts_on", "ends_on", "goals")),)
    WIDE = frozenset({"goals"})

    @property
    def task(self) -> Task:
        return Task(**{name: self.cleaned_data[name] for name in TASK})


class BoostForm(from_model(BoostYear, ("year", "progress", "accounts"))):  # type: ignore[misc]
    REFUSED_AT = dict.fromkeys(("boost-before-title", "boost-not-in-progress", "boost-years-over", "boost-before-the-first", "boost-year-not-begun", "boost-year-undecided"), "year")  # fmt: skip

    def __init__(self, *args: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        self.fields["year"].initial = timezone.localdate().year


class BoostFindingForm(ReasonForm):
    verdict = forms.ChoiceField(
        label="评审结论", choices=[("passed", "通过"), ("failed", "未通过")]
    )

    @property
    def told(self) -> dict[str, Any]:
        return {
            "is_passed": self.cleaned_data["verdict"] == "passed",
            "note": self.cleaned_data["note"],
        }
