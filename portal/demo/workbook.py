"""The demo round's workbook: synthetic candidates in the layout that unions really send.

Identity numbers use the unassigned county 110199, so that they are nobody's.
"""

from __future__ import annotations

import io
from datetime import UTC, datetime
from random import Random
from typing import TYPE_CHECKING

import xlsxwriter

if TYPE_CHECKING:
    from collections.abc import Iterable

WRITTEN_AT = datetime(2026, 3, 2, tzinfo=UTC)
SURNAMES = "王李张刘陈杨赵黄周吴徐孙胡朱高林何郭马罗梁宋郑谢韩唐冯于董萧程曹袁邓许傅沈曾彭吕"
GIVEN = "志强建国伟东海燕春梅晓丽国庆立军思雨文博雪松桂兰玉芳新华卫平怡然子轩宇航俊杰佳宁永刚"
NAMED = (
    ("曾怡刚", "工业机器人系统操作员", "高级技师", (("2008.7", "至今"),)),
    ("周海兰", "集成电路管芯装架工", "技师", (("2012年3月", "2017年8月"), ("2016年1月", "至今"))),
    ("朴永哲", "数控车工", "高级技师", (("2006.09", "至今"),)),
    ("单晓燕", "中式面点师", "技师", (("2021.08", "至今"),)),
)
TRADES = (
    "数控车工", "焊工", "电工", "钳工", "工业机器人系统操作员", "集成电路管芯装架工",
    "城轨列车司机", "汽车维修工", "砌筑工", "中式面点师", "中式烹调师", "化工总控工",
)  # fmt: skip
LEVELS = {"高级工": "3", "技师": "2", "高级技师": "1"}
DEEDS = (
    "牵头攻关两项“卡脖子”工艺，良品率由91%提高到97%",
    "主持关键工序改进三项，年节约成本约60万元",
    "带徒五人，均取得高级工证书",
    "获国家实用新型专利两件并在本单位应用",
    "编写岗位操作规程，被集团采用为培训教材",
    "在全市职工技能竞赛中任教练，三名选手进入决赛",
)
HONOURS = ("", "", "首都劳动奖章", "全国技术能手", "北京市职工技术能手", "区级工匠")
FORCES = ("引领力", "实践力", "创新力", "攻关力", "传承力")
CATEGORIES = (
    "产业工人", "产业工人", "其他一线职工", "产业工人", "科教人员", "产业工人", "其他一线职工",
    "管理人员", "产业工人", "单位负责人",
)  # fmt: skip
#: Beside what the form prints: what the round's call counts.
STANDING = ("人员类别", "农民工", "非公有制单位", "重点产业")
HEADINGS = (
    "序号", "姓名", "性别", "民族", "出生年月", "公民身份号码", "政治面貌", "学历", "工作单位",
    "统一社会信用代码", "职务/岗位", "职业（工种）", "职业技能等级", "证书编号", "一线工作经历",
    "获得荣誉", "专利成果数", "带徒人数",
)  # fmt: skip
WEIGHTS = (7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2)
CHECK_DIGITS = "10X98765432"
NO_CAREER, ONE_SEGMENT, MEN = 0.04, 0.7, 0.65


def identity_number(random: Random, *, year: int, month: int, male: bool) -> str:
    sequence = random.randrange(1, 500) * 2 - (1 if male else 0)
    body = f"110199{year}{month:02}{random.randint(1, 28):02}{sequence:03}"
    return body + check_character(body)


def check_character(body: str) -> str:
    """The last character of a number whose first seventeen are ``body``."""
    total = sum(int(digit) * weight for digit, weight in zip(body, WEIGHTS, strict=True))
    return CHECK_DIGITS[total % 11]


def _career(random: Random) -> list[tuple[str, str]]:
    kind = random.random()
    if kind < NO_CAREER:
        return []
    start = random.randint(2005, 2022)
    if kind < ONE_SEGMENT:
        return [(f"{start}.{random.randint(1, 12)}", "至今")]
    middle = start + random.randint(2, 4)
    return [
        (f"{start}年{random.randint(1, 12)}月", f"{middle}年{random.randint(1, 12)}月"),
        (f"{min(middle + random.randint(-1, 2), 2025)}.{random.randint(1, 12):02}", "至今"),
    ]


