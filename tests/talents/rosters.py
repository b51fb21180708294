"""汇总表 as units send them, with what must come out: made from a seed, sharing nothing with us.

The answers are worked out here by the slowest plain means (a set of months, a sum of digits), so
that they cannot be wrong in the same way as the product.
"""

import csv
import io
import random
from dataclasses import dataclass, field
from datetime import date, timedelta

import xlsxwriter

REFERENCE = date(2026, 6, 30)
WEIGHTS = (7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2)
FAULTY = 0.11
SURNAMES = "王李张刘陈杨黄赵吴周徐孙马朱胡郭何林高罗郑梁谢宋唐许邓冯韩曹曾彭萧蔡潘田董袁于余叶"
GIVEN = "伟芳娜敏静丽强磊军洋勇艳杰娟涛明超秀兰霞平刚桂英建国华红梅海新雪松桐"
TRADES = ("数控车工", "焊工", "电工", "钳工", "砌筑工", "中式面点师", "城轨列车司机")
LEVELS = {"高级技师": "1", "技师": "2", "高级工": "3"}
FORCES = ("引领力", "实践力", "创新力", "攻关力", "传承力")
GROUP = "“工匠五力”情况"
COLUMNS = (
    "序号", "姓名", "性别", "民族", "出生年月", "公民身份号码", "政治面貌", "学历", "工作单位",
    "统一社会信用代码", "职务/岗位", "职业（工种）", "职业技能等级", "证书编号", "一线工作经历",
    "获得荣誉", "专利成果数", "带徒人数", *FORCES, "推荐排序", "联系电话",
)  # fmt: skip
OTHER_NAMES = {
    "公民身份号码": ("身份证号", "身份证号码", "公民身份\n号码"),
    "出生年月": ("出生日期", "出生\n年月"),
    "工作单位": ("单位名称", "工作 单位"),
    "统一社会信用代码": ("信用代码", "统一社会\n信用代码"),
    "职业（工种）": ("职业(工种)", "工种"),
    "职业技能等级": ("技能等级", "职业技能\n等级"),
    "一线工作经历": ("一线工作经历 ", "一线工作\n经历"),
    "联系电话": ("手机号码", "电话"),
    "推荐排序": ("排序",),
}
WIDE = str.maketrans("0123456789X", "０１２３４５６７８９Ｘ")
FOOTNOTE = "注：1.一线工作经历填写一线生产现场岗位，按时间先后；2.本表由推荐单位工会审核盖章。"


@dataclass
class Expected:
    """What must come of one row; ``months`` is None without any front-line history."""

    number: int
    name: str
    identity: str
    refused: set = field(default_factory=set)  # (column, code)
    months: int | None = None
    forces_missing: int = 0
    unit: str = ""


@dataclass
class Roster:
    """One workbook before it is written: headings, rows of cells, and the answers."""

    headings: list
    groups: list
    rows: list
    expected: list
    notes: list


def check_character(body):
    total = sum(int(digit) * weight for digit, weight in zip(body, WEIGHTS, strict=True))
    return "10X98765432"[total % 11]


def identity_number(rng, sex, *, born=None):
    born = born or date(1962, 1, 1) + timedelta(days=rng.randrange(14_000))
    serial = rng.randrange(1, 500) * 2 - (1 if sex == "男" else 0)
    body = f"110199{born:%Y%m%d}{serial % 1000:03d}"
    return body + check_character(body)


def month_text(rng, year, month):
    return rng.choice(
        [f"{year}.{month}", f"{year}.{month:02}", f"{year}年{month}月", f"{year}年{month:02}月",
         f"{year}/{month:02}", f"{year}-{month:02}"]
    )  # fmt: skip


def segment_text(rng, start, end, words):
    joiner = rng.choice(["至", "—", "-", "－", "～", "——", " 至 ", " - "])
    first = month_text(rng, *start)
    last = rng.choice(["今", "今", "现在"]) if end is None else month_text(rng, *end)
    if end is None and joiner.strip() not in {"至", "—", "-"}:
        joiner = "至"
    text = f"{first}{joiner}{last} {words}"
    if rng.random() < 0.1:
        text = text.translate(WIDE)
    return text


