"""How values are written for people: money, counts, dates, months."""

from __future__ import annotations

from datetime import date, datetime
from decimal import ROUND_HALF_UP, Decimal, InvalidOperation
from typing import Any

from django import template
from django.utils import timezone

register = template.Library()

ABSENT = "—"
MONTHS = 12


@register.filter
def money(value: Any) -> str:
    """Yuan with thousands separators and 分: ``1234567.5`` is ``1,234,567.50``."""
    try:
        amount = Decimal(value).quantize(Decimal("0.01"), ROUND_HALF_UP)
    except (InvalidOperation, TypeError, ValueError):
        return ABSENT
    return f"{amount:,.2f}"


@register.filter
def count(value: Any) -> str:
    """A whole number with thousands separators; text such as ``10,000+`` passes as it is."""
    return f"{value:,}" if isinstance(value, int) else (ABSENT if value is None else str(value))


@register.filter
def chinese_date(value: Any) -> str:
    """``2026年6月30日``; a moment is first brought to local time."""
    if isinstance(value, datetime):
        value = _local(value)
    return f"{value.year}年{value.month}月{value.day}日" if isinstance(value, date) else ABSENT


@register.filter
def chinese_moment(value: Any) -> str:
    """``2026年6月30日 14:05``, local time."""
    if not isinstance(value, datetime):
        return ABSENT
    value = _local(value)
    return f"{value.year}年{value.month}月{value.day}日 {value:%H:%M}"


@register.filter
def months_in_words(value: Any) -> str:
    """``62`` is ``5年2个月``, ``11`` is ``11个月``."""
    if value is None:
        return ABSENT
    years, months = divmod(int(value), MONTHS)
    return "".join(
        part for part in (years and f"{years}年", (months or not years) and f"{months}个月") if part
    )


def _local(moment: datetime) -> datetime:
    return timezone.localtime(moment) if timezone.is_aware(moment) else moment
