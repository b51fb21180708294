"""Another city beside Beijing: Yantai with its five actions, so that the report of its plan shows figures."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from pathlib import Path
from random import Random
from typing import TYPE_CHECKING

from django.core.management import call_command

from organizations.models import Organization, User
from portal.demo import cast, workbook, yantai_contests
from portal.demo.review import person, sheet, take_in
from talents.imports.actions.form import FORM
from talents.imports.honours.form import FORM as REGISTER
from talents.models import ActionEntry, Honour
from talents.rules.patents import check_sign
from talents.services.scans import Scan
from talents.services.spending import declare_spend
from talents.workflow.growth import Agreement, agree_pair, pair
from talents.workflow.pairing import consent_for_unit

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

TREE = Path(__file__).with_name("yantai.csv")
CITY, SEED = "YT", 20230817
ROUND_CODE, CANDIDATES, FIRST = "yantai-great-2025", 24, 5
YEARS = (2024, 2025)
SCHOOLS = ("Y01", "Y02", "Y03")
#: By year: how many seeds, results of each kind, enterprises that begin to assess by themselves.
SEEDS = {2024: 1874, 2025: 2036}
PATENTS, FOUR, SMALL = {2024: 5, 2025: 8}, {2024: 6, 2025: 9}, {2024: 14, 2025: 21}
ASSESSING = {2024: ("Y04", "Y05", "Y08"), 2025: ("Y06", "Y07", "Y09", "Y10")}
#: By title: who names, and how many a year.
TITLES = (
    ("企业工匠", "E", "unit", {2024: 64, 2025: 71}),
    ("区市工匠", "D", "district", {2024: 96, 2025: 108}),
    ("校园小工匠", "C", "school", {2024: 30, 2025: 36}),
    ("烟台工匠", "Y", "city", {2024: 20, 2025: 20}),
    ("烟台大工匠", "G", "city", {2024: 10, 2025: 10}),
    ("齐鲁工匠", "Q", "city", {2024: 2, 2025: 4}),
)
#: Titles chosen among holders of one from below; the province chooses among those of the city.
FROM_BELOW = {"烟台工匠": "企业工匠", "烟台大工匠": "区市工匠", "齐鲁工匠": "烟台大工匠"}
#: In which month a title is given; those from below in April.
MONTHS = {"Y": 9, "G": 9, "Q": 11}
WORKS = (
    "焊接翻转胎具", "刀具快换夹头", "轴承压装定位销", "液压站漏油在线监测", "铸件清砂机械手",
    "叶片打磨除尘罩", "电解槽阳极导杆校直装置", "黄金冶炼余热回收", "风电塔筒法兰平面度检测",
)  # fmt: skip
SIGNED = Scan(b"%PDF-1.4\n% agreement of the demo, signed\n%%EOF\n", "师徒协议（签字）.pdf")
PAIRED = 8
#: So many of the round's candidates were given a title from below the year before.
WITH_TITLE = 19


def load(say: Callable[[str], object]) -> None:
    """Make what is missing; a second call changes nothing."""
    if not Organization.objects.filter(code=CITY).exists():
        call_command("import_organizations", str(TREE), verbosity=0)
    cast.enrol()
    if not ActionEntry.objects.filter(organization__path__startswith=_city().path).exists():
        for year in YEARS:
            rows = list(_entries(Random(SEED + year), year))  # noqa: S311 - demo data, always the same
            headings = [column.header for column in FORM.columns]
            name = f"烟台市{year}年成果与行动登记表"
            take_in("import_actions", f"{name}.xlsx", sheet(name, headings, rows))
        _honour()
        _declare()
        _call_round()
        _pair()
    contests = yantai_contests.load()
    seeds = ActionEntry.objects.filter(kind="seed").count()
    say(f"烟台：种子工匠 {seeds:,} 名，竞赛 {contests} 场，五大行动登记齐备")


def _city() -> Organization:
    return Organization.objects.get(code=CITY)


def _units() -> list[Organization]:
    rows = Organization.objects.filter(kind="unit", path__startswith=_city().path)
    return list(rows.order_by("code"))


def _entries(random: Random, year: int) -> Iterator[list[object]]:
    """The year's sheet: seeds, then results, then own assessment."""
    units = {unit.code: unit.name for unit in _units()}
    plants = [code for code in units if code not in SCHOOLS]
    number = 0

    def row(kind: str, sort: str, code: str, told: str, *who_and_number: str) -> list[object]:
        nonlocal number
        number += 1
        name, identity, document = who_and_number or ("", "", "")
        held_on = date(year, random.randint(1, 12), random.randint(1, 28))
        return [number, kind, sort, name, identity, units[code], told, document, str(held_on)]

    for at in range(SEEDS[year]):
        is_student = at % 5 < 3  # noqa: PLR2004 - three of five
        code = random.choice(SCHOOLS if is_student else plants)
        sort = "职业院校学生" if is_student else "新入职一线工人"
        told = f"{units[code]}实训基地，导师{random.choice(workbook.SURNAMES)}老师"
        yield row("种子工匠", sort, code, told, _name(random), _number(year, at, year - 18), "")
    for at in range(PATENTS[year]):
        digits = f"{year - 1}2{random.randrange(10**7):07}"
        told = f"一种{random.choice(WORKS)}"
        who = (_name(random), _number(year, 3000 + at, 1975))
        patent = f"ZL{digits}.{check_sign(digits)}"
        yield row("专利", "实用新型专利", random.choice(plants), told, *who, patent)
    for kind, sorts, counts, base in (
        ("四技成果", ("技术革新", "技术攻关", "技术协作"), FOUR, 4000),
        ("五小成果", ("小发明", "小革新", "小设计", "小建议"), SMALL, 5000),
    ):
        for at in range(counts[year]):
            who = (_name(random), _number(year, base + at, 1982))
            document = f"烟工成〔{year}〕{at + 1}号"
            told = random.choice(WORKS)
            yield row(kind, random.choice(sorts), random.choice(plants), told, *who, document)
    for at, code in enumerate(ASSESSING[year]):
        yield row(
            "自主评价企业", "", code, "焊工、钳工、电工", "", "", f"烟人社备〔{year}〕{at + 7}号"
        )