def career(rng, unit, trade):
    """The cell and the months it covers, counted one by one."""
    if rng.random() < 0.06:
        return rng.choice(["", "", "无"]), None
    pieces, covered = [], set()
    for _ in range(rng.choice([1, 1, 1, 2, 2, 3])):
        year, month = rng.randint(2001, 2022), rng.randint(1, 12)
        start = year * 12 + month - 1
        end = None if rng.random() < 0.4 else min(start + rng.randint(0, 90), 2026 * 12 + 4)
        until = REFERENCE.year * 12 + REFERENCE.month - 1 if end is None else end
        covered |= set(range(start, until + 1))
        closing = None if end is None else (end // 12, end % 12 + 1)
        pieces.append(segment_text(rng, (year, month), closing, f"{unit} {trade}"))
    text = rng.choice(["；", ";", "\n", "； "]).join(pieces)
    return text + rng.choice(["", "", "；", "。"]), len(covered)


def birth_cell(rng, born):
    return rng.choice(
        [f"{born.year}年{born.month}月", f"{born.year}.{born.month:02}", born,
         f"{born.year}/{born.month}", f"{born.year}{born.month:02}"]
    )  # fmt: skip


def spoiled(rng, identity):
    """A faulty number, as a cell, and the code it must be refused with."""
    kind = rng.randrange(6)
    if kind == 0:
        wrong = rng.choice([c for c in "0123456789" if c != identity[17]])
        cell = identity[:17] + wrong
        return cell, "identity-rounded" if cell.endswith("000") else "identity-checksum"
    if kind == 1:
        return identity[:-1], "identity-length"
    if kind == 2:
        body = identity[:10] + "0230" + identity[14:17]
        return body + check_character(body), "identity-date"
    if kind == 3:
        return float(identity[:17] + "0"), "identity-rounded"
    if kind == 4:
        return "", "identity-missing"
    return identity[:5] + "O" + identity[6:], "identity-characters"


def dressed(rng, identity):
    """A sound number as people type it."""
    return rng.choice(
        [identity, identity, identity, f" {identity}", f"{identity[:6]} {identity[6:14]} {identity[14:]}",
         identity.lower(), identity.translate(WIDE), f"{identity}\u00a0"]
    )  # fmt: skip


def certificate(rng, level):
    digits = "".join(rng.choices("0123456789", k=14))
    return f"{rng.choice('SY')}{digits}{LEVELS[level]}{rng.randrange(10**6):06d}" if level else ""


class Maker:
    """Makes rosters from a seed; ``units`` are (name, credit code) the importer must know.

    ``clean`` keeps the columns in order and their names; ``faults`` is the share of faulty rows.
    """

    def __init__(self, seed, units, *, clean=False, faults=None):
        self.rng, self.units, self.clean = random.Random(seed), units, clean
        self.faults = (0 if clean else FAULTY) if faults is None else faults

    def roster(self, count):
        names = list(COLUMNS) if self.clean else self.shuffled()
        rows, expected, standing = [], [], {}
        for number in range(1, count + 1):
            cells, answer = self.row(number, expected, standing)
            rows.append([cells[name] for name in names])
            expected.append(answer)
        headings = [self.heading(name) for name in names]
        groups = [GROUP if name in FORCES else None for name in names]
        return Roster(headings, groups, rows, expected, [FOOTNOTE])

    def shuffled(self):
        """The columns in any order, the five forces side by side."""
        order = [name for name in COLUMNS if name not in FORCES]
        self.rng.shuffle(order)
        at = self.rng.randrange(len(order) + 1)
        return order[:at] + list(FORCES) + order[at:]

    def heading(self, name):
        if self.clean or self.rng.random() < 0.5:
            return name
        return self.rng.choice(OTHER_NAMES.get(name, (name,)))

    def row(self, number, expected, standing):
        rng = self.rng
        sex, (unit, code) = rng.choice("男女"), rng.choice(self.units)
        identity = identity_number(rng, sex)
        while identity in standing:
            identity = identity_number(rng, sex)
        name = rng.choice(SURNAMES) + "".join(rng.choices(GIVEN, k=rng.choice([1, 2])))
        trade, level = rng.choice(TRADES), rng.choice([*LEVELS, ""])
        history, months = career(rng, unit, trade)
        forces = {
            force: f"{force}：主持关键工序改进{rng.choice('一二三四五')}项" for force in FORCES
        }
        if rng.random() < 0.05:
            forces[rng.choice(FORCES)] = rng.choice(["", "", " "])
        answer = Expected(number, name, identity, months=months, unit=unit)
        answer.forces_missing = sum(not text.strip() for text in forces.values())
        cells = {
            "序号": number, "姓名": name + rng.choice(["", "", " ", "\u3000"]), "性别": sex,
            "民族": rng.choice(["汉族", "满族", "回族"]), "政治面貌": rng.choice(["中共党员", "群众"]),
            "出生年月": birth_cell(rng, date.fromisoformat(f"{identity[6:10]}-{identity[10:12]}-{identity[12:14]}")),
            "公民身份号码": dressed(rng, identity), "学历": rng.choice(["中专", "大专", "本科"]),
            "工作单位": unit, "统一社会信用代码": code if rng.random() < 0.8 else "",
            "职务/岗位": "班组长", "职业（工种）": trade, "职业技能等级": level,
            "证书编号": certificate(rng, level), "一线工作经历": history,
            "获得荣誉": rng.choice(["", "首都劳动奖章"]), "专利成果数": rng.randrange(6),
            "带徒人数": rng.choice([0, 3, "５"]), **forces, "推荐排序": number,
            "联系电话": rng.choice([12000000000 + number, str(12000000000 + number)]),
        }  # fmt: skip
        if self.faults:
            self.spoil(cells, answer, expected, standing)
        if not answer.refused:
            standing[answer.identity] = number
        return cells, answer

    def spoil(self, cells, answer, expected, standing):
        rng = self.rng
        chance = rng.random() * FAULTY / self.faults
        if chance < 0.04:
            cells["公民身份号码"], code = spoiled(rng, answer.identity)
            answer.refused.add(("公民身份号码", code))
        elif chance < 0.06 and standing:
            earlier = expected[rng.choice(list(standing.values())) - 1]
            answer.identity = earlier.identity
            cells["公民身份号码"] = dressed(rng, earlier.identity)
            answer.refused.add(("公民身份号码", "duplicate-nomination"))
        elif chance < 0.08:
            cells["工作单位"], cells["统一社会信用代码"] = "无此单位有限公司", ""
            answer.refused.add(("工作单位", "unknown-organization"))
        elif chance < 0.09:
            cells["姓名"] = " "
            answer.refused.add(("姓名", "name-missing"))
        elif chance < 0.1:
            cells["一线工作经历"] = f"2012年至2015年 {answer.unit} 焊工"
            answer.refused.add(("一线工作经历", "career-unreadable"))
        elif chance < 0.11:
            cells["一线工作经历"] = f"2015.3至2012.6 {answer.unit} 焊工"
            answer.refused.add(("一线工作经历", "career-reversed"))


def as_xlsx(roster, *, title=True, two_rows=True, constant_memory=False):
    """The workbook as bytes: titles merged, a header of two rows, a footnote."""
    file = io.BytesIO()
    options = {"constant_memory": constant_memory, "in_memory": not constant_memory}
    book = xlsxwriter.Workbook(file, {**options, "default_date_format": "yyyy-mm-dd"})
    sheet, width = book.add_worksheet("汇总表"), len(roster.headings)
    line = 0
    if title:
        sheet.merge_range(0, 0, 0, width - 1, "2026年北京大工匠推荐人选汇总表")
        sheet.write_row(1, 0, ["填报单位（盖章）：", "", "填报日期：2026年6月30日"])
        line = 2
    if two_rows:
        upper = [group or name for name, group in zip(roster.headings, roster.groups, strict=True)]
        lower = [
            name if group else ""
            for name, group in zip(roster.headings, roster.groups, strict=True)
        ]
        first = upper.index(GROUP)
        upper[first + 1 : first + len(FORCES)] = [""] * (len(FORCES) - 1)
        sheet.write_row(line, 0, upper)
        sheet.write_row(line + 1, 0, lower)
        line += 2
    else:
        sheet.write_row(line, 0, roster.headings)
        line += 1
    for row in roster.rows:
        for column, value in enumerate(row):
            if value != "":
                sheet.write(line, column, value)
        line += 1
    for note in roster.notes:
        line += 1
        sheet.write(line, 0, note)
    book.close()
    return file.getvalue()


def as_csv(roster, encoding):
    """The same as text; dates as Excel writes them, long numbers as it spoils them."""
    file = io.StringIO(newline="")
    writer = csv.writer(file)
    writer.writerow(roster.headings)
    for row in roster.rows:
        writer.writerow([_typed(value) for value in row])
    return file.getvalue().encode(encoding)


def _typed(value):
    if isinstance(value, date):
        return f"{value.year}/{value.month}/{value.day}"
    if isinstance(value, float):
        return f"{value:.5E}".replace("E+", "E+")
    return value
