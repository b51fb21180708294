"""The register of the demo, and a second round in the middle of its expert review."""

from __future__ import annotations

import io
import tempfile
from pathlib import Path
from random import Random
from typing import TYPE_CHECKING, NamedTuple

import xlsxwriter
from django.core.management import call_command

from organizations.models import Organization, User
from portal.demo import workbook
from talents.models import Expert, Honour, Review, SelectionRound
from talents.models.reviews import FORCES
from talents.services.drawing import draw_experts
from talents.services.reviewing import enter_expert, order_second_look, submit_marks
from talents.workflow import close_round
from talents.workflow.honours import doubt_honour, revoke_honour
from talents.workflow.reviews import release_draw

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

ROUND_CODE, CANDIDATES, SEED = "district-2026", 24, 20260618
DRAW_SEED = 20260620
HEADINGS = (
    "序号", "姓名", "公民身份号码", "工作单位", "命名工会编码", "职业（工种）", "称号", "年度",
    "命名日期", "命名文号", "证书编号", "状态", "撤销日期",
)  # fmt: skip


class Title(NamedTuple):
    """How many of one title the register holds for each year."""

    name: str
    prefix: str
    by_year: dict[int, int]
    kinds: tuple[str, ...]


TITLES = (
    Title("区级（产业级）工匠", "DI", {2024: 102, 2025: 97}, ("district", "industry")),
    Title("企事业单位工匠", "UN", {2024: 296, 2025: 281}, ("unit",)),
)
#: Code, name, trades; each has an account of the cast.
EXPERTS = (
    ("E01", "吴志远", "焊工、钳工"),
    ("E02", "钟国栋", "数控车工、钳工"),
    ("E03", "沈丽华", "电工、城轨列车司机"),
    ("E04", "范永康", "工业机器人系统操作员"),
    ("E05", "邵文静", "集成电路管芯装架工"),
    ("E06", "任海波", "中式面点师、中式烹调师"),
    ("E07", "贺晓东", "汽车维修工、化工总控工"),
    ("E08", "康建民", "砌筑工"),
)
#: Whose marks lie far apart: marked again already, and waiting for it; by how much; who waits for a mark.
ORDERED, ORDERED_LATER, APART, LEFT_EVERY = 2, 7, 32, 3


def load(say: Callable[[str], object]) -> None:
    """Make what is missing; a second call changes nothing."""
    if not Honour.objects.exists():
        take_in("import_honours", "2024—2025年度工匠名录汇总表.xlsx", register())
        _revoke_one()
    say(f"工匠名录 {Honour.objects.count()} 项称号")
    if not SelectionRound.objects.filter(code=ROUND_CODE).exists():
        _call_round()
        _review()
    say(f"区级工匠选树 {CANDIDATES} 名人选在专家评审")


def register() -> bytes:
    """The register of two years as a union keeps it."""
    random = Random(SEED)  # noqa: S311 - demo data, the same every time
    places = {
        kind: list(Organization.objects.filter(kind=kind).order_by("code").values_list("code", flat=True))
        for kind in ("city", "district", "industry", "unit")
    }  # fmt: skip
    units = list(
        Organization.objects.filter(kind="unit").order_by("code").values_list("name", flat=True)
    )
    rows: list[list[object]] = []
    for title in TITLES:
        bodies = [code for kind in title.kinds for code in places[kind]]
        for year, count in title.by_year.items():
            rows += [
                [len(rows) + at, *_named(random, title, year, at, bodies, units)]
                for at in range(1, count + 1)
            ]
    return sheet("工匠名录汇总表", HEADINGS, rows)


def _named(  # noqa: PLR0913, PLR0917 - what a line of the register is drawn from
    random: Random, title: Title, year: int, at: int, bodies: list[str], units: list[str]
) -> list[object]:
    name = random.choice(workbook.SURNAMES) + "".join(random.sample(workbook.GIVEN, 2))
    born, month = random.randint(1964, 1996), random.randint(1, 12)
    identity = workbook.identity_number(
        random, year=born, month=month, male=random.random() < workbook.MEN
    )
    day = f"{year}.{random.randint(4, 11):02}.{random.randint(1, 28):02}"
    number = f"京工发〔{year}〕{random.randint(5, 40)}号"
    return [
        name, identity, random.choice(units), random.choice(bodies), random.choice(workbook.TRADES),
        title.name, year, day, number, f"{title.prefix}{year}{at:05}", "有效", None,
    ]  # fmt: skip


def sheet(title: str, headings: Iterable[str], rows: list[list[object]]) -> bytes:
    target, headings = io.BytesIO(), list(headings)
    book = xlsxwriter.Workbook(target, {"in_memory": True})
    book.set_properties({"created": workbook.WRITTEN_AT})
    sheet = book.add_worksheet(title)
    sheet.merge_range(0, 0, 0, len(headings) - 1, title)
    sheet.write_row(1, 0, headings)
    for line, row in enumerate(rows, start=2):
        sheet.write_row(line, 0, row)
    book.close()
    return target.getvalue()


