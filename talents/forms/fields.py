"""Fields that read what people type: numbers with blanks, months in many styles, a unit by name."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django import forms
from django.core.exceptions import ValidationError

from organizations.models import Organization
from pages.forms import ProseField
from talents.models.persons import month_label
from talents.models.standards import EDUCATIONS, ETHNICITIES, POLITICAL_STATUSES
from talents.rules import evidence
from talents.selectors.units import MOST_NEAR, units_named
from talents.services.scans import ACCEPTED, Scan
from workflow.texts.folding import fold_code, fold_prose

if TYPE_CHECKING:
    from collections.abc import Sequence

    from django.db.models import QuerySet


class MonthField(forms.CharField):
    """A calendar month as a number; ``2010年1月``, ``2010.1`` and ``2010-01`` are all understood."""

    default_error_messages = {"required": "请填写年月"}

    def __init__(self, *, may_be_open: bool = False, **options: Any) -> None:
        self.may_be_open = may_be_open
        hint = "至今" if may_be_open else "2010年1月"
        widget = forms.TextInput(attrs={"placeholder": hint, "autocomplete": "off", "size": 10})
        super().__init__(max_length=20, widget=widget, required=not may_be_open, **options)

    def prepare_value(self, value: Any) -> Any:
        return month_label(value) if isinstance(value, int) else value

    def clean(self, value: Any) -> int | None:
        text = super().clean(value)
        if self.may_be_open and evidence.is_open_end(text):
            return None
        month = evidence.month_of(text)
        if month is None:
            raise ValidationError(f"“{text}”不是年月，请写作2010年1月", code="month-unreadable")
        return month


class PickOne(forms.Select):
    """A choice among the words of a list; other words that are on file are offered as well."""

    def optgroups(self, name: str, value: list[str], attrs: dict[str, Any] | None = None) -> list:
        groups = super().optgroups(name, value, attrs)
        listed = {word for word, _ in self.choices}
        for word in value:
            if word not in listed:
                at = len(groups)
                option = self.create_option(name, word, word, selected=True, index=at)
                groups.append((None, [option], at))
        return groups


class PickField(ProseField):
    """Words of a national standard, picked; what an earlier table said in other words is kept."""

    def __init__(self, label: str, words: Sequence[str]) -> None:
        choices = [("", "未填"), *((word, word) for word in words)]
        widget = PickOne(choices=choices, attrs={"autocomplete": "off"})
        super().__init__(label=label, required=False, max_length=20, widget=widget)


class StandardWordsForm(forms.Form):
    """What is said about a person in the words of national standards."""

    ethnicity = PickField("民族", ETHNICITIES)
    education = PickField("学历", EDUCATIONS)
    political_status = PickField("政治面貌", POLITICAL_STATUSES)


class CertificateField(forms.CharField):
    """The number of a certificate, however it was typed."""

    def __init__(self, **options: Any) -> None:
        widget = forms.TextInput(attrs={"autocomplete": "off", "spellcheck": "false"})
        facts = {"label": "证书编号", "max_length": 30, "required": False, "widget": widget}
        super().__init__(**{**facts, **options})

    def clean(self, value: Any) -> str:
        return fold_code(super().clean(value)).upper()


class UnitPicker(forms.TextInput):
    """A name typed; where it is a part of several names, these are there to choose from.

    A choice is sent after what was typed, under the same name, and counts.
    """

    template_name = "talents/_unit_picker.html"
    near: Sequence[Organization] = ()

    def get_context(self, *args: Any) -> dict[str, Any]:
        return super().get_context(*args) | {"near": self.near}


class UnitField(forms.CharField):
    """An organization in scope, by its name, code or 统一社会信用代码; by a part of these it is looked for."""

    default_error_messages = {"required": "请填写推荐单位"}

    def __init__(self, **options: Any) -> None:
        widget = UnitPicker(attrs={"list": "units", "autocomplete": "off"})
        super().__init__(max_length=120, widget=widget, **options)
        self.queryset: QuerySet[Organization] = Organization.objects.none()

    def prepare_value(self, value: Any) -> Any:
        return value.name if isinstance(value, Organization) else value

    def clean(self, value: Any) -> Organization | None:
        text = super().clean(value)
        if not text:
            return None
        code = fold_code(text)
        by_code = self.queryset.filter(uscc=code.upper()) if len(code) == 18 else None  # noqa: PLR2004
        found = list(by_code[:2]) if by_code is not None else []
        found = found or list(self.queryset.filter(name=fold_prose(text))[:MOST_NEAR])
        found = found or list(self.queryset.filter(code=code)[:2])
        if len(found) == 1:
            return found[0]
        near = found or units_named(self.queryset, text)
        picker: Any = self.widget
        picker.near = near
        if found:
            message = f"名为“{text}”的组织不止一个，请在下面选定，或改填统一社会信用代码"
            raise ValidationError(message, code="ambiguous-organization")
        message = f"在您的范围内没有“{text}”，请填写组织机构库中的全称或统一社会信用代码"
        if near:
            message = f"没有全称为“{text}”的单位，请在下面名称或编码相近的单位中选定，或改填全称"
        raise ValidationError(message, code="unknown-organization")


class ScanField(forms.FileField):
    """A stamped paper or picture as a ``Scan``; what is taken, by content, whoever keeps it says."""

    def __init__(self, **options: Any) -> None:
        attrs = {"accept": ACCEPTED}
        widget = forms.FileInput(attrs=attrs)
        super().__init__(max_length=200, allow_empty_file=True, widget=widget, **options)

    def clean(self, data: Any, initial: Any = None) -> Scan | None:
        file = super().clean(data, initial)
        return Scan(file.read(), file.name) if file else None
