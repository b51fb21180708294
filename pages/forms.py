"""Fields and forms that every app asks with."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any, NamedTuple

from django import forms
from django.core.exceptions import ValidationError
from django.utils import timezone

from pages.selectors import draft_of
from workflow.texts.folding import fold_prose
from workflow.texts.identity import PROBLEMS, Identity, read_identity
from workflow.texts.occupations import OCCUPATION_PATTERN, OCCUPATION_WORDS, folded_occupation

if TYPE_CHECKING:
    from collections.abc import Sequence

    from django.db import models
    from django.http import QueryDict

    from pages.permissions import SignedRequest

#: In the address of a form: filled in with what was kept of it.
RESUME = "draft"
SHORTEST_REASON, LONGEST_REASON = 4, 200


class DayInput(forms.DateInput):
    """A day as the browser's own calendar takes it: ISO, in whatever language the page is."""

    input_type = "date"

    def __init__(self, attrs: dict[str, Any] | None = None) -> None:
        super().__init__(attrs, format="%Y-%m-%d")


class ProseField(forms.CharField):
    """Text with full-width digits folded and stray blanks removed."""

    def to_python(self, value: Any) -> str | None:
        return super().to_python(fold_prose(value) if isinstance(value, str) else value)


class OccupationField(ProseField):
    """A code of the list of occupations, whatever dashes and digits are typed."""

    def clean(self, value: Any) -> str:
        code = folded_occupation(super().clean(value) or "")
        if code and not re.fullmatch(OCCUPATION_PATTERN, code):
            raise ValidationError(OCCUPATION_WORDS, code="occupation-code-unusable")
        return code


class IdentityField(forms.CharField):
    """公民身份号码, checked by date and check digit."""

    default_error_messages = {"required": "请填写公民身份号码"}

    def __init__(self, **options: Any) -> None:
        widget = forms.TextInput(
            attrs={"autocomplete": "off", "spellcheck": "false", "inputmode": "text"}
        )
        super().__init__(label="公民身份号码", max_length=40, widget=widget, **options)

    def clean(self, value: Any) -> Identity | None:
        text = super().clean(value)
        if not text:
            return None
        identity = read_identity(text, today=timezone.localdate())
        if identity.problem:
            raise ValidationError(PROBLEMS[identity.problem], code=identity.problem)
        return identity


class ReasonForm(forms.Form):
    """Why something is taken back, left out or corrected; it stands in the record."""

    note = ProseField(
        label="事由",
        min_length=SHORTEST_REASON,
        max_length=LONGEST_REASON,
        help_text="写明依据，计入留痕记录",
        widget=forms.Textarea(attrs={"rows": 2}),
    )


class WordsForm(forms.Form):
    """The same where a decision can do without."""

    note = ProseField(
        label="事由或意见",
        max_length=LONGEST_REASON,
        required=False,
        widget=forms.Textarea(attrs={"rows": 2}),
    )


class Versioned(forms.Form):
    """The version that a row was shown in, so that nobody types over what others put right."""

    version = forms.IntegerField(widget=forms.HiddenInput, min_value=0)

    @property
    def words(self) -> dict[str, Any]:
        """What every service that corrects something is called with."""
        return {name: self.cleaned_data[name] for name in ("version", "note")}


class CorrectionFields(ReasonForm, Versioned):
    """What every correction is sent with besides the facts: why, and the version it was shown in."""


class Section(NamedTuple):
    """Fields of a form that stand together; what no section names follows after the last."""

    title: str
    fields: Sequence[str]


def from_model(model: type[models.Model], names: Sequence[str]) -> type[forms.Form]:
    """A form to derive from, with these fields of ``model``: label, length, choices, help, as there."""
    fields = forms.fields_for_model(model, names, formfield_callback=_field_of)
    return type(f"{model.__name__}Fields", (forms.Form,), dict(fields))


def _field_of(field: models.Field, **options: Any) -> forms.Field | None:
    """Words are folded, days are asked with a calendar, what is left open is called 未填."""
    if field.choices:
        made = field.formfield(**options)
        if field.blank and isinstance(made, forms.ChoiceField):
            made.choices = [("", "未填"), *field.flatchoices]
        return made
    kind = field.get_internal_type()
    if kind in {"CharField", "TextField"}:
        options["form_class"] = ProseField
    elif kind == "DateField":
        options["widget"] = DayInput
    return field.formfield(**options)


def posted(request: SignedRequest) -> QueryDict | None:
    """What was typed: sent, or kept as a draft that somebody goes on with; else None.

    An empty POST is a POST.
    """
    if request.method == "POST":
        return request.POST
    draft = draft_of(request.user, request.path) if RESUME in request.GET else None
    return draft.typed() if draft else None
