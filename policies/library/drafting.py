"""The text of a next edition: that of the one in force with some of its figures changed.

What comes out is a file like any other: read, refused and digested by the same loader.
"""

from __future__ import annotations

import json
import tomllib
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from enum import StrEnum
from typing import TYPE_CHECKING, Any

from policies.facts import facts_named
from policies.library import SECTIONS, value_kind
from policies.library.policy import INFERRED_MARKS, Criterion, Parameter, Severity, Target

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from policies.library.policy import Article

#: The head of a draft that stands in the file under the same name.
HEAD_FIELDS = (
    "title", "status", "document_number", "issued_on", "effective_from", "effective_until",
    "summary", "note",
)  # fmt: skip
#: What of the head its document now states, so that it is no default of ours any more.
STATED = {"effective_from", "effective_until", "status"}
PERCENT, FIRST_YEAR, LAST_YEAR, MOST_DAYS = 100, 2000, 2100, 3660
#: The figures and switches of an item that can be set, with their names.
LABELS = {
    "at_least": "不少于", "at_most": "不多于", "equals": "等于", "tolerance": "“左右”的容差",
    "number": "数值", "numbers": "各项数值", "enabled": "启用", "yuan": "金额", "years": "年数",
    "days": "期限", "day_kind": "期限的计法", "start_counts": "起始日计为第一日",
    "share_at_least": "所占百分比", "severity": "性质", "rounding": "取整方式", "softness": "要求",
    "tolerance_percent": "“左右”的幅度", "year": "年度", "every_years": "几年一个周期",
    "cycle_begins": "首个周期的起始年", "by": "截至年度", "at_end_of": "截至年末",
    "first_rank": "自第几名", "last_rank": "至第几名", "to": "晋升等级", "then": "已持该等级者晋升",
}  # fmt: skip
_PERCENTS = {"share_at_least", "tolerance_percent"}
_CALENDAR_YEARS = {"year", "cycle_begins", "by", "at_end_of"}


@dataclass(frozen=True, slots=True)
class Setting:
    """One figure or switch of an item: its kind and bounds, and what it is set to."""

    name: str
    kind: type
    value: Any
    is_list: bool = False
    unit: str = ""
    least: int = 0
    most: int | None = None
    decimals: int = 2
    choices: tuple[str, ...] = ()

    @property
    def label(self) -> str:
        return LABELS[self.name]


def settings_of(item: Article, written: Mapping[str, Any]) -> Iterator[Setting]:
    """What can be set about an item: of its figures and switches those that its file writes."""
    for name in LABELS:
        if name not in written:
            continue
        kind, is_list = value_kind(type(item), name)
        least, most, decimals = _bounds(item, name)
        choices: tuple[str, ...] = ()
        if issubclass(kind, StrEnum):
            # alternatives are of one severity; what a human judges has no figure to judge by
            if isinstance(item, Criterion) and (item.group or item.severity is Severity.HUMAN):
                continue
            choices = tuple(c for c in kind if not isinstance(item, Criterion) or c != "human")
        unit = item.unit if isinstance(item, Parameter) else "%" if name in _PERCENTS else ""
        yield Setting(
            name, kind, getattr(item, name), is_list, unit, least, most, decimals, choices
        )


def _bounds(item: Article, name: str) -> tuple[int, int | None, int]:
    """Least, most, digits behind the point."""
    if name in _CALENDAR_YEARS:
        return FIRST_YEAR, LAST_YEAR, 0
    if name in _PERCENTS or (isinstance(item, Parameter) and item.unit == "%"):
        return 0, PERCENT, 2
    if name == "days":
        return 1, MOST_DAYS, 0
    if isinstance(item, Target) and name == "every_years":
        return (1, 1, 0) if item.cycle_begins is None else (2, None, 0)
    facts = facts_named(item.fact) if isinstance(item, Criterion) else []
    return 0, None, min((fact.decimals for fact in facts), default=2)


def written_items(text: str) -> dict[tuple[str, str], dict[str, Any]]:
    """What the file itself says of each item, by section and code."""
    data = tomllib.loads(text, parse_float=Decimal)
    return {(s, item["code"]): item for s in SECTIONS for item in data.get(s, [])}


def mark_of(number: int) -> str:
    """Under which mark an edition cites the document it follows."""
    return f"N{number}"


def revised(
    text: str,
    head: Mapping[str, Any],
    document: Mapping[str, str],
    changes: Mapping[tuple[str, str], Mapping[str, Any]],
) -> str:
    """The text of the edition after the one in ``text``.

    ``changes`` sets keys of items, by section and code; each cites the ``document`` (publisher,
    title, published). Sources that nothing cites any more are left out.
    """
    data = tomllib.loads(text, parse_float=Decimal)
    number, ends = data["edition"] + 1, data.get("effective_until")
    data |= {"edition": number, **{name: head[name] for name in HEAD_FIELDS}}
    data["supersedes"] = ends is not None and head["effective_from"] < ends
    data["default_fields"] = [n for n in data.get("default_fields", []) if n not in STATED]
    for section in SECTIONS:
        for item in data.get(section, []):
            if change := changes.get((section, item["code"])):
                for name in ("quote", "gist", "clause", "note", "default"):
                    item.pop(name, None)
                item |= {**change, "source": [mark_of(number)]}
    if changes:
        data["sources"][mark_of(number)] = {"grade": "A", **document}
    cited = {mark for item in _items(data) for mark in _marks(item)} - INFERRED_MARKS.keys()
    data["sources"] = {m: s for m, s in data.get("sources", {}).items() if m in cited}
    return dumped(data)


def _items(data: Mapping[str, Any]) -> Iterator[dict[str, Any]]:
    for section in SECTIONS:
        yield from data.get(section, [])


def _marks(item: Mapping[str, Any]) -> list[str]:
    source = item["source"]
    return source if isinstance(source, list) else [source]


def dumped(data: Mapping[str, Any]) -> str:
    """A policy's table as TOML; what is empty is left out."""
    tables = {"sources", *SECTIONS}
    parts = [_table("", {key: value for key, value in data.items() if key not in tables})]
    parts += [_table(f"[sources.{m}]\n", source) for m, source in data["sources"].items()]
    parts += [_table(f"[[{s}]]\n", item) for s in SECTIONS for item in data.get(s, [])]
    return "\n".join(parts)


def _table(header: str, values: Mapping[str, Any]) -> str:
    said = {name: value for name, value in values.items() if value not in (None, "", [])}
    return header + "".join(f"{name} = {_literal(value)}\n" for name, value in said.items())


def _literal(value: Any) -> str:
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, Decimal):
        return f"{value:f}"
    if isinstance(value, date):
        return value.isoformat()
    if isinstance(value, list | tuple):
        return f"[{', '.join(map(_literal, value))}]"
    if isinstance(value, str):
        return json.dumps(value, ensure_ascii=False).replace("\x7f", "\\u007f")
    return str(value)