def _name(random: Random) -> str:
    return random.choice(workbook.SURNAMES) + "".join(random.sample(workbook.GIVEN, 2))


def _number(year: int, at: int, born: int) -> str:
    """A number of the unassigned county 110199 that nobody else of the demo has: both years, each line."""
    month, day = at // 28 % 12 + 1, at % 28 + 1
    sequence = 501 + at // 336 * 4 + year % 2 * 2 + at % 2
    body = f"110199{born}{month:02}{day:02}{sequence:03}"
    return body + workbook.check_character(body)


def _honour() -> None:
    """The register of both years; whom the city chose had a title from below before."""
    random = Random(SEED)  # noqa: S311 - demo data, the same every time
    units = _units()
    districts = Organization.objects.filter(kind="district", path__startswith=_city().path)
    named_by = {
        "unit": [unit.code for unit in units if unit.code not in SCHOOLS],
        "school": list(SCHOOLS),
        "district": list(districts.order_by("code").values_list("code", flat=True)),
        "city": [CITY],
    }
    rows: list[list[object]] = []
    holders: dict[str, list[tuple[str, str, str]]] = {}
    candidates = [(row[1], row[5], row[8]) for row in _candidates()[:WITH_TITLE]]
    for title, prefix, kind, by_year in TITLES:
        for year, count in by_year.items():
            for at in range(count):
                chosen = holders.get(FROM_BELOW.get(title, ""), [])
                if title == "区市工匠" and year == YEARS[0]:
                    chosen = candidates
                who = chosen.pop(0) if chosen else _somebody(random, units, f"{prefix}{year}", at)
                holders.setdefault(title, []).append(who)
                name, identity, unit = who
                day = f"{year}-{MONTHS.get(prefix, 4):02}-{at % 28 + 1:02}"
                rows.append([
                    len(rows) + 1, name, identity, unit, random.choice(named_by[kind]),
                    random.choice(workbook.TRADES), title, year, day,
                    f"{'鲁' if prefix == 'Q' else '烟'}工发〔{year}〕{ord(prefix)}号",
                    f"YT{prefix}{year}{at + 1:04}", "有效", None, None,
                ])  # fmt: skip
    headings = [column.header for column in REGISTER.columns]
    title = "烟台市2024—2025年工匠名录汇总表"
    take_in("import_honours", f"{title}.xlsx", sheet(title, headings, rows))