def _standing(number: int) -> tuple[str, ...]:
    """What a candidate counts as in the make-up of the slate."""
    category = CATEGORIES[number % len(CATEGORIES)]
    return (category, *("是" if number % every == 0 else "否" for every in (7, 3, 4)))


def candidates(units: list[tuple[str, str]], count: int, seed: int = 20260630) -> Iterable[list]:
    """Rows of the table; about one in sixty has a fault that the import must find."""
    random = Random(seed)  # noqa: S311 - demo data, the same every time
    for number in range(1, count + 1):
        name = random.choice(SURNAMES) + "".join(random.sample(GIVEN, random.choice((1, 2, 2))))
        trade, level = random.choice(TRADES), random.choice((*LEVELS, *LEVELS, ""))
        career: Iterable[tuple[str, str]] = _career(random)
        if number <= len(NAMED):
            name, trade, level, career = NAMED[number - 1]
        male = random.random() < MEN
        year, month = random.randint(1966, 2000), random.randint(1, 12)
        identity = identity_number(random, year=year, month=month, male=male)
        if number % 61 == 0:
            identity = identity[:-1] + CHECK_DIGITS[(CHECK_DIGITS.index(identity[-1]) + 3) % 11]
        unit, uscc = units[(number * 7) % len(units)]
        digit = LEVELS.get(level, "")
        if number % 53 == 0 and digit:
            digit = "4"
        certificate = (
            f"S{random.randrange(10**11, 10**12)}19{digit}{random.randrange(10**6):06}"
            if digit
            else ""
        )
        forces = [f"{force}：{random.choice(DEEDS)}" for force in FORCES]
        if number % 29 == 0:
            forces[random.randrange(5)] = ""
        yield [
            number, name, "男" if male else "女", random.choice(("汉族", "汉族", "汉族", "回族", "满族")),
            f"{year}年{month}月", identity, random.choice(("中共党员", "群众", "共青团员")),
            random.choice(("中专", "大专", "本科", "研究生")), unit, uscc,
            random.choice(("班组长", "操作工", "技术骨干")), trade, level, certificate,
            "；".join(f"{a}至{b} {unit} {trade}" if b != "至今" else f"{a}至今 {unit} {trade}"
                     for a, b in career),
            random.choice(HONOURS), random.randint(0, 6), random.randint(0, 9), *forces,
            1 + (number % 3), f"120{random.randrange(10**8):08}", *_standing(number),
        ]  # fmt: skip


def number_of(line: int) -> str:
    """The identity number in that line of the table."""
    *_, row = candidates([("", "")], line)
    return str(row[5])


def summary_table(rows: Iterable[list], *, title: str) -> bytes:
    """An XLSX with title, two-row merged header, data and a footnote."""
    target = io.BytesIO()
    book = xlsxwriter.Workbook(target, {"in_memory": True})
    book.set_properties({"created": WRITTEN_AT})  # so that the same rows are the same file
    sheet = book.add_worksheet("汇总表")
    bold = book.add_format({"bold": True, "align": "center", "valign": "vcenter", "border": 1})
    sheet.merge_range(0, 0, 0, 24 + len(STANDING), title, bold)
    sheet.write(1, 0, "填报单位（盖章）：北京市总工会")
    for column, heading in enumerate(HEADINGS):
        sheet.merge_range(2, column, 3, column, heading, bold)
    sheet.merge_range(2, 18, 2, 22, "“工匠五力”情况", bold)
    for offset, force in enumerate(FORCES):
        sheet.write(3, 18 + offset, force, bold)
    sheet.merge_range(2, 23, 3, 23, "推荐排序", bold)
    sheet.merge_range(2, 24, 3, 24, "联系电话", bold)
    for column, heading in enumerate(STANDING, start=25):
        sheet.merge_range(2, column, 3, column, heading, bold)
    line = 4
    for row in rows:
        sheet.write_row(line, 0, row)
        line += 1
    sheet.write(line + 1, 0, "注：一线工作经历填写一线生产现场岗位，按时间先后。")
    book.close()
    return target.getvalue()
