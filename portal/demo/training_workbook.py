"""An academy's training workbook as academies really hand it in: two sheets, a few lines at fault."""

from __future__ import annotations

import io
from datetime import date, timedelta
from random import Random
from typing import TYPE_CHECKING

import xlsxwriter

from portal.demo.workbook import GIVEN, MEN, SURNAMES, WRITTEN_AT, identity_number

if TYPE_CHECKING:
    from collections.abc import Sequence

CLASSES = (
    "班次编号", "班次名称", "特色专业（工种）", "培训形式", "是否实操", "开始日期", "结束日期", "学时",
    "培训地点", "计划人数",
)  # fmt: skip
ROSTER = (
    "班次编号", "姓名", "公民身份号码", "工作单位", "职业（工种）", "出勤率", "考核结果", "培训前等级",
    "培训后等级", "证书编号",
)  # fmt: skip
LADDER = ("初级工", "中级工", "高级工", "技师")
A_YEAR, A_CLASS, SECOND_TIME = 1040, 35, 12
#: Of a hundred who sit in a class, so many rise a level; more by one in twenty each year.
PASSING = 0.95
RISING = {2024: 18.0, 2025: 19.0, 2026: 20.0}
FAULTS = {97: "identity", 311: "class", 640: "level"}
DAY = "yyyy-mm-dd"


def of_year(academy: str, year: int, brands: Sequence[str], host: str) -> bytes:
    """The workbook of one year, the same bytes every time."""
    random = Random(f"{academy}/{year}")  # noqa: S311 - demo data, the same every time
    count = -(-A_YEAR // A_CLASS)
    target = io.BytesIO()
    book = xlsxwriter.Workbook(target, {"in_memory": True})
    book.set_properties({"created": WRITTEN_AT})
    sheets = {
        "培训班": (CLASSES, [_class(year, number, brands) for number in range(1, count + 1)]),
        "学员名册": (ROSTER, _roster(random, year, brands, host)),
    }
    bold = book.add_format({"bold": True, "border": 1})
    day = book.add_format({"num_format": DAY})
    for title, (headings, rows) in sheets.items():
        sheet = book.add_worksheet(title)
        sheet.merge_range(0, 0, 0, len(headings) - 1, f"{academy}{year}年度{title}", bold)
        sheet.write_row(1, 0, headings, bold)
        for line, row in enumerate(rows, start=2):
            for column, cell in enumerate(row):
                sheet.write(line, column, cell, day if isinstance(cell, date) else None)
    book.close()
    return target.getvalue()


def _class(year: int, number: int, brands: Sequence[str]) -> list[object]:
    brand = brands[number % len(brands)]
    starts = date(year, 3, 4) + timedelta(days=8 * (number - 1))
    return [
        f"{year}-{number:03}", f"{brand}{('技能提升班', '岗位练兵班', '新技术研修班')[number % 3]}", brand,
        "线下" if number % 5 else "线上线下结合", "是" if number % 5 == 0 else "否", starts,
        starts + timedelta(days=2 + number % 3), (16, 24, 40)[number % 3],
        f"实训楼{1 + number % 4}", 40,
    ]  # fmt: skip


def _roster(random: Random, year: int, brands: Sequence[str], host: str) -> list[list[object]]:
    rows: list[list[object]] = []
    for place in range(A_YEAR):
        number = f"{year}-{place // A_CLASS + 1:03}"
        if place % SECOND_TIME == SECOND_TIME - 1 and place > A_CLASS:
            known = rows[place - A_CLASS - 1]
            attended = f"{random.randint(80, 100)}%"
            row = [number, *known[1:5], attended, "合格", *known[8:9] * 2, ""]
        else:
            row = _person(random, year, number, brands, host)
        if fault := FAULTS.get(place):
            _spoil(row, fault)
        rows.append(row)
    return rows


def _person(
    random: Random, year: int, number: str, brands: Sequence[str], host: str
) -> list[object]:
    male = random.random() < MEN
    name = random.choice(SURNAMES) + "".join(random.sample(GIVEN, random.choice((1, 2, 2))))
    born = random.randint(1968, 2003), random.randint(1, 12)
    identity = identity_number(random, year=born[0], month=born[1], male=male)
    before = random.randrange(len(LADDER) - 1)
    passed = random.random() < PASSING
    rises = passed and random.random() * 100 < RISING[year]
    return [
        number, name, identity, host, random.choice(brands), f"{random.randint(75, 100)}%",
        "合格" if passed else "不合格", LADDER[before], LADDER[before + rises], "",
    ]  # fmt: skip


def _spoil(row: list[object], fault: str) -> None:
    """One thing wrong, as it happens: a slip in the number, a class that is not listed, a level that falls."""
    if fault == "identity":
        row[2] = f"{row[2]}"[:-1] + ("1" if f"{row[2]}"[-1] != "1" else "2")
    elif fault == "class":
        row[0] = f"{row[0]}"[:5] + "099"
    else:
        row[7], row[8] = "技师", "中级工"
