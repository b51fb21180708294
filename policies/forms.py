"""What is asked about policies: by which document something is as it is, and what the next edition says."""

from __future__ import annotations

import re
from copy import copy
from decimal import Decimal, InvalidOperation
from typing import TYPE_CHECKING, Any

from django import forms
from django.utils import timezone

from pages.forms import LONGEST_REASON, CorrectionFields, ProseField, Section, from_model
from policies.library.defaults import item_at
from policies.library.drafting import settings_of, written_items
from policies.library.editions import policy_by_digest
from policies.models import DefaultConfirmation, EditionDraft
from policies.models.drafts import HEAD
from policies.rules.candidates import candidate
from policies.services.drafts import with_change
from policies.wording import CHOICES, setting_words

if TYPE_CHECKING:
    from policies.library.drafting import Setting

LONGEST_QUOTE = 1000
PARTED = re.compile(r"[、,，;；\s]+")


class ConfirmationForm(from_model(DefaultConfirmation, ["document_number", "decided_on"])):  # type: ignore[misc]
    """The document by which defaults are meant as they stand."""

    REFUSED_AT = {"document-not-issued": "decided_on"}

    note = ProseField(
        label="说明",
        max_length=LONGEST_REASON,
        required=False,
        help_text="如会议纪要的条目、与选定取值有关的原话",
        widget=forms.Textarea(attrs={"rows": 2}),
    )

    def clean_decided_on(self) -> object:
        day = self.cleaned_data["decided_on"]
        if day > timezone.localdate():
            raise forms.ValidationError("文件日期不能晚于今日")
        return day


class HeadForm(from_model(EditionDraft, HEAD)):  # type: ignore[misc]
    """By which document the next edition is as it is, since when, and what it is called."""

    SECTIONS = (
        Section("所据文件", ("document_title", "document_number", "publisher", "issued_on")),
        Section("适用期间", ("effective_from", "effective_until")),
        Section("新版次", ("title", "status", "summary", "provenance")),
    )
    WIDE = ("document_title", "title", "summary", "provenance", "note")
    REFUSED_AT = {"base-outdated": None}

    def __init__(self, data: Any, *, draft: EditionDraft, **options: Any) -> None:
        initial = {name: getattr(draft, name) for name in HEAD} | {"version": draft.version}
        super().__init__(data, initial=initial, **options)
        self.draft = draft
        for name in ("summary", "provenance"):
            self.fields[name].widget = forms.Textarea(attrs={"rows": 3})

    def facts(self) -> dict[str, Any]:
        return {name: self.cleaned_data[name] for name in HEAD}

    def clean(self) -> dict[str, Any] | None:
        """The dates follow on from the editions before, as the loader has it."""
        cleaned = super().clean() or self.cleaned_data
        if self.errors:
            return cleaned
        tried = copy(self.draft)
        for name in HEAD:
            setattr(tried, name, cleaned[name])
        for field, words in candidate(tried).faults_of_head():
            self.add_error(field if field in self.fields else None, words)
        return cleaned


class HeadCorrectionForm(CorrectionFields, HeadForm):
    """The same put right."""


class NumbersField(forms.CharField):
    """A short list of figures, parted as people part them."""

    def to_python(self, value: Any) -> list[Decimal] | None:  # type: ignore[override]
        text = super().to_python(value)
        if not text:
            return None
        try:
            return [Decimal(part) for part in PARTED.split(text.strip()) if part]
        except InvalidOperation as error:
            raise forms.ValidationError("请填写数字，用顿号隔开") from error


