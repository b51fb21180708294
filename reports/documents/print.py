"""A report as PDF: A4, Chinese faces embedded, page numbers, the hash in every footer."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any

from django.utils import timezone

from pages.documents import printed
from policies.rules.findings import figure as plain
from policies.rules.targets import Standing
from reports.selectors.outline import outline_of
from reports.templatetags.report_words import LOOKS, plan_words

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence
    from datetime import datetime
    from decimal import Decimal

    from reports.models import Figure, TargetReport
    from reports.rules.charts import Bar
    from reports.selectors.outline import Outline, Sheet

TEMPLATE = Path(__file__).with_name("report.typ")


def print_of(report: TargetReport, figures: Sequence[Figure]) -> bytes:
    """The report on paper."""
    return printed(TEMPLATE, _content(report, outline_of(figures)))


def _content(report: TargetReport, outline: Outline) -> dict[str, Any]:
    return {
        "title": f"{report.place_name}{report.year}年度名额报告",
        "policy": f"{report.policy_edition}",
        "edition": f"第{report.edition_no}版",
        "sha256": report.sha256,
        "facts": _facts(report),
        "tallies": [[str(s.label), count, LOOKS[s][0]] for s, count in outline.tallies],
        "totals": [_figure(f) for f in outline.totals],
        "total_bars": [_bar(b) for b in outline.total_bars],
        "unions": _sheet(outline.unions),
        "union_charts": [
            {"title": chart.figure.title, "bars": [_bar(b) for b in chart.bars]}
            for chart in outline.union_charts
        ],
        "standards": [_figure(f) for f in outline.standards],
        "shares": [
            {
                "title": s.figure.title,
                "widths": [s.met, s.short, s.open],
                "words": s.figure.note,
            }
            for s in outline.shares
        ],
        "academies": [_sheet(sheet) for sheet in outline.academies],
    }


def _facts(report: TargetReport) -> list[list[str]]:
    facts = [
        ["政策", f"{report.policy_edition}"],
        ["政策摘要值", report.policy_edition.digest],
        ["统计范围", f"{report.place_name}（{report.place_code}）及其全部下级"],
        ["数据截至", _moment(report.data_as_of)],
        ["封存时间", _moment(report.sealed_at)],
        ["封存人", report.signed_as],
        ["封存哈希", report.sha256],
    ]
    if report.reason:
        facts.insert(1, ["重新编制事由", report.reason])
    return facts


def _figure(figure: Figure) -> dict[str, str]:
    return {
        "title": figure.title,
        "period": figure.period,
        "planned": plan_words(figure),
        "actual": _number(figure.actual),
        "unit": figure.unit,
        "standing": str(Standing(figure.standing).label),
        "tone": LOOKS[Standing(figure.standing)][0],
        "note": figure.note,
    }


def _bar(bar: Bar) -> dict[str, Any]:
    return {
        "place": bar.figure.place_name,
        "title": bar.figure.title,
        "length": bar.length,
        "marks": bar.marks,
        "words": f"{_number(bar.figure.actual)} / {plan_words(bar.figure)} {bar.figure.unit}",
        "tone": LOOKS[Standing(bar.figure.standing)][0],
    }


def _sheet(sheet: Sheet) -> dict[str, Any]:
    return {
        "title": sheet.title,
        "columns": [f"{c.title}（{plan_words(c)}{c.unit}）" for c in sheet.columns.values()],
        "rows": [
            {"code": line.code, "name": line.name, "cells": list(_cells(row))}
            for line, row in sheet.rows
        ],
    }


def _cells(row: Iterable[Figure | None]) -> Iterable[list[str]]:
    for figure in row:
        if figure is None:
            yield ["", "plain"]
        else:
            standing = Standing(figure.standing)
            words = "不适用" if standing is Standing.NOT_APPLICABLE else _number(figure.actual)
            yield [words, LOOKS[standing][0]]


def _number(value: Decimal | None) -> str:
    return "无数据" if value is None else plain(value)


def _moment(moment: datetime | None) -> str:
    return f"{timezone.localtime(moment):%Y-%m-%d %H:%M:%S}" if moment else ""
