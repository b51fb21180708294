"""Red flags in rosters (名册疑点): the auditors' own joins, one statement each, asked before money moves.

A flag accuses nobody and changes nothing: it says which rows to look at, and which line they crossed.
The lines are parameters of the policy; what the other academy of a double booking is, nobody is told.
"""

from __future__ import annotations

import json
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING, Any

from django.db import connection

from academies.rules import parameters_in_force, standards_of
from academies.selectors.academies import academies_in_scope, classes_in_scope

if TYPE_CHECKING:
    from collections.abc import Sequence
    from decimal import Decimal

    from academies.models import Academy, TrainingClass
    from organizations.models import User

FOLDER = Path(__file__).with_name("sql")
CLASSES_SHOWN = 6


@dataclass(frozen=True, slots=True)
class Flag:
    """One pattern: ``line`` and ``found`` are said with the parameter's numbers and with what was found."""

    code: str
    title: str
    parameter: str
    line: str
    found: str
    #: The rows of the year to open where no class is meant in particular.
    rows: str = "person-times"

    def words(self, numbers: Sequence[Decimal]) -> str:
        return self.line.format(*(f"{number.normalize():f}" for number in numbers))


FLAGS = (
    Flag(
        "two_places", "同一人同日两处", "", "同一天只能在一处线下培训", "{}人同日列在两处的名册上"
    ),
    Flag(
        "copied", "名册照搬上年", "flag_copied", "与上年一个班重合达{}%（{}人以上的班）", "{}个班"
    ),
    Flag(
        "at_threshold",
        "人数恰好达标",
        "flag_threshold",
        "超过标准不多于{}人",
        "全年{}人",
        rows="persons",
    ),
    Flag(
        "one_employer",
        "学员来自同一单位",
        "flag_employer",
        "同一单位占{}%以上（{}人次以上）",
        "占{}%",
    ),
    Flag("one_phone", "多人共用一个电话", "", "一个电话只对应一名学员", "{}人与他人登记同一电话"),
    Flag("full_attendance", "全班全勤", "flag_attendance", "{}人以上的班人人100%", "{}个班"),
    Flag("over_planned", "人数超过计划", "flag_over_planned", "超过计划人数{}%以上", "{}个班"),
    Flag("over_room", "人数超过场地", "", "名册人数不超过登记的场地可容纳人数", "{}个班"),
    Flag("holidays", "节假日上课", "", "国务院办公厅公布的放假日", "{}个班"),
    Flag("long_days", "每日学时过多", "flag_hours", "平均每日超过{}学时", "{}个班"),
    Flag("age", "年龄不符", "flag_age", "开班时满{}岁以上或不满{}岁", "{}人"),
)
PARAMETERS = frozenset(flag.parameter for flag in FLAGS if flag.parameter)


@dataclass(frozen=True, slots=True)
class Suspicion:
    """What one flag found at one academy in a year, with the classes to open."""

    academy: Academy
    flag: Flag
    line: str
    words: str
    classes: list[TrainingClass]
    class_count: int


def suspicions(user: User, year: int) -> list[Suspicion]:
    """Every flag that is up in a year at the academies within reach, the gravest kinds first.

    A flag whose line no policy states is not asked.
    """
    academies = {academy.pk: academy for academy in academies_in_scope(user)}
    values: dict[str, Any] = {
        "year": year,
        "academies": list(academies),
        "thresholds": _thresholds(academies, year),
    }
    lines = parameters_in_force(PARAMETERS, date(year, 12, 31))
    found: list[tuple[Flag, str, int, list[int], Any]] = []
    with connection.cursor() as cursor:
        for flag in FLAGS:
            stated = lines.get(flag.parameter, ())
            if flag.parameter and not stated:
                continue
            line, least = (*stated, None, None)[:2]
            statement = (FOLDER / f"flag_{flag.code}.sql").read_text(encoding="utf-8")
            values |= {"line": _whole(line), "least": _whole(least)}
            cursor.execute(statement, values)
            found += [(flag, flag.words(stated), *row) for row in cursor.fetchall()]
    named = _classes(user, [pk for _, _, _, classes, _ in found for pk in classes])
    return [
        Suspicion(
            academies[pk],
            flag,
            line,
            flag.found.format(f"{number:f}" if hasattr(number, "normalize") else number),
            [named[one] for one in sorted(classes)[:CLASSES_SHOWN] if one in named],
            len(classes),
        )
        for flag, line, pk, classes, number in found
    ]


def _whole(number: Decimal | None) -> int | None:
    return None if number is None else int(number)


def _thresholds(academies: dict[int, Academy], year: int) -> str:
    """By tier, how many persons the standard of the year asks for, as JSON."""
    tiers = sorted({academy.tier for academy in academies.values()})
    asked = [
        {"tier": tier, "least": int(limit)}
        for tier, standards in standards_of(tiers, year).items()
        for criterion in standards.evaluation.criteria
        if criterion.fact == "trained_persons"
        and (limit := standards.evaluation.limit_of(criterion)) is not None
    ]
    return json.dumps(asked)


def _classes(user: User, pks: list[int]) -> dict[int, TrainingClass]:
    return classes_in_scope(user).in_bulk(pks)