class ItemForm(forms.Form):
    """One item of a draft: each figure by its kind and bounds, and the words it now rests on."""

    WIDE = ("title", "quote", "remark")

    version = forms.IntegerField(widget=forms.HiddenInput, min_value=1)
    title = ProseField(label="名称", max_length=200)
    quote = ProseField(
        label="新文件的原文",
        max_length=LONGEST_QUOTE,
        help_text="逐字照录；文件未写明取值的，写与之有关的原话或要点，并勾选下一项",
        widget=forms.Textarea(attrs={"rows": 3}),
    )
    default = forms.BooleanField(label="含有文件未写明、由系统选定的默认", required=False)
    clause = ProseField(label="条款", max_length=60, required=False, help_text="如 第六条第二款")
    remark = ProseField(
        label="说明",
        max_length=LONGEST_QUOTE,
        required=False,
        help_text="含有默认的，写明为何这样选定；确认过的内容如有改动，须重新确认",
        widget=forms.Textarea(attrs={"rows": 3}),
    )

    def __init__(self, data: Any, *, draft: EditionDraft, at: tuple[str, str]) -> None:
        self.draft, self.at = draft, at
        policy = candidate(draft).policy or policy_by_digest(draft.base.digest)
        item = item_at(policy, *at)
        written = written_items(draft.base.text)[at]
        self.settings = list(settings_of(item, written))
        base = settings_of(item_at(policy_by_digest(draft.base.digest), *at), written)
        #: What the edition before says, so that only what differs is kept as changed.
        self.before = {s.name: list(s.value) if s.is_list else s.value for s in base}
        initial: dict[str, Any] = {"version": draft.version, "title": item.title}
        initial |= {"remark": item.note, "default": item.default}
        if at in draft.changed:  # the words of the edition before are not those of the new document
            initial |= {"quote": item.quote or item.gist, "clause": item.clause}
        self.is_silent = bool(item.gist)
        super().__init__(data, initial=initial)
        figures = {setting.name: _field_of(setting) for setting in self.settings}
        self.fields = {**figures, **self.fields}
        self.SECTIONS = (
            Section("取值", tuple(figures)),
            Section("依据", ("title", "quote", "default", "clause", "remark")),
        )

    def change(self) -> dict[str, Any]:
        """What the item is to say, as it is kept: figures as text, so that none is rounded."""
        cleaned = self.cleaned_data
        key = "gist" if cleaned["default"] and self.is_silent else "quote"
        words = {key: cleaned["quote"]}
        wording = {
            "title": cleaned["title"],
            "clause": cleaned["clause"],
            "note": cleaned["remark"],
        }
        wording = {name: text for name, text in wording.items() if text}
        default = {"default": True} if cleaned["default"] else {}
        figures = {
            name: _kept(cleaned[name]) for name, was in self.before.items() if cleaned[name] != was
        }
        return {**figures, **words, **wording, **default}

    def clean(self) -> dict[str, Any]:
        """What the loader would refuse is said at its field."""
        cleaned = super().clean() or self.cleaned_data
        if cleaned.get("default") and not cleaned.get("remark"):
            self.add_error("remark", "系统选定的默认须写明为何这样选定")
        if self.errors:
            return cleaned
        tried = copy(self.draft)
        tried.changes = with_change(self.draft, self.at, self.change())
        for field, words in candidate(tried).faults_of(self.at, candidate(self.draft)):
            self.add_error(field if field in self.fields else None, words)
        return cleaned


def _kept(value: Any) -> Any:
    if isinstance(value, list):
        return [_kept(entry) for entry in value]
    return f"{value:f}" if isinstance(value, Decimal) else value


def _field_of(setting: Setting) -> forms.Field:
    """The input of one figure or switch: by its kind, unit and bounds."""
    unit = f"（{setting.unit}）" if setting.unit else ""
    common: dict[str, Any] = {"label": f"{setting.label}{unit}", "initial": setting.value}
    if setting.is_list:
        words = setting_words(setting.name, setting.value)
        return NumbersField(**common | {"initial": words}, max_length=60, help_text="用顿号隔开")
    if setting.kind is bool:
        choices = [("True", "是"), ("False", "否")]
        return forms.TypedChoiceField(**common, choices=choices, coerce=lambda v: v == "True")
    if setting.choices:
        labels = CHOICES[setting.name]
        return forms.ChoiceField(**common, choices=[(str(c), labels[c]) for c in setting.choices])
    bounds: dict[str, Any] = {"min_value": setting.least, "max_value": setting.most}
    if setting.kind is int:
        return forms.IntegerField(**common, **bounds)
    return forms.DecimalField(
        **common, **bounds, max_digits=16, decimal_places=setting.decimals, localize=False
    )
