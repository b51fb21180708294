"""A fourth round of the demo, whose candidates are on their way through the levels; and studios."""

from __future__ import annotations

from datetime import date, timedelta
from typing import TYPE_CHECKING

from django.core.management import call_command
from django.utils import timezone

from organizations.models import Organization, User
from policies.library.editions import edition_in_force
from portal.demo import workbook
from portal.demo.review import person, take_in
from talents.models import Honour, Nomination, SelectionRound, Studio
from talents.rules.levels import to_be_put_up
from talents.services.rounds import RoundPlan, Span, set_stages
from talents.services.scans import Scan
from talents.workflow import called_round, return_nomination
from talents.workflow.endorsing import (
    answer_clearance,
    ask_offices,
    close_notice,
    endorse,
    put_up_notice,
    submit_nomination,
)
from talents.workflow.levels import LevelSlate, draft_level_notice
from talents.workflow.objections import Reported, receive_objection
from talents.workflow.publicity import post_notice
from talents.workflow.studios import (
    Founding,
    Task,
    add_project,
    ask_boost,
    found_studio,
    judge_boost,
    name_studio,
)

if TYPE_CHECKING:
    from collections.abc import Callable

POLICY, ROUND_CODE = "beijing-craftsman-selection-2024", "district-2026-2"
DISTRICT = "BJ-110115"
#: Two units, the first with an account of its own, the other below the district that has one.
UNITS, CANDIDATES, SEED, FIRST = ("U05", "U03"), 12, 20261028, 5
SCAN = Scan(b"%PDF-1.4\n% stamped notice of the demo\n%%EOF\n", "公示件（盖章）.pdf")
FOUNDED = date(2023, 3, 1)
HOSTS = ("U05", "U09", "U03")


#: Stage → begins so many days from today, lasts so many working days.
STAGES = {
    "filing": (-35, 40),
    "endorsing": (-7, 40),
    "checking": (45, 3),
    "review": (52, 10),
    "notice": (70, 5),
    "naming": (80, 5),
}


def load(say: Callable[[str], object]) -> None:
    """Make what is missing; a second call changes nothing."""
    if not SelectionRound.objects.filter(code=ROUND_CODE).exists():
        _call_round()
        _on_their_way("U05", person("jingbei"))
        _on_their_way("U03", User.objects.system())
        put_up_by_level()
    if not Studio.objects.exists():
        _studios()
    say(f"区级工匠第二批正在逐级推荐；创新工作室 {Studio.objects.count()} 个")


def _call_round() -> None:
    today = timezone.localdate()
    plan = RoundPlan(
        name="2026年第二批区级（产业级）工匠选树",
        edition=edition_in_force(POLICY, today),
        tier="district",
        year=2026,
        organizer=Organization.objects.get(code="BJ"),
        reference_day=date(2026, 6, 30),
        by_levels=True,
    )
    selection, _ = called_round(ROUND_CODE, plan, actor=User.objects.system())
    days = {
        stage: Span(today + timedelta(days=begins), lasts)
        for stage, (begins, lasts) in STAGES.items()
    }
    set_stages(selection.pk, days, actor=person("shizong"), note="按选树通知编排")
    units = list(
        Organization.objects.filter(code__in=UNITS).order_by("code").values_list("name", "uscc")
    )
    rows = [row for row in workbook.candidates(units, CANDIDATES + FIRST, SEED) if row[0] >= FIRST]
    title = "2026年第二批区级工匠推荐人选汇总表"
    content = workbook.summary_table(rows, title=title)
    take_in("import_nominations", f"{title}.xlsx", content, round=ROUND_CODE)
    call_command("check_eligibility", round=ROUND_CODE, verbosity=0)


