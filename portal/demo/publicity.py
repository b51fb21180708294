"""A third round of the demo, whose list is up with one objection upheld; and masters with apprentices."""

from __future__ import annotations

from datetime import date
from random import Random
from typing import TYPE_CHECKING

from django.core.management import call_command
from django.utils import timezone

from organizations.models import Organization, User
from portal.demo import workbook
from portal.demo.growing import attained, taught
from portal.demo.review import person, sheet, take_in
from talents.models import (
    Cultivation,
    Mentorship,
    Nomination,
    Person,
    SelectionRound,
    SkillLevel,
)
from talents.models.reviews import FORCES
from talents.selectors.assessments import current_run
from talents.services.rounds import set_requirements
from talents.services.scans import Scan
from talents.workflow import close_round, confirm_chosen
from talents.workflow.cultivation import Course, accept_report, cultivate, report
from talents.workflow.growth import Agreement, agree_pair, finish_pair, pair
from talents.workflow.objections import Reported, decide_objection, look_into, receive_objection
from talents.workflow.pairing import consent_for_unit
from talents.workflow.publicity import Slate, draft_notice, post_notice

if TYPE_CHECKING:
    from collections.abc import Callable

ROUND_CODE, CANDIDATES, SEED, FIRST = "unit-2026", 14, 20260705, 5
SLATE = Slate(
    places=6,
    reserve=2,
    minutes_number="2026年第11次党组会纪要",
    posted_at="北京市总工会网站、各推荐单位公示栏",
    contact="北京市总工会职工发展部 010-00000000",
)
#: Wanted of the list, not demanded: what is missed is told beside it, with the smallest change that mends it.
SHARES = {
    "worker": {"percent": 35, "bound": "least", "is_hard": False},
    "women": {"percent": 40, "bound": "least", "is_hard": False},
    "non_public": {"percent": 35, "bound": "least", "is_hard": False},
}
COURSE = Course(
    scheme="national-great-craftsman-2024",
    tier="great-craftsman",
    title="大国工匠培育对象",
    plan=(
        "引领力：领衔一个攻关班组。实践力：完成关键工序改进两项。创新力：申请专利两件。"
        "攻关力：完成一项“卡脖子”工艺攻关。传承力：带徒三人，其中一人取得高级工。"
    ),
    starts_on=date(2025, 6, 10),
    begun_for="按首批培育对象名单补登",
)
SIGNED = Scan(b"%PDF-1.4\n% signed agreement of the demo\n%%EOF\n", "师徒协议（签字）.pdf")
PAIRS = (
    ("焊工", "独立完成压力管道全位置焊接", date(2025, 3, 1), date(2027, 3, 1)),
    ("数控车工", "取得高级工，独立编程加工", date(2025, 9, 1), date(2027, 9, 1)),
    ("电工", "独立排除生产线电气故障", date(2024, 3, 1), date(2026, 3, 1)),
)


def load(say: Callable[[str], object]) -> None:
    """Make what is missing; a second call changes nothing."""
    if not SelectionRound.objects.filter(code=ROUND_CODE).exists():
        _call_round()
        _put_up()
    if not Mentorship.objects.exists():
        _pair()
    if not Cultivation.objects.exists():
        _cultivate()
    say(f"企事业单位工匠选树正在公示；师徒结对 {Mentorship.objects.count()} 对")


def _call_round() -> None:
    call_command(
        "create_round", ROUND_CODE, policy="beijing-craftsman-selection-2024", tier="unit",
        year="2026", reference_day="2026-06-30", verbosity=0,
    )  # fmt: skip
    units = list(
        Organization.objects.filter(kind="unit").order_by("code").values_list("name", "uscc")
    )
    rows = [row for row in workbook.candidates(units, CANDIDATES + FIRST, SEED) if row[0] >= FIRST]
    selection = SelectionRound.objects.get(code=ROUND_CODE)
    system = User.objects.system()
    set_requirements(selection.pk, composition=SHARES, actor=system, note="按轮次通知规定")
    title = "2026年企事业单位工匠推荐人选汇总表"
    content = workbook.summary_table(rows, title=title)
    take_in("import_nominations", f"{title}.xlsx", content, round=ROUND_CODE)
    call_command("check_eligibility", round=ROUND_CODE, verbosity=0)


