"""Entering and correcting an academy."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django import forms
from django.core.exceptions import ValidationError

from academies.models import Academy
from academies.services.academies import code_fault, code_of
from organizations.models import Organization
from pages.forms import CorrectionFields, DayInput, ProseField, from_model
from workflow.texts.folding import fold_code, fold_prose

if TYPE_CHECKING:
    from organizations.models import User

LONGEST_BRAND = 60


class BodyField(forms.CharField):
    """An organization by its code or its full name."""

    def __init__(self, **options: Any) -> None:
        widget = forms.TextInput(attrs={"autocomplete": "off"})
        super().__init__(max_length=120, widget=widget, help_text="编码或全称", **options)
        self.queryset = Organization.objects.none()

    def prepare_value(self, value: Any) -> Any:
        return value.code if isinstance(value, Organization) else value

    def clean(self, value: Any) -> Organization | None:
        text = super().clean(value)
        if not text:
            return None
        found = list(self.queryset.filter(code=fold_code(text).upper())[:1])
        found = found or list(self.queryset.filter(name=fold_prose(text))[:2])
        if len(found) != 1:
            message = f"没有找到唯一的“{text}”，请填写组织机构库中的编码"
            raise ValidationError(message, code="unknown-organization")
        return found[0]


FACTS = Academy.CORRECTABLE.fields


class AcademyForm(from_model(Academy, FACTS)):  # type: ignore[misc]
    """What is on file about an academy; brands one a line."""

    tier = forms.ChoiceField(label="层级", choices=Academy.Tier.choices)
    host = BodyField(label="举办单位", required=False)
    supervising_union = BodyField(label="主管工会")
    brands = forms.CharField(
        label="特色专业（工种）",
        required=False,
        max_length=2000,
        help_text="每行一个",
        widget=forms.Textarea(attrs={"rows": 4}),
    )

    field_order = (*FACTS, "brands")

    def __init__(self, *args: Any, user: User, **options: Any) -> None:
        super().__init__(*args, **options)
        bodies = Organization.objects.visible_to(user)
        self.fields["host"].queryset = bodies
        self.fields["supervising_union"].queryset = bodies.exclude(kind=Organization.Kind.UNIT)

    def clean_brands(self) -> list[str]:
        lines = (fold_prose(line) for line in self.cleaned_data["brands"].splitlines())
        brands = list(dict.fromkeys(line for line in lines if line))
        if any(len(brand) > LONGEST_BRAND for brand in brands):
            raise ValidationError(f"有一项超过{LONGEST_BRAND}个字", code="text-too-long")
        return brands

    def clean(self) -> None:
        cleaned = self.cleaned_data
        ended, begun = cleaned.get("withdrawn_on"), cleaned.get("designated_on")
        if ended and begun and ended < begun:
            self.add_error("withdrawn_on", "撤销日期不能早于命名日期")

    def facts(self) -> dict[str, Any]:
        return {name: self.cleaned_data[name] for name in FACTS}


class NewAcademyForm(AcademyForm):
    """An academy that is not on file yet."""

    code = ProseField(label="编码", max_length=40)

    field_order = ("code",)

    def clean_code(self) -> str:
        code = code_of(self.cleaned_data["code"])
        if message := code_fault(code):
            raise ValidationError(message, code="code-unusable")
        if Academy.objects.filter(code=code).exists():
            raise ValidationError(f"编码“{code}”已登记", code="code-repeated")
        return code


class AcademyCorrectionForm(CorrectionFields, AcademyForm):  # type: ignore[misc]
    """The same, with the reason, and since when brands come or go."""

    brands_since = forms.DateField(
        label="品牌变动日期",
        required=False,
        widget=DayInput,
        help_text="新增的从这一天起、删去的到这一天止；漏登、错登的可填以往日期，不填为今天",
    )

    field_order = (*FACTS, "brands", "brands_since", "note")


def academy_initial(academy: Academy) -> dict[str, Any]:
    initial = {name: getattr(academy, name) for name in (*FACTS, "version")}
    return initial | {"brands": "\n".join(academy.standing_brands())}
