"""Contests of Yantai along its chains of industry: announced, entered, one judged up to the certificates."""

from __future__ import annotations

from datetime import date, timedelta
from random import Random
from typing import TYPE_CHECKING

from django.utils import timezone

from competitions import workflow
from competitions.models import Competition, Entry, Promotion
from competitions.services.chains import list_chain
from competitions.services.contests import register_competition, register_item
from competitions.services.entries import Entrant, draw_numbers, enter
from competitions.services.promotions import propose
from organizations.models import Organization, User
from portal.demo import workbook
from portal.demo.review import person, sheet, take_in
from workflow.storage import vault
from workflow.texts.identity import read_identity

if TYPE_CHECKING:
    from collections.abc import Iterator

#: The plan names none: these stand for the list that the union would keep.
BASIS = "烟台市重点产业链清单（示例）"
CHAINS = (
    "绿色石化", "有色及贵金属", "汽车", "高端装备", "电子信息", "食品精深加工", "生物医药", "清洁能源",
    "航空航天", "海工装备", "新材料", "现代物流", "葡萄酒", "核电", "仪器仪表", "文化旅游",
)  # fmt: skip
TRADES = ("化工总控工", "电工", "焊工", "数控车工", "工业机器人系统操作员", "钳工")
#: How many contests each year held, on how many chains at most, and how many entered each.
HELD, ENTERED = {2024: 9, 2025: 14}, 12
JUDGED, CERTIFIED, SEED = "2025-YT-01", 6, 20250918
LEVELS = ("5", "4", "3")
PARTS = ("A1（测量,40分）", "A2（测量,60分）")
HEADINGS = ("参赛号", "姓名", "公民身份号码", "单位", "现职业技能等级", *PARTS)


def load() -> int:
    """Make what is missing; how many contests there are."""
    city = Organization.objects.get(code="YT")
    rows = Competition.objects.filter(organizer=city)
    if not rows.exists():
        for name in CHAINS:
            list_chain(city, name, BASIS, actor=person("yantai"))
        random = Random(SEED)  # noqa: S311 - demo data, the same every time
        for year, count in HELD.items():
            for place in range(count):
                _held(random, city, year, place)
        _judged(random)
    return rows.count()


def _held(random: Random, city: Organization, year: int, place: int) -> None:
    """Announced, with one item; everybody who took part."""
    handler, trade, chain = person("yantai"), TRADES[place % len(TRADES)], CHAINS[place]
    begins = date(year, 4 + place % 7, 10)
    facts = {
        "name": f"{year}年烟台市{chain}产业链职工技能竞赛",
        "level": "city",
        "contest_class": "second",
        "chain": chain,
        "starts_on": begins,
        "ends_on": begins.replace(day=12),
        "entries_from": begins.replace(month=begins.month - 1),
    }
    code = f"{year}-YT-{place + 1:02}"
    contest = register_competition(code, year, city, facts, actor=handler)
    item = register_item(
        contest.pk, code, {"name": trade, "occupation": trade, "venue": "烟台市技师学院（示例）"},
        actor=handler,
    )  # fmt: skip
    workflow.announce(contest.pk, actor=handler)
    units = list(
        Organization.objects.filter(kind="unit", path__startswith=city.path).order_by("code")
    )
    for at in range(ENTERED):
        number = _number(year, place * ENTERED + at)
        identity = read_identity(number, today=begins)
        who = Entrant(_name(random), identity, signed=1)
        level = {"present_level": random.choice(LEVELS)}
        enter(item.pk, who, level, unit=units[at % len(units)], actor=handler)


def _judged(random: Random) -> None:
    """Marks by a sheet, locked by two, published; who rose has the certificate."""
    handler, second = person("yantai"), User.objects.system()
    contest = Competition.objects.get(code=JUDGED)
    item = contest.items.get()
    draw_numbers(item.pk, actor=handler, seed="20261")
    title = f"{contest.name}评分汇总"
    take_in(
        "import_marks", f"{title}.xlsx", sheet(title, HEADINGS, list(_marks(random, item.pk))),
        item=item.code, create_scheme=True,
    )  # fmt: skip
    workflow.check_marks(item.pk, actor=handler)
    workflow.lock_marks(item.pk, actor=second)
    workflow.publish(item.pk, actor=second, at=timezone.now() - timedelta(days=30))
    propose(item.pk, actor=handler)
    risen = Promotion.objects.filter(item=item).order_by("rank", "pk")[:CERTIFIED]
    for at, one in enumerate(risen, start=1):
        workflow.certify(one.pk, f"S00003700000025{one.target}{at:06}", actor=handler)


def _marks(random: Random, item: int) -> Iterator[list[object]]:
    rows = Entry.objects.filter(item=item).select_related("person").order_by("number")
    entered = [_number(2025, at) for at in range(ENTERED)]
    numbers = {vault.digest(number): number for number in entered}
    for entry in rows:
        number = numbers[bytes(entry.person.identity_digest)]
        level = entry.get_present_level_display()
        told = [entry.number, entry.person.name, number, entry.employer, level]
        yield [*told, round(random.uniform(20, 40), 2), round(random.uniform(30, 60), 2)]


def _name(random: Random) -> str:
    return random.choice(workbook.SURNAMES) + "".join(random.sample(workbook.GIVEN, 2))


def _number(year: int, at: int) -> str:
    """A number of the unassigned county 110199 that nobody else of the demo has."""
    body = f"110199{1970 + year % 2}{at // 28 + 1:02}{at % 28 + 1:02}98{at % 10}"
    return body + workbook.check_character(body)
