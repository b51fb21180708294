"""Contests of the demo: one finished up to the certificate, one being judged, one to enter."""

from __future__ import annotations

import io
import tempfile
from dataclasses import dataclass
from datetime import timedelta
from decimal import Decimal
from pathlib import Path
from random import Random
from typing import TYPE_CHECKING

import xlsxwriter
from django.core.management import call_command
from django.utils import timezone

from competitions import workflow
from competitions.models import Competition, Item, Judge, Promotion
from competitions.selectors.board import board_of
from competitions.selectors.progress import aspects_of_seat
from competitions.services.arbiters import appoint_arbiter
from competitions.services.awards import give_awards, name_coach
from competitions.services.contests import correct_item, register_competition, register_item
from competitions.services.entries import Entrant, draw_codes, draw_numbers, enter
from competitions.services.judging import assign_judge, give_marks
from competitions.services.promotions import propose
from competitions.services.schemes import make_scheme
from competitions.services.sheets import type_sheet
from competitions.services.terms import sign_all
from competitions.services.trials import decide_trade
from organizations.models import Organization, User
from portal.demo.workbook import GIVEN, SURNAMES, WRITTEN_AT, identity_number
from talents.models import Person, SelectionRound
from workflow.texts.identity import read_identity

if TYPE_CHECKING:
    from datetime import date

