"""The questions one may ask of who looked at lists."""

from __future__ import annotations

import django_filters
from django import forms

from pages.filters import YesNoFilter
from talents.models import NoticeCheck


class CheckFilter(django_filters.FilterSet):
    """By whether the list could be read."""

    is_up = YesNoFilter(
        label="能否查看",
        widget=forms.Select(choices=[("", "全部"), ("true", "能够查看"), ("false", "不能查看")]),
    )

    class Meta:
        model = NoticeCheck
        fields = ()