def take_in(command: str, name: str, content: bytes, **options: str | bool) -> None:
    with tempfile.TemporaryDirectory() as folder:
        file = Path(folder) / name
        file.write_bytes(content)
        call_command(command, str(file), verbosity=0, **options)


def person(username: str) -> User:
    return User.objects.get(username=username)


def _revoke_one() -> None:
    """One title taken back by two people, one on its way."""
    first, second = Honour.objects.filter(tier="district").order_by("pk")[:2]
    doubt_honour(first.pk, actor=person("shizong"), note="经核查，申报的项目成果系他人完成")
    revoke_honour(first.pk, actor=person("shenpi"), note="依会议纪要撤销")
    doubt_honour(second.pk, actor=person("shizong"), note="有关部门通报存在违纪情况，待核")


def _call_round() -> None:
    call_command(
        "create_round", ROUND_CODE, policy="beijing-craftsman-selection-2024", tier="district",
        year="2026", reference_day="2026-06-30", verbosity=0,
    )  # fmt: skip
    units = list(
        Organization.objects.filter(kind="unit").order_by("code").values_list("name", "uscc")
    )
    rows = [
        row
        for row in workbook.candidates(units, CANDIDATES + 4, SEED)
        if row[0] > 4  # noqa: PLR2004
    ]
    title = "2026年区级（产业级）工匠推荐人选汇总表"
    content = workbook.summary_table(rows, title=title)
    take_in("import_nominations", f"{title}.xlsx", content, round=ROUND_CODE)
    call_command("check_eligibility", round=ROUND_CODE, verbosity=0)


def _review() -> None:
    """Experts drawn and given their papers; most of the marks are in, two candidates' lie far apart."""
    selection = SelectionRound.objects.select_related("organizer").get(code=ROUND_CODE)
    system = User.objects.system()
    for place, (code, name, fields) in enumerate(EXPERTS):
        if not Expert.objects.filter(organization=selection.organizer, code=code).exists():
            facts = {
                "code": code, "name": name, "fields": fields,
                "user": person("zhuanjia" if place == 0 else f"zhuanjia{place + 1}"),
            }  # fmt: skip
            enter_expert(facts, organization=selection.organizer, actor=system)
    draw = draw_experts(selection.pk, DRAW_SEED, actor=person("shizong"))
    release_draw(draw.pk, actor=person("shenpi"))
    _mark(selection)


def end_filing() -> None:
    """Once its places are divided: the round is in review, and nobody files in it any more."""
    selection = SelectionRound.objects.get(code=ROUND_CODE)
    if selection.state == SelectionRound.State.OPEN:
        close_round(selection.pk, actor=person("shizong"))


def _mark(selection: SelectionRound) -> None:
    """All have marked but for some; of two that lie far apart one is being marked again already.

    Who looks again agrees more; the last of them has not yet. The other waits to be ordered.
    """
    random = Random(SEED)  # noqa: S311 - demo data, the same every time
    rows = Review.objects.filter(nomination__round=selection).order_by("nomination", "expert")
    by_candidate: dict[int, list[Review]] = {}
    for review in rows.select_related("expert__user"):
        by_candidate.setdefault(review.nomination_id, []).append(review)
    found = list(by_candidate.values())
    for place, reviews in enumerate(found):
        if place != ORDERED_LATER:
            if place % LEFT_EVERY == 0:  # the account that the handbook names has some left to do
                reviews.sort(key=lambda one: one.expert.code == EXPERTS[0][0])
            _submit(reviews, random, apart=place == ORDERED, left=place % LEFT_EVERY == 0)
    order_second_look(selection.pk, actor=person("shizong"), note="分差超过规定，安排复评")
    again = Review.objects.filter(nomination__round=selection, look=2).order_by("expert")
    _submit(list(again.select_related("expert__user")), random, left=True)
    _submit(found[ORDERED_LATER], random, apart=True)


def _submit(
    reviews: list[Review], random: Random, *, apart: bool = False, left: bool = False
) -> None:
    """One candidate's marks: near each other but for the first where ``apart``; the last is ``left`` out."""
    base = random.randint(70, 88)
    for place, review in enumerate(reviews[: len(reviews) - left]):
        shift = -APART if apart and place == 0 else 0
        marks = {f"mark_{force}": base + shift + random.randint(-4, 6) for force in FORCES}
        remark = "工艺扎实，传带成效明显" if shift == 0 else "攻关成果由班组完成，个人贡献不突出"
        facts = {**marks, "remark": remark, "is_recused": False}
        actor = review.expert.user
        if actor is not None:
            submit_marks(review.pk, facts, actor=actor)
