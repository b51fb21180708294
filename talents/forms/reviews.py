"""Marking, drawing, and keeping the pool of experts."""

from __future__ import annotations

from typing import Any

from django import forms
from django.db.models import Q

from organizations.models import Organization, User
from organizations.roles import STAFF, Role
from organizations.scoping import outermost_bodies
from pages.forms import CorrectionFields, ProseField, Section, WordsForm, from_model
from talents.models import Expert, Review
from talents.models.reviews import FORCES, LEAST_MARK, MOST_MARK
from talents.services.drawing import MOST_SEED
from workflow.corrections import version_of

MOST_UNITS = 2_000
EXPERT_FIELDS = ("name", "unit", "fields", "user", "left_on")


class SeedForm(forms.Form):
    """The number that the draw follows from, chosen in front of witnesses."""

    seed = forms.IntegerField(
        label="随机种子",
        min_value=0,
        max_value=MOST_SEED,
        help_text="当场公开产生的数，如当日福利彩票开奖号码；凭它任何人都可重做同一次抽取",
    )


class ReleaseForm(WordsForm):
    """Nothing but an opinion is asked."""


class MarksForm(forms.Form):
    """The five marks of one paper, or stepping back from it."""

    SECTIONS = (
        Section("评分", tuple(f"mark_{force}" for force in FORCES)),
        Section("评语与回避", ("remark", "is_recused")),
    )
    REFUSED_AT = {"recusal-without-reason": "remark", "marks-missing": "mark_leading"}
    WIDE = frozenset({"remark", "is_recused"})

    remark = ProseField(
        label="评语",
        required=False,
        max_length=500,
        help_text="评价依据；回避的写明缘由",
        widget=forms.Textarea(attrs={"rows": 3}),
    )
    is_recused = forms.BooleanField(
        label="回避",
        required=False,
        help_text="认出人选，或与其有亲属、师徒、同事等关系的，请选择回避",
    )

    def __init__(self, *args: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        for force, label in FORCES.items():
            self.fields[f"mark_{force}"] = forms.DecimalField(
                label=label,
                min_value=LEAST_MARK,
                max_value=MOST_MARK,
                max_digits=5,
                decimal_places=2,
                required=False,
                help_text=f"{LEAST_MARK}至{MOST_MARK}分",
            )

    @staticmethod
    def initial_of(review: Review) -> dict[str, Any]:
        names = (*(f"mark_{force}" for force in FORCES), "remark", "is_recused")
        return {name: getattr(review, name) for name in names}


class _ExpertFields(from_model(Expert, EXPERT_FIELDS)):  # type: ignore[misc]
    """Units and accounts are offered as far as this account may see them."""

    def __init__(self, *args: Any, user: User, **options: Any) -> None:
        super().__init__(*args, **options)
        units = Organization.objects.visible_to(user).order_by("path")
        self.fields["unit"].queryset = units
        serving = Q(memberships__role=Role.EXPERT)
        accounts = User.objects.visible_to(user).filter(serving).distinct().order_by("username")
        self.fields["user"].queryset = accounts


class ExpertForm(_ExpertFields):
    """A new expert, in the pool of one of the bodies that this account serves."""

    SECTIONS = (Section("专家", ("organization", "code", *EXPERT_FIELDS)),)
    REFUSED_AT = {"expert-code-taken": "code"}

    organization = forms.ModelChoiceField(
        label="专家库所属工会", queryset=Organization.objects.none()
    )
    code = ProseField(label="专家编号", max_length=20, help_text="大写字母、数字和短横线，如 E01")

    def __init__(self, *args: Any, user: User, **options: Any) -> None:
        super().__init__(*args, user=user, **options)
        bodies = outermost_bodies(user, STAFF)
        field: Any = self.fields["organization"]
        field.queryset = Organization.objects.filter(pk__in=[body.pk for body in bodies])
        field.initial = bodies[0].pk if bodies else None

    @property
    def facts(self) -> dict[str, Any]:
        """What is entered, the pool apart."""
        return {k: v for k, v in self.cleaned_data.items() if k != "organization"}

    def clean_code(self) -> str:
        return self.cleaned_data["code"].upper()


class ExpertCorrectionForm(CorrectionFields, _ExpertFields):
    SECTIONS = (Section("专家", EXPERT_FIELDS), Section("依据", ("note",)))

    @staticmethod
    def initial_of(expert: Expert) -> dict[str, Any]:
        facts = {name: getattr(expert, name) for name in EXPERT_FIELDS}
        return facts | {"version": version_of(expert)}