def _put_up() -> None:
    """Confirmed, marked on paper, the list up since today; one objection to it upheld."""
    selection = SelectionRound.objects.select_related("organizer").get(code=ROUND_CODE)
    eligible = eligible_in(selection)
    confirm_chosen(selection.pk, [row.pk for row in eligible], actor=User.objects.system())
    close_round(selection.pk, actor=person("shizong"))
    title = "2026年企事业单位工匠专家评审打分汇总表"
    take_in("import_reviews", f"{title}.xlsx", marks_of(title, eligible), round=ROUND_CODE)
    notice = draft_notice(selection.pk, SLATE, actor=person("shizong"))
    post_notice(notice.pk, starts_on=timezone.localdate(), actor=person("shenpi"))
    entry = notice.entries.get(position=3)
    said = Reported("deeds", "申报的工艺改进项目由班组其他同志完成，请调阅项目台账核实。")
    objection = receive_objection(entry.pk, said)
    finding = "调阅项目台账，第一完成人为他人，与申报不符。"
    look_into(objection.pk, finding=finding, actor=person("shizong"))
    decide_objection(objection.pk, is_upheld=True, actor=person("shenpi"))


def eligible_in(selection: SelectionRound) -> list[Nomination]:
    """Who was found eligible, in the order of the file."""
    run = current_run(selection)
    found = Nomination.objects.filter(assessments__run=run, assessments__overall=2)
    return list(found.select_related("person").order_by("row_number"))


def marks_of(title: str, eligible: list[Nomination]) -> bytes:
    """Five experts' marks for each, as a panel hands them in."""
    random = Random(SEED)  # noqa: S311 - demo data, the same every time
    headings = ("序号", "推荐人选序号", "姓名", "专家编号", *FORCES.values(), "是否回避")
    rows: list[list[object]] = []
    for nomination in eligible:
        base = random.randint(68, 88)
        for expert in ("E02", "E03", "E04", "E05", "E06"):
            marks = [base + random.randint(-4, 6) for _ in FORCES]
            told = [nomination.row_number, nomination.person.name, expert, *marks, None]
            rows.append([len(rows) + 1, *told])
    return sheet(title, headings, rows)


def _pair() -> None:
    """Three pairs of one unit: done, going, waiting to be taken on file."""
    filer = person("jingbei")
    unit = Organization.objects.get(code="U05")
    people = list(Person.objects.filter(organization=unit).order_by("pk")[: 2 * len(PAIRS)])
    for place, (trade, goals, starts_on, ends_on) in enumerate(PAIRS):
        if len(people) < 2 * place + 2:
            return
        master, apprentice = people[2 * place : 2 * place + 2]
        agreement = Agreement(trade, goals, starts_on, ends_on)
        made = pair(master.pk, apprentice.pk, agreement, organization_id=unit.pk, actor=filer)
        consent_for_unit(made.pk, scan=None if place == 1 else SIGNED, actor=filer)
        if place != 1:
            agree_pair(made.pk, actor=person("shizong"))
        if ends_on < date(2026, 6, 30):
            taught(made, date(2025, 4, 1), "练习排除自动线常见电气故障")
            level = attained(apprentice, trade)
            gained = f"，取得{SkillLevel(level).label}" if level else ""
            finish_pair(made.pk, level=level, actor=filer, note=f"考核合格{gained}")


def _cultivate() -> None:
    """Two people in their second year: reports accepted, one waiting, the next due soon."""
    filer, handler = person("jingbei"), person("shizong")
    unit = Organization.objects.get(code="U05")
    for place, one in enumerate(Person.objects.filter(organization=unit).order_by("-pk")[:2]):
        made = cultivate(one.pk, COURSE, organization_id=unit.pk, actor=handler)
        first, second = made.reports.order_by("number")[:2]
        report(first.pk, words="完成研修班学习，攻关项目立项，带徒两人。", actor=filer)
        accept_report(first.pk, actor=handler)
        report(second.pk, words="攻关项目完成样机，获实用新型专利一件。", actor=filer)
        if place == 0:
            accept_report(second.pk, actor=handler, finding="on_track" if second.is_midterm else "")
