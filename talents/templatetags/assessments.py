"""Stored verdicts in the words and signs of the components."""

from __future__ import annotations

from django import template

from talents.selectors.nominations import VERDICT_CODES

register = template.Library()


@register.filter
def verdict_code(overall: int | None) -> str:
    """The code of a stored verdict for ``{% verdict %}``; None is 未核验."""
    return VERDICT_CODES[overall]
