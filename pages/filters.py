"""Questions that lists of every app ask alike."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, ClassVar

import django_filters
from django import forms
from django_filters.widgets import BooleanWidget

from organizations.names import is_named
from organizations.validity import in_force
from workflow.records.wording import subject_in_words

if TYPE_CHECKING:
    from collections.abc import Callable

    from django.db.models import Q, QuerySet

    from organizations.models import User

FORCE = [("now", "在用"), ("ended", "已停用")]


def search_filter(label: str, example: str) -> django_filters.CharFilter:
    """The wide box for words; the filters answer it with their method ``search``."""
    widget = forms.TextInput(attrs={"type": "search", "placeholder": example, "wide": True})
    return django_filters.CharFilter(label=label, method="search", widget=widget, max_length=60)


class SubjectField(forms.CharField):
    """What rows are about, as records name it; asked by links only, so nobody sees or types it."""

    widget = forms.HiddenInput
    in_words = staticmethod(subject_in_words)


class SubjectFilter(django_filters.CharFilter):
    field_class = SubjectField


def choice_filter(label: str, **options: Any) -> django_filters.ChoiceFilter:
    """One of a few; the first line asks for all."""
    return django_filters.ChoiceFilter(label=label, empty_label="全部", **options)


class YesOrNo(BooleanWidget):
    """A choice of three: all rows, those it is true of, and the others."""

    def __init__(self, attrs: dict[str, Any] | None = None) -> None:
        super().__init__(attrs)
        self.choices = [("", "全部"), ("true", "是"), ("false", "否")]


class YesNoFilter(django_filters.BooleanFilter):
    """Rows something is true of, or those it is not true of."""

    def __init__(self, **options: Any) -> None:
        super().__init__(**{"widget": YesOrNo} | options)


class MineFilter(YesNoFilter):
    """Rows whose next step the reader is not barred from by what he did before, or all others."""

    def __init__(self, which: Callable[[User], Q]) -> None:
        super().__init__(label="可由我办理")
        self.which = which

    def filter(self, rows: QuerySet, value: Any) -> QuerySet:
        if value is None:
            return rows
        mine = self.which(self.parent.request.user)
        return rows.filter(mine if value else ~mine)


class ByName(django_filters.FilterSet):
    """Searched by what stands in a name, its pinyin or its initials."""

    #: The way to the row that has the name.
    NAMED_BY: ClassVar[str] = ""

    q = search_filter("姓名", "姓名中的字、拼音或首字母")

    @property
    def is_search(self) -> bool:
        """Whether somebody is looked for by name; known once the form was found valid."""
        return bool(getattr(self.form, "cleaned_data", {}).get("q"))

    def search(self, rows: QuerySet, name: str, value: str) -> QuerySet:
        return rows.filter(is_named(value, route=self.NAMED_BY))


class ByForce(django_filters.FilterSet):
    """Rows that still count, and rows that have ended."""

    force = choice_filter("状态", choices=FORCE, method="by_force")

    def by_force(self, rows: QuerySet, name: str, value: str) -> QuerySet:
        return rows.filter(in_force() if value == "now" else ~in_force())