FINISHED, APPEALED, RUNNING, COMING = "2025-WELD", "2025-FITTER", "2026-CNC", "2026-ROBOT"
#: So many days ago the finished contest was published: nobody appeals against it any more.
SETTLED = 30
#: The group that decides appeals.
ARBITERS = ("shenpi", "zhongcai", "zhongcai2")
JUDGES = ("caipan", "caipan2", "caipan3")
PAIRS, ROUND_CODE, TYPED, DIFFERS = "2026-PAIRS", "beijing-great-2026", "K006", "K007"
CODER, SECOND_TYPIST = "zhongcai2", "shenpi"
COMPETED, COMPETING = 24, 9
COACHES_BORN = 1975
LEVELS = ("无", "初级工", "中级工", "高级工", "技师")
TITLE = "2025年北京市职工职业技能竞赛（市级二类）{}项目评分汇总（总分相同依次比较C1、B1）"
COLUMNS = (
    "A1（测量,20分）", "A2（测量,15分）", "B1裁判1（评价,25分）", "B1裁判2（评价,25分）",
    "B1裁判3（评价,25分）", "C1（测量,40分）",
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Part:
    """An aspect of the running item's scheme."""

    code: str
    title: str
    method: str
    maximum: Decimal
    seats: int = 1
    benchmarks: tuple[str, ...] = ()
    module: str = "模块A 车削加工"
    standard: str = "车工国家职业技能标准3.2"


TIES = ("模块A 车削加工", "B1")
SCHEME = (
    Part("A1", "外圆尺寸精度", "measurement", Decimal(25)),
    Part("A2", "同轴度", "measurement", Decimal(25)),
    Part(
        "B1", "表面质量", "judgement", Decimal(30), 3,
        ("有明显刀痕、毛刺", "有轻微刀痕", "光洁，个别处不均", "光洁均匀，无毛刺"), "模块B 质量与安全", "",
    ),
    Part(
        "B2", "安全文明生产", "judgement", Decimal(20), 3,
        ("违反安全规程", "有提醒后改正的", "规范，工位略乱", "规范，工位整洁"), "模块B 质量与安全", "",
    ),
)  # fmt: skip


def load() -> int:
    """Make what is missing; how many contests there are."""
    if not Item.objects.filter(code=FINISHED).exists():
        _finished()
    today = timezone.localdate()
    if not Item.objects.filter(code=APPEALED).exists():
        _appealed()
    if not Item.objects.filter(code=RUNNING).exists():
        _running(today)
    if not Item.objects.filter(code=COMING).exists():
        _coming(today)
    return Competition.objects.count()


def _finished() -> None:
    """Marks by a sheet, locked by two, published, proposed, the first certificate entered."""
    handler, approver = _account("shizong"), _account("shenpi")
    item = _taken_in(FINISHED, "焊工", Random(2025))  # noqa: S311 - demo data, the same every time
    facts = {name: getattr(item, name) for name in item.CORRECTABLE.fields}
    national = facts | {"entry_tier": "national"}
    correct_item(item.pk, national, actor=handler, note="国赛项目，据以编列后备名单")
    best = board_of(item)[0].entry_id
    others = Person.objects.filter(birth_on__year__lte=COACHES_BORN).order_by("pk")
    name_coach(best, others.exclude(contest_entries__item=item)[0], actor=handler)
    workflow.check_marks(item.pk, actor=handler)
    workflow.lock_marks(item.pk, actor=approver)
    workflow.publish(item.pk, actor=approver, at=timezone.now() - timedelta(days=SETTLED))
    give_awards(item.pk, actor=approver, document_number="京工发〔2025〕58号")
    propose(item.pk, actor=handler)
    first = Promotion.objects.filter(item=item).order_by("rank", "pk")[0]
    workflow.certify(first.pk, f"S00001100000025{first.target}000001", actor=handler)


def _appealed() -> None:
    """Published just now, and appealed against by the second."""
    handler, approver = _account("shizong"), _account("shenpi")
    item = _taken_in(APPEALED, "装配钳工", Random(25))  # noqa: S311 - demo data, the same every time
    workflow.check_marks(item.pk, actor=handler)
    workflow.lock_marks(item.pk, actor=approver)
    workflow.publish(item.pk, actor=approver)
    _arbiters(item.competition, handler)
    second = board_of(item)[1].entry_id
    workflow.appeal(second, "A1外圆尺寸的测量记录与评分表不一致，请复核", actor=handler)


def _taken_in(code: str, trade: str, random: Random) -> Item:
    """An item of an announced contest of 2025 whose marks came by a sheet."""
    with tempfile.TemporaryDirectory() as folder:
        file = Path(folder) / f"2025年{trade}评分汇总.xlsx"
        file.write_bytes(_sheet(trade, random))
        call_command("import_marks", str(file), item=code, create_scheme=True, verbosity=0)
    item = Item.objects.get(code=code)
    if item.competition.state == Competition.State.DRAFT:  # sheets of one title are of one contest
        workflow.announce(item.competition_id, actor=_account("shizong"))
    sign_all(item.pk, actor=_account("shizong"), note="纸质承诺书由竞赛办公室归档")
    return item


def _arbiters(contest: Competition, by: User) -> None:
    for username in ARBITERS:
        appoint_arbiter(contest.pk, _account(username), actor=by)


def _sheet(trade: str, random: Random) -> bytes:
    units = list(Organization.objects.filter(kind="unit").order_by("code"))
    content = io.BytesIO()
    with xlsxwriter.Workbook(content) as book:
        book.set_properties({"created": WRITTEN_AT})
        sheet = book.add_worksheet("评分表")
        sheet.merge_range(0, 0, 0, 4 + len(COLUMNS), TITLE.format(trade))
        sheet.write_row(
            1, 0, ["参赛号", "姓名", "公民身份号码", "单位", "现职业技能等级", *COLUMNS]
        )
        for place in range(COMPETED):
            name, number = _person(random)
            marks = [
                round(random.uniform(12, 20), 2),
                round(random.uniform(8, 15), 2),
                *_judged(random),
                round(random.uniform(20, 40), 2),
            ]
            unit = units[place % len(units)].name
            line = [f"{place + 1:03}", name, number, unit, random.choice(LEVELS), *marks]
            sheet.write_row(place + 2, 0, line)
    return content.getvalue()


def _person(random: Random) -> tuple[str, str]:
    name = random.choice(SURNAMES) + "".join(random.sample(GIVEN, 2))
    male = random.random() < 0.7  # noqa: PLR2004 - most who compete are men
    year, month = random.randint(1980, 2003), random.randint(1, 12)
    return name, identity_number(random, year=year, month=month, male=male)


def _judged(random: Random) -> list[int]:
    middle = random.randint(1, 3)
    return [max(0, middle - random.randint(0, 1)) for _ in range(3)]


def _contest(code: str, name: str, dates: dict[str, date]) -> Competition:
    city = Organization.objects.get(code="BJ")
    facts = {"name": name, "level": "city", "contest_class": "second", **dates}
    year = dates["starts_on"].year
    return register_competition(code, year, city, facts, actor=_account("shizong"))


def _item(competition: Competition, code: str, name: str, days: tuple[date, date]) -> Item:
    facts = {"name": name, "occupation": name, "starts_on": days[0], "ends_on": days[1]}
    made = register_item(
        competition.pk, code, facts | {"venue": "首钢技师学院实训中心"}, actor=_account("shizong")
    )
    make_scheme(made, SCHEME, ties=TIES, actor=_account("shizong"), origin="竞赛技术文件")
    return made


def _running(today: date) -> None:
    """Some works judged, one on which judges differ too much, most still to be judged."""
    days = {
        "starts_on": today,
        "ends_on": today + timedelta(days=3),
        "entries_from": today - timedelta(days=60),
        "entries_until": today,
    }
    handler = _account("shizong")
    contest = _contest("2026-BJ-CNC", "2026年北京市职工数控技能竞赛", days)
    item = _item(contest, RUNNING, "数控车工", (today, days["ends_on"]))
    workflow.announce(contest.pk, actor=handler)
    random = Random(2026)  # noqa: S311 - demo data, the same every time
    units = list(Organization.objects.filter(kind="unit").order_by("code"))
    for place in range(COMPETING):
        name, number = _person(random)
        facts = {
            "present_level": random.choice("543"),
            "in_city_since": today.replace(year=2020, day=1),
        }
        who = Entrant(name, read_identity(number, today=today), signed=1)
        enter(item.pk, who, facts, unit=units[place % len(units)], actor=handler)
    draw_numbers(item.pk, actor=handler, seed="20261")
    draw_codes(item.pk, actor=_account(CODER), lot=random)
    for seat, username in enumerate(JUDGES, start=1):
        _judge(assign_judge(item.pk, _account(username), seat, actor=handler))
    _arbiters(contest, handler)
    selection = SelectionRound.objects.get(code=ROUND_CODE)
    decide_trade(item.pk, selection, item.occupation, actor=handler)
    _typed(item, handler, _account(SECOND_TYPIST))


def _judge(judge: Judge) -> None:
    """The first works; about the first of them the third judge thinks otherwise."""
    aspects = list(judge.item.schemes.get().aspects.all())
    for work in range(1, 3 if judge.seat == 1 else 4):
        severe = work == 1 and judge.seat == len(JUDGES)
        values = {
            aspect.pk: Decimal(21)
            if aspect.method == "measurement"
            else Decimal(1 if severe else 3)
            for aspect in aspects
            if aspect.seats >= judge.seat
        }
        give_marks(judge.pk, f"K{work:03}", values, seen=0, actor=judge.user)


def _typed(item: Item, first: User, second: User) -> None:
    """A sheet on paper that waits for the second who types it, and one that two read differently."""
    aspects = aspects_of_seat(len(JUDGES), item.schemes.get())
    for number, by, value in ((TYPED, first, 2), (DIFFERS, first, 2), (DIFFERS, second, 3)):
        type_sheet(item.pk, number, len(JUDGES), {a.pk: Decimal(value) for a in aspects}, actor=by)


def _coming(today: date) -> None:
    """Announced, so that units may enter their people; one item is for pairs, one of which is entered."""
    begins = today + timedelta(days=45)
    days = {
        "starts_on": begins,
        "ends_on": begins + timedelta(days=2),
        "entries_from": today - timedelta(days=5),
        "entries_until": today + timedelta(days=25),
    }
    contest = _contest("2026-BJ-ROBOT", "首都智能制造职工技能竞赛", days)
    handler = _account("shizong")
    _item(contest, COMING, "工业机器人系统操作员", (begins, days["ends_on"]))
    facts = {"name": "机电一体化（双人）", "occupation": "机电一体化设备操作员", "team_size": 2}
    pairs = register_item(contest.pk, PAIRS, facts, actor=handler)
    workflow.announce(contest.pk, actor=handler)
    unit = Organization.objects.filter(kind="unit").order_by("code")[0]
    random = Random(2027)  # noqa: S311 - demo data, the same every time
    for _ in range(pairs.team_size):
        name, number = _person(random)
        facts = {"present_level": "4", "team": "一队"}
        who = Entrant(name, read_identity(number, today=today), signed=1)
        enter(pairs.pk, who, facts, unit=unit, actor=handler)


def _account(username: str) -> User:
    return User.objects.get(username=username)
