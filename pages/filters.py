"""Questions that lists of every app ask alike."""

from __future__ import annotations

import django_filters
from django import forms


def search_filter(label: str, example: str) -> django_filters.CharFilter:
    """The wide box for words; the filters answer it with their method ``search``."""
    widget = forms.TextInput(attrs={"type": "search", "placeholder": example, "wide": True})
    return django_filters.CharFilter(label=label, method="search", widget=widget, max_length=60)
