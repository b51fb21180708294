"""A report as JSON."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

from django.utils import timezone

if TYPE_CHECKING:
    from collections.abc import Iterable
    from decimal import Decimal

    from reports.models import Figure, TargetReport


def statement(report: TargetReport, figures: Iterable[Figure]) -> dict[str, Any]:
    """The report in the shape that other systems read; a total stands under the root's code."""
    sealed_at = report.sealed_at and timezone.localtime(report.sealed_at).isoformat()
    return {
        "policy": report.policy,
        "edition": report.policy_edition.edition,
        "year": report.year,
        "organization": report.place_code,
        "sealed_at": sealed_at,
        "sha256": report.sha256,
        "report_edition": report.edition_no,
        "figures": [
            {
                "measure": figure.measure,
                "organization": figure.place_code,
                "planned": number(figure.planned),
                "actual": number(figure.actual),
                "met": figure.met,
                "note": figure.note,
            }
            for figure in figures
        ],
    }


def statement_text(report: TargetReport, figures: Iterable[Figure]) -> str:
    return json.dumps(statement(report, figures), ensure_ascii=False, indent=2) + "\n"


def number(value: Decimal | None) -> int | float | None:
    """A figure as JSON and spreadsheets have it: whole where it is whole."""
    if value is None:
        return None
    return int(value) if value == value.to_integral_value() else float(value)
