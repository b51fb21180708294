"""Putting a master and an apprentice together; beginning somebody's cultivation, reporting of it."""

from __future__ import annotations

from typing import Any

from django import forms

from organizations.models import Organization, User
from organizations.scoping import outermost_bodies
from pages.forms import (
    DayInput,
    IdentityField,
    ProseField,
    ReasonForm,
    Section,
    WordsForm,
    from_model,
)
from talents.models import Cultivation, CultivationReport, Mentorship, Person, SkillLevel
from talents.permissions import FILERS
from talents.rules.titles import people_steps
from talents.services.persons import person_with
from talents.workflow.cultivation import Course
from talents.workflow.growth import Agreement

FACTS = ("trade", "goals", "starts_on", "ends_on")


def known_person(identity: str, user: User) -> Person:
    """The person of that number, if this account may see them; else said at the field."""
    known = person_with(identity)
    if known is None or not Person.objects.visible_to(user).filter(pk=known.pk).exists():
        message = "在您的管辖范围内没有登记这个人，请先登记人员档案"
        raise forms.ValidationError(message, code="unknown-person")
    return known


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
        return known_person(self.cleaned_data[name].text, self.user)

    @property
    def agreement(self) -> Agreement:
        return Agreement(**{name: self.cleaned_data[name] for name in FACTS})


class FinishForm(ReasonForm):
    """How the apprentice did."""

    REFUSED_AT = {"level-without-certificate": "level", "early-without-reason": "early_reason"}

    level = forms.ChoiceField(
        label="出师时等级",
        required=False,
        choices=[("", "未取得新等级"), *SkillLevel.choices],
        help_text="协议开始以来取得的新等级，须已登记证书和发证年份",
    )
    early_reason = ProseField(
        label="提前出师事由",
        max_length=200,
        required=False,
        help_text="带教未满政策规定的最短年限的须写明，已满的不填",
    )


def why_begun_so() -> ProseField:
    """Asked where it begins on a day gone by, or for fewer months than the policy says."""
    return ProseField(
        label="补登或缩短事由",
        max_length=200,
        required=False,
        help_text="开始日期在今天以前，或者培育期短于政策规定的须写明",
    )


class CultivationForm(from_model(Cultivation, ("plan", "starts_on"))):  # type: ignore[misc]
    """For whom, for which step, at which body, from when."""

    SECTIONS = (
        Section("培育对象", ("person", "organization", "step", "mentor")),
        Section("方案", ("starts_on", "months", "plan", "begun_for")),
    )
    WIDE = frozenset({"plan"})
    REFUSED_AT = {"beginning-without-reason": "begun_for"}

    organization = forms.ModelChoiceField(label="培养单位", queryset=Organization.objects.none())
    step = forms.ChoiceField(label="培育层级")
    months = forms.IntegerField(
        label="培育期（月）", min_value=1, max_value=60, required=False, help_text="不填的按政策"
    )
    begun_for = why_begun_so()

    def __init__(self, *args: Any, user: User, **options: Any) -> None:
        super().__init__(*args, **options)
        self.user = user
        field: Any = self.fields["organization"]
        field.queryset = Organization.objects.visible_to(user).order_by("path")
        self.steps = people_steps()
        choices: Any = self.fields["step"]
        choices.choices = [(key, tier.title) for key, (_, tier) in self.steps.items()]
        for name, label in (("person", "培育对象的公民身份号码"), ("mentor", "导师的公民身份号码")):
            self.fields[name] = IdentityField(required=name == "person")
            self.fields[name].label = label

    def clean_person(self) -> Person:
        return known_person(self.cleaned_data["person"].text, self.user)

    def clean_mentor(self) -> Person | None:
        given = self.cleaned_data["mentor"]
        return known_person(given.text, self.user) if given else None

    @property
    def course(self) -> Course:
        facts = self.cleaned_data
        scheme, tier = self.steps[facts["step"]]
        return Course(
            scheme, tier.code, tier.title, facts["plan"], facts["starts_on"], facts["months"],
            facts["begun_for"],
        )  # fmt: skip


class PassForm(WordsForm):
    """How it ended, and by which decision the certificate is given; why before its time."""

    REFUSED_AT = {"early-without-reason": "early_reason"}

    early_reason = forms.CharField(
        label="提前评价事由",
        max_length=500,
        required=False,
        help_text="培育期未满的须写明，如“第一批大国工匠培育对象提前完成任务，统一组织评价”；已满的不填",
    )

    document_number = forms.CharField(
        label="合格文号",
        max_length=60,
        required=False,
        help_text="期满评价的文件文号，如“京工发〔2028〕6号”，印在证书上；没有的不填",
    )

    field_order = ("early_reason", "document_number", "note")

    def __init__(self, *args: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        self.fields["note"].label = "评价意见"
        self.fields["note"].required = True


class ExtendForm(ReasonForm):
    """Until when it goes on."""

    until = forms.DateField(label="延至", widget=DayInput, help_text="新的培育期满日期")

    field_order = ("until", "note")


class MoveForm(ReasonForm):
    """To which unit somebody changes, or to which post of the same."""

    organization = forms.ModelChoiceField(
        label="培养单位", queryset=Organization.objects.none(), help_text="只变岗位的，仍选原单位"
    )
    post = ProseField(label="新岗位", max_length=60, required=False)

    field_order = ("organization", "post", "note")

    def __init__(self, *args: Any, user: User, **options: Any) -> None:
        super().__init__(*args, **options)
        field: Any = self.fields["organization"]
        field.queryset = Organization.objects.visible_to(user).order_by("path")


class MidtermForm(WordsForm):
    """How the union finds it in the middle."""

    finding = forms.ChoiceField(
        label="中期结论",
        choices=CultivationReport.Finding.choices,
        widget=forms.RadioSelect,
        help_text="认定进度滞后的，请写明事由；只作提醒，不影响期满评价",
    )

    field_order = ("finding", "note")


class ReportForm(forms.Form):
    """How it goes."""

    words = ProseField(
        label="培育情况",
        min_length=10,
        max_length=4_000,
        help_text="对照方案写明各项目标、课程、项目进展和存在问题",
        widget=forms.Textarea(attrs={"rows": 8}),
    )