def _on_their_way(code: str, filer: User) -> None:
    """Each candidate of a unit a step further: notice up, ended, clear, handed in, asked about, given back."""
    rows = list(
        Nomination.objects.filter(round__code=ROUND_CODE, unit__code=code).order_by("row_number")
    )
    for step, row in enumerate(rows[1:], start=1):  # the first waits for its notice
        begun = timezone.localdate() - timedelta(days=1 if step == 1 else 30)
        notice = put_up_notice(row.pk, place="公司公告栏、厂务公开网", starts_on=begun, actor=filer)
        if step <= 2:  # noqa: PLR2004 - up, and ended
            continue
        words = "公示期间未收到异议"
        close_notice(notice.pk, is_clear=True, finding=words, scan=SCAN, actor=filer)
        if step == 3:  # noqa: PLR2004 - clear
            continue
        asked = submit_nomination(row.pk, note="经职代会审议通过，同意推荐", actor=filer)
        handler = person("daxing" if code == "U03" else "shizong")
        if step == 4:  # noqa: PLR2004 - asked about
            _offices(row, handler, left=3)
        elif step == 5:  # noqa: PLR2004 - given back
            faults = {"证书编号": "mismatch", "佐证材料": "missing"}
            return_nomination(row.pk, actor=handler, note="证书与原件不符，缺佐证", faults=faults)
        else:
            _offices(row, handler)
            above = row.endorsements.get(level=asked.level + 1)
            endorse(above.pk, note="审核属实，同意推荐", actor=handler)


def put_up_by_level() -> None:
    """The district has up whom it is asked about; somebody objects in their own name, and waits."""
    selection = SelectionRound.objects.get(code=ROUND_CODE)
    district = Organization.objects.get(code=DISTRICT)
    asked = [row.pk for row in to_be_put_up(selection, district)]
    if not asked:
        return
    slate = LevelSlate(
        asked,
        "区总工会2026年第15次主席办公会纪要",
        "区总工会网站",
        "区总工会职工发展部 010-00000000",
    )
    notice = draft_level_notice(selection.pk, district.pk, slate, actor=person("daxing"))
    post_notice(notice.pk, starts_on=timezone.localdate(), actor=person("shenpi"))
    entry = notice.entries.order_by("position").first()
    if entry is not None:
        told = "申报的攻关项目验收单上没有本人姓名，请调阅原件核实。"
        receive_objection(entry.pk, Reported("deeds", told, "刘建国 010-00000000"))


def _offices(row: Nomination, handler: User, *, left: int = 0) -> None:
    asked = ask_offices(row.pk, actor=handler)
    for one in asked[: len(asked) - left]:
        answer_clearance(
            one.pk, is_clear=True, reply="无异议", answered_on=timezone.localdate(), actor=handler
        )


def _studios() -> None:
    """Three studios of people with the title: boosted in one year and asking for the next, named, new."""
    titles = Honour.objects.filter(scheme=POLICY, tier="beijing-great", state="valid")
    leaders = list(titles.select_related("person").order_by("pk")[: len(HOSTS)])
    system, year = User.objects.system(), timezone.localdate().year
    for place, honour in enumerate(leaders):
        leader = honour.person
        founding = Founding(f"{leader.name}创新工作室", honour.trade or "工艺攻关", FOUNDED)
        body = Organization.objects.get(code=HOSTS[place])
        studio = found_studio(leader.pk, founding, organization_id=body.pk, actor=system)
        if place == 2:  # noqa: PLR2004 - waits to be named
            continue
        name_studio(
            studio.pk, level="district", document_number="京工办发〔2025〕12号",
            named_on=date(2025, 4, 28), actor=person("shenpi"),
        )  # fmt: skip
        task = Task(
            "关键工序数字化改造", "一次合格率提高三个百分点", date(2024, 9, 1), date(2027, 12, 31)
        )
        project = add_project(studio.pk, leader.pk, task, actor=system)
        if place:
            continue
        for asked_for in (year - 1, year):
            asked = ask_boost(
                project.pk, year=asked_for, progress="样机试运行，节拍缩短12%",
                accounts="设备费6.2万元、材料费2.1万元，专账核算", actor=system,
            )  # fmt: skip
            if asked_for < year:
                judge_boost(
                    asked.pk, is_passed=True, note="专家组评审通过", actor=person("shizong")
                )
