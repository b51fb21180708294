"""How sums go out."""

from __future__ import annotations

from typing import Any

from rest_framework import serializers

from subsidies.models.funds import CENTS, DIGITS


def yuan(label: str, **options: Any) -> serializers.DecimalField:
    """A sum as text with two decimals: no client makes a float of it by accident."""
    return serializers.DecimalField(
        max_digits=DIGITS, decimal_places=CENTS, read_only=True, label=label, **options
    )