def _somebody(
    random: Random, units: list[Organization], prefix: str, at: int
) -> tuple[str, str, str]:
    """Somebody new: name, number, unit."""
    place = "EDCYGQ".index(prefix[0])
    number = _number(int(prefix[1:]), 6000 + 400 * place + at, 1978 + place)
    return _name(random), number, random.choice(units).name


def _declare() -> None:
    """What enterprises say of their money for education; not all give the front line its part."""
    random = Random(SEED)  # noqa: S311 - demo data, the same every time
    system = User.objects.system()
    for unit in _units():
        if unit.code in SCHOOLS:
            continue
        for year in YEARS:
            wages = Decimal(random.randrange(800, 9000)) * 10_000
            spent = (wages * random.randint(15, 32) / 1000).quantize(Decimal("0.01"))
            frontline = (spent * random.randint(48, 74) / 100).quantize(Decimal("0.01"))
            facts = {"year": year, "wages": wages, "spent": spent, "frontline": frontline}
            declare_spend(facts, organization_id=unit.pk, actor=system)


def _candidates() -> list[list]:
    """Whom the city's units put forward in 2025."""
    plants = [(unit.name, unit.uscc) for unit in _units() if unit.code not in SCHOOLS]
    found = workbook.candidates(plants, CANDIDATES + FIRST, SEED)
    return [row for row in found if row[0] >= FIRST]


def _call_round() -> None:
    """The round of the city that is open now, judged: who holds no title from below is not eligible."""
    call_command(
        "create_round", ROUND_CODE, policy="yantai-craftsman-2023", tier="city-great",
        year="2025", reference_day="2025-06-30", organizer=CITY, verbosity=0,
    )  # fmt: skip
    rows = _candidates()
    title = "2025年烟台大工匠推荐人选汇总表"
    content = workbook.summary_table(rows, title=title)
    take_in("import_nominations", f"{title}.xlsx", content, round=ROUND_CODE)
    call_command("check_eligibility", round=ROUND_CODE, verbosity=0)


def _pair() -> None:
    """Holders of titles with new front-line workers of their units."""
    system, handler = User.objects.system(), person("yantai")
    made = 0
    for unit in _units():
        honours = Honour.objects.filter(person__organization=unit, scheme="yantai-craftsman-2023")
        master = honours.order_by("pk").select_related("person").first()
        seed = ActionEntry.objects.filter(organization=unit, sort="newcomer").first()
        if master is None or seed is None or seed.person_id is None:
            continue
        begins = date(2024 + made % 2, 5, 6)
        agreement = Agreement(
            master.trade or "钳工", "独立完成本岗位关键工序，取得高级工", begins,
            date(begins.year + 2, 5, 6),
        )  # fmt: skip
        agreed = pair(
            master.person_id, seed.person_id, agreement, organization_id=unit.pk, actor=system
        )
        consent_for_unit(agreed.pk, scan=SIGNED, actor=system)
        agree_pair(agreed.pk, actor=handler)
        made += 1
        if made == PAIRED:
            return
