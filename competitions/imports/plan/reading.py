"""One row of the plan read on its own: cells into facts, each fault at its cell."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from competitions.imports.plan.form import (
    CHOICES,
    DAYS,
    HEADERS,
    IN_ORDER,
    LABELS,
    NUMBERS,
    OF_CONTEST,
    OF_ITEM,
)
from competitions.models import Competition, Item
from competitions.models.competitions import (
    CODE_PATTERN,
    CODE_WORDS,
    FIRST_YEAR,
    LAST_YEAR,
)
from intake.kinds.registers import Fault
from workflow.texts.days import written_day
from workflow.texts.folding import fold_code, fold_header, fold_prose
from workflow.texts.numbers import natural
from workflow.texts.occupations import OCCUPATION_PATTERN, OCCUPATION_WORDS, folded_occupation

if TYPE_CHECKING:
    from collections.abc import Mapping
    from datetime import date

    from organizations.models import Organization

#: What people write where there is none.
NONE_SUCH = frozenset({"无", "—", "-", "/"})
_CODE, _OCCUPATION = re.compile(CODE_PATTERN), re.compile(OCCUPATION_PATTERN)


@dataclass(slots=True)
class Row:
    """One row as read; ``contest_facts`` and ``facts`` hold only what it speaks of."""

    line: int
    contest_code: str
    code: str
    year: int | None = None
    organizer: Organization | None = None
    contest_facts: dict[str, Any] = field(default_factory=dict)
    facts: dict[str, Any] = field(default_factory=dict)
    #: Code of the stage that it follows; "" for none; None: not spoken of.
    follows: str | None = None
    contest: Competition | None = None  # on file
    item: Item | None = None  # on file

    @property
    def name(self) -> str:
        return self.facts.get("name") or self.code


@dataclass(frozen=True, slots=True)
class Reader:
    """Reads one row; ``bodies`` by code and by name (None: of several), ``tiers`` of its contest by title."""

    line: int
    cells: dict[str, str]
    bodies: dict[str, Organization | None]
    tiers: Mapping[str, str]
    faults: list[Fault]

    def row(self) -> Row:
        row = Row(self.line, self.code("contest"), self.code("item"))
        row.year, row.organizer = self.year(), self.organizer()
        for key, name in OF_CONTEST.items():
            self._fill(row.contest_facts, key, name, Competition)
        for key in OF_ITEM:
            if key != "follows":
                self._fill(row.facts, key, key, Item)
        row.follows = self._follows()
        self._check_order()
        return row

    def refuse(self, key: str, code: str, message: str) -> None:
        self.faults.append(Fault(self.line, key, code, message))

    def _fill(self, facts: dict[str, Any], key: str, name: str, model: Any) -> None:
        """A blank cell leaves things as they are; “无” takes away what may be empty."""
        text = fold_prose(self.cells[key])
        if not text:
            if key in {"contest_name", "level", "name"}:
                self.refuse(key, "cell-empty", f"{HEADERS[key]}不能为空")
        elif text in NONE_SUCH and key not in {"contest_name", "name"}:
            column = model._meta.get_field(name)
            facts[name] = None if column.null else column.get_default()
        else:
            facts[name] = self._value(key, text, model._meta.get_field(name))

    def _value(self, key: str, text: str, column: Any) -> Any:
        if key in DAYS:
            return self._day(key, text)
        if key in NUMBERS:
            return self._number(key, text)
        if key in CHOICES:
            return self._choice(key, text, CHOICES[key], LABELS[key], "word-unknown")
        if key == "entry_tier":
            titles = list(dict.fromkeys(self.tiers))
            return self._choice(key, text, self.tiers, titles, "tier-unknown")
        if key == "occupation_code":
            return self._occupation(key, text)
        if len(text) > column.max_length:
            self.refuse(key, "text-too-long", f"{HEADERS[key]}超过{column.max_length}个字")
        return text

    def _choice(
        self, key: str, text: str, known: Mapping[str, str], labels: list[str], code: str
    ) -> str | None:
        value = known.get(fold_header(text))
        if value is None:
            message = f"{HEADERS[key]}“{text[:30]}”不在允许范围内：{'、'.join(labels)}"
            self.refuse(key, code, message)
        return value

    def _occupation(self, key: str, text: str) -> str:
        code = folded_occupation(text)
        if not _OCCUPATION.fullmatch(code):
            self.refuse(key, "occupation-code-unusable", f"“{text[:20]}”：{OCCUPATION_WORDS}")
        return code

    def _number(self, key: str, text: str) -> int | None:
        least, most = NUMBERS[key]
        number = natural(fold_code(text).removesuffix("人").removesuffix("名"))
        if number is None or not least <= number <= most:
            self.refuse(key, "number-invalid", f"“{text[:20]}”应为{least}至{most}的整数")
            return None
        return number

    def _day(self, key: str, text: str) -> date | None:
        day = as_day(text)
        if day is None or not FIRST_YEAR <= day.year <= LAST_YEAR:
            message = f"“{text[:20]}”应为真实的日期，如 2026-09-01"
            self.refuse(key, "date-invalid", message)
        return day

    def code(self, key: str) -> str:
        code = fold_code(self.cells[key])
        longest = Item._meta.get_field("code").max_length or 0
        if not code:
            self.refuse(key, "cell-empty", f"{HEADERS[key]}不能为空")
        elif len(code) > longest or not _CODE.fullmatch(code):
            self.refuse(key, "code-unusable", f"“{code[:40]}”：{CODE_WORDS}，至多{longest}个字")
        return code

    def year(self) -> int | None:
        year = year_in(self.cells["year"])
        if year is None:
            message = f"年度应在{FIRST_YEAR}至{LAST_YEAR}之间，如 2026"
            self.refuse("year", "number-invalid", message)
        return year

    def organizer(self) -> Organization | None:
        text = fold_code(self.cells["organizer"])
        if not text:
            self.refuse("organizer", "cell-empty", "主办单位不能为空")
            return None
        body = self.bodies.get(text.upper()) or self.bodies.get(fold_header(text))
        if body is None:
            message = f"没有编码或名称为“{text[:40]}”的组织，或有几个同名的，请改填组织编码"
            self.refuse("organizer", "unknown-organization", message)
        return body

    def _follows(self) -> str | None:
        text = fold_code(self.cells["follows"])
        return "" if text in NONE_SUCH else text or None

    def _check_order(self) -> None:
        for first, last in IN_ORDER:
            days = (as_day(self.cells[first]), as_day(self.cells[last]))
            if all(days) and days[1] < days[0]:  # type: ignore[operator]
                message = f"不能早于{HEADERS[first]}"
                self.refuse(last, "days-out-of-order", message)


def as_day(text: str) -> date | None:
    """A day as written, or as a cell that is a date gives it: with a time after it."""
    return written_day(fold_code(text).split("T")[0])


def year_in(text: str) -> int | None:
    """The year of a contest, with 年 or 年度 or without; None where there is none."""
    year = natural(fold_code(text).removesuffix("年").removesuffix("年度"))
    return year if year is not None and FIRST_YEAR <= year <= LAST_YEAR else None
