"""Marking sheets made for tests, with numbers that pass the check digit, and boards by other means."""

from __future__ import annotations

import io
from fractions import Fraction

import xlsxwriter

HEAD = ["参赛号", "姓名", "公民身份号码", "单位", "现职业技能等级"]
COLUMNS = [
    "A1（测量,40分）",
    "B1裁判1（评价,60分）",
    "B1裁判2（评价,60分）",
    "B1裁判3（评价,60分）",
]
_WEIGHTS = (7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2)


def identity(number):
    """The identity number of the person so numbered."""
    body = f"11019919{70 + number % 30:02}0101{number % 1000:03}"
    return body + "10X98765432"[sum(int(d) * w for d, w in zip(body, _WEIGHTS, strict=True)) % 11]


def row(number, *marks, name="", level="高级工", unit="示例公司"):
    """One line of a sheet of ``COLUMNS``."""
    return [
        f"{number:03}",
        name or f"张{'甲乙丙丁戊己庚辛壬癸'[number % 10]}",
        identity(number),
        unit,
        level,
        *marks,
    ]


def book(rows, *, columns=COLUMNS, title="2026年示例竞赛（市级二类）焊工项目评分汇总", head=HEAD):
    content = io.BytesIO()
    with xlsxwriter.Workbook(content) as workbook:
        sheet = workbook.add_worksheet("评分表")
        sheet.write(0, 0, title)
        sheet.write_row(1, 0, [*head, *columns])
        for line, cells in enumerate(rows, start=2):
            sheet.write_row(line, 0, cells)
        sheet.write(len(rows) + 3, 0, "注：本表由主管工会核对后报送。")
    return content.getvalue()


def total(measured, *judged):
    """What a line of ``COLUMNS`` comes to, half up to two digits."""
    exact = Fraction(str(measured)) + Fraction(sum(judged) * 60, 3 * len(judged))
    hundredths = (exact * 100 + Fraction(1, 2)).__floor__()
    return f"{hundredths // 100}.{hundredths % 100:02}"
