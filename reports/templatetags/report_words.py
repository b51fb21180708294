"""How figures and their standings read, for templates."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django import template

from policies.rules.findings import figure as plain
from policies.rules.targets import Standing

if TYPE_CHECKING:
    from decimal import Decimal

    from reports.models import Figure

register = template.Library()

ABSENT = "—"
#: Colour family and sign; the words stand beside them.
LOOKS = {
    Standing.MET: ("good", "check"),
    Standing.SHORT: ("bad", "cross"),
    Standing.OVER: ("warn", "up"),
    Standing.ADVISED: ("warn", "warning"),
    Standing.NOT_DUE: ("info", "clock"),
    Standing.NO_DATA: ("plain", "question"),
    Standing.NOT_APPLICABLE: ("plain", "info"),
}
SIGNS = {"good": "✓", "bad": "✗", "warn": "!", "info": "…", "plain": "–"}


@register.inclusion_tag("reports/_standing.html")
def standing(code: str) -> dict[str, str]:
    """达到 / 未达到 / … with colour and sign."""
    tone, icon = LOOKS[Standing(code)]
    return {"tone": tone, "icon_name": icon, "label": str(Standing(code).label)}


@register.filter
def standing_tone(code: str) -> str:
    return LOOKS[Standing(code)][0]


@register.filter
def sign(code: str) -> str:
    """The sign that says without colour how a figure stands, where there is no room for words."""
    return SIGNS[standing_tone(code)]


@register.filter
def amount(value: Decimal | None) -> str:
    """A figure as people write it; — where there is none."""
    return ABSENT if value is None else plain(value)


@register.filter
def plan(figure: Figure) -> str:
    """What was planned, a span as a span: 1至2."""
    return plan_words(figure)


def plan_words(figure: Figure) -> str:
    if figure.planned is None:
        return ABSENT
    if figure.planned_most is not None:
        return f"{plain(figure.planned)}至{plain(figure.planned_most)}"
    return plain(figure.planned)
