"""Training workbooks in the city's layout, small, with whatever fault a test wants in them."""

import io
import random
from datetime import UTC, date, datetime, timedelta

import xlsxwriter

WEIGHTS = (7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2)
CLASS_HEADINGS = (
    "班次编号", "班次名称", "特色专业（工种）", "培训形式", "是否实操", "开始日期", "结束日期", "学时",
    "培训地点", "计划人数",
)  # fmt: skip
ROSTER_HEADINGS = (
    "班次编号", "姓名", "公民身份号码", "工作单位", "职业（工种）", "出勤率", "考核结果", "培训前等级",
    "培训后等级", "证书编号",
)  # fmt: skip


def identity(number):
    """A valid identity number that is nobody's."""
    body = f"110199{1970 + number % 30}{1 + number % 12:02}{1 + number % 28:02}{number % 1000:03}"
    total = sum(int(digit) * weight for digit, weight in zip(body, WEIGHTS, strict=True))
    return body + "10X98765432"[total % 11]


def a_class(number="2025-001", **cells):
    row = {
        "班次编号": number,
        "班次名称": "电工能力提升班",
        "特色专业（工种）": "焊工",
        "培训形式": "线下",
        "是否实操": "否",
        "开始日期": date(2025, 5, 9),
        "结束日期": date(2025, 5, 12),
        "学时": 16,
        "培训地点": "实训楼1",
        "计划人数": 60,
    }
    return [(row | cells)[heading] for heading in CLASS_HEADINGS]


def a_line(person=1, number="2025-001", **cells):
    row = {
        "班次编号": number,
        "姓名": f"学员{'甲乙丙丁戊己庚辛壬癸'[person % 10]}",
        "公民身份号码": identity(person),
        "工作单位": "首钢技师学院",
        "职业（工种）": "电工",
        "出勤率": "95%",
        "考核结果": "合格",
        "培训前等级": "中级工",
        "培训后等级": "中级工",
        "证书编号": None,
    }
    return [(row | cells)[heading] for heading in ROSTER_HEADINGS]


SHEETS = ("培训班", "学员名册")


def workbook(classes=None, roster=None, *, order=SHEETS, further=(), **title):
    """The two sheets, each under its merged title, and further rosters by the name of their sheet.

    A title says ``owner`` and ``year``, or whatever ``titles`` says above both.
    """
    owner, year = title.get("owner", "首钢技师学院"), title.get("year", 2025)
    titles = title.get("titles", f"{owner}{year}年度")
    classes = [a_class()] if classes is None else classes
    roster = [a_line()] if roster is None else roster
    target = io.BytesIO()
    book = xlsxwriter.Workbook(target, {"in_memory": True, "default_date_format": "yyyy-mm-dd"})
    book.set_properties({"created": datetime(2026, 1, 5, tzinfo=UTC)})  # the same bytes every time
    suffixes = ("", "") if "titles" in title else ("培训班开班情况表", "学员名册")
    contents = {
        "培训班": (titles + suffixes[0], CLASS_HEADINGS, classes),
        "学员名册": (titles + suffixes[1], ROSTER_HEADINGS, roster),
        **{name: (titles, ROSTER_HEADINGS, rows) for name, rows in dict(further).items()},
    }
    for name in (*order, *dict(further)):
        heading, headings, rows = contents[name]
        sheet = book.add_worksheet(name)
        sheet.merge_range(0, 0, 0, len(headings) - 1, heading)
        for line, row in enumerate([headings, *rows], start=1):
            for index, value in enumerate(row):
                if value is not None:
                    sheet.write(line, index, value)
    book.close()
    return target.getvalue()


def many(count):
    """A workbook of ``count`` lines, a hundred to a class, one in a hundred with a fault."""
    rng = random.Random(2025)
    classes = [
        a_class(f"2025-{n:05}", 是否实操="是" if n % 3 == 0 else "否")
        for n in range(1, count // 100 + 2)
    ]
    people = [identity_of(n) for n in range(max(1, count * 4 // 5))]
    roster = []
    for n in range(count):
        person = rng.randrange(len(people))
        before = rng.randrange(len(LADDER))
        after = min(before + (rng.random() < 0.2), len(LADDER) - 1)
        rises = after > before
        roster.append(
            a_line(
                班次编号=f"2025-{n // 100 + 1:05}",
                姓名="学员" + "".join(GIVEN[int(digit)] for digit in str(person)),
                公民身份号码=people[person],
                工作单位=f"第{person % 700}公司",
                出勤率=f"{rng.randrange(60, 101)}%",
                考核结果="合格" if rng.random() < 0.9 else "不合格",
                培训前等级=LADDER[before],
                培训后等级=LADDER[after],
                证书编号=f"Y{rng.randrange(10**14):014}{DIGITS[after]}{n:06}" if rises else None,
            )
        )
        if n % 100 == 17:
            roster[-1] = _spoilt(roster, n // 100 % 5)
    return workbook(classes, roster)


LADDER = ("无", "初级工", "中级工", "高级工", "技师", "高级技师")
DIGITS = " 54321"
GIVEN = "甲乙丙丁戊己庚辛壬癸"


def _spoilt(roster, kind):
    """The last line with one thing wrong; the same person again for every fifth."""
    line, places = list(roster[-1]), {name: n for n, name in enumerate(ROSTER_HEADINGS)}
    if kind == 0:
        line[places["公民身份号码"]] = line[places["公民身份号码"]][:-1] + "A"
    elif kind == 1:
        line[places["班次编号"]] = "2025-XXXXX"
    elif kind == 2:
        line[places["培训前等级"]], line[places["培训后等级"]] = "技师", "初级工"
        line[places["证书编号"]] = None
    elif kind == 3:
        line[places["姓名"]] = None
    else:
        for name in ("公民身份号码", "姓名"):
            line[places[name]] = roster[-2][places[name]]
    return line


def identity_of(number):
    """A valid identity number for any number up to some millions, each its own."""
    serial, days = number % 999 + 1, number // 999
    born = date(1962, 1, 1) + timedelta(days=days)
    body = f"110199{born:%Y%m%d}{serial:03}"
    total = sum(int(digit) * weight for digit, weight in zip(body, WEIGHTS, strict=True))
    return body + "10X98765432"[total % 11]
