"""A round of the demo that is over: reviewed, put up, objected to, named; one of its titles taken back since.

Everything goes in by the services; what they date today is then set back to the days of 2025.
"""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta
from typing import TYPE_CHECKING

from django.core.management import call_command
from django.db.models import F
from django.utils import timezone

from organizations.models import Organization, User
from portal.demo import workbook
from portal.demo.growing import aims_of, results_of, taught
from portal.demo.panels import met
from portal.demo.publicity import COURSE, eligible_in, marks_of
from portal.demo.review import person, take_in
from talents.models import Cultivation, Honour, Person, PublicNotice, SelectionRound
from talents.services.honours import recall_certificate
from talents.services.scans import Scan
from talents.workflow import close_round, confirm_chosen
from talents.workflow.cultivation import (
    accept_report,
    cultivate,
    extend_cultivation,
    pass_cultivation,
    report,
    stop_cultivation,
)
from talents.workflow.growth import Agreement, agree_pair, pair
from talents.workflow.honours import doubt_honour, revoke_honour
from talents.workflow.objections import Reported, decide_objection, look_into, receive_objection
from talents.workflow.pairing import consent_for_unit, write_log
from talents.workflow.publicity import Slate, draft_notice, name_chosen, post_notice

if TYPE_CHECKING:
    from collections.abc import Callable

    from django.db.models import QuerySet

ROUND_CODE, CANDIDATES, SEED, FIRST = "beijing-great-2024", 84, 20250705, 5
TITLE = "2024—2025年北京大工匠"
SLATE = Slate(
    places=52,
    reserve=3,
    minutes_number="评审委员会纪要〔2025〕2号",
    posted_at="北京市总工会网站、劳动午报",
    contact="北京市总工会职工发展部 010-00000000",
)
DOCUMENT, NAMED_ON = "京工发〔2025〕31号", date(2025, 11, 20)
MET, UP, DOWN = date(2025, 11, 4), date(2025, 11, 10), date(2025, 11, 14)
#: Of those named, how many are in cultivation, and how many of these have reported twice.
COHORT, TWICE, AFTERWARDS = 12, 7, date(2025, 12, 10)
#: Of these, how many have goals beside the plan in words.
PLANNED = 6
#: An earlier cohort, what it reported, and when it was assessed.
BEFORE, CLOSED = date(2024, 6, 10), date(2026, 6, 18)
SAID = (
    "完成研修班学习，攻关项目立项，带徒两人。",
    "攻关项目完成方案设计和首轮试制，申请发明专利一件。",
    "攻关项目样机在产线试用，一名徒弟取得高级工。",
    "攻关项目应用到两条产线，获发明专利授权一件，带徒三人。",
)
PAIRED = (
    ("数控车工", "独立完成五轴编程与加工", date(2025, 4, 1), date(2027, 4, 1)),
    ("焊工", "取得技师，独立完成铝合金焊接", date(2025, 10, 8), date(2028, 10, 8)),
    ("钳工", "独立完成精密装配与检测", date(2026, 3, 2), date(2028, 3, 2)),
    ("电工", "独立完成自动线调试", date(2026, 9, 1), date(2028, 9, 1)),
)
SIGNED = Scan(b"%PDF-1.4\n% agreement of the demo, signed\n%%EOF\n", "师徒协议（签字）.pdf")


def load(say: Callable[[str], object]) -> None:
    """Make what is missing; a second call changes nothing."""
    if not SelectionRound.objects.filter(code=ROUND_CODE).exists():
        selection = _called()
        _named(selection)
        _taken_back()
        _cultivated()
        _cultivated_before()
        _paired()
    count = Honour.objects.filter(nomination__round__code=ROUND_CODE).count()
    say(f"{TITLE}选树已公布 {count} 名")
    own_pairs()


def _called() -> SelectionRound:
    call_command(
        "create_round", ROUND_CODE, policy="beijing-craftsman-selection-2024",
        tier="beijing-great", year="2025", reference_day="2025-06-30", name=f"{TITLE}选树",
        verbosity=0,
    )  # fmt: skip
    units = list(
        Organization.objects.filter(kind="unit").order_by("code").values_list("name", "uscc")
    )
    rows = [row for row in workbook.candidates(units, CANDIDATES + FIRST, SEED) if row[0] >= FIRST]
    title = f"{TITLE}推荐人选汇总表"
    content = workbook.summary_table(rows, title=title)
    take_in("import_nominations", f"{title}.xlsx", content, round=ROUND_CODE)
    call_command("check_eligibility", round=ROUND_CODE, verbosity=0)
    return SelectionRound.objects.select_related("organizer").get(code=ROUND_CODE)


def _named(selection: SelectionRound) -> None:
    """Marked on paper, put up with an objection that was upheld, named; the reserve moved up."""
    system, eligible = User.objects.system(), eligible_in(selection)
    confirm_chosen(selection.pk, [row.pk for row in eligible], actor=system)
    close_round(selection.pk, actor=person("shizong"))
    title = f"{TITLE}专家评审打分汇总表"
    take_in("import_reviews", f"{title}.xlsx", marks_of(title, eligible), round=ROUND_CODE)
    met(selection, SLATE, held_on=MET)
    notice = draft_notice(selection.pk, SLATE, actor=person("shizong"))
    post_notice(notice.pk, starts_on=timezone.localdate(), actor=person("shenpi"))
    entry = notice.entries.get(position=17)
    told = Reported("deeds", "申报的专利第一发明人为他人，请核对专利证书。")
    objection = receive_objection(entry.pk, told)
    finding = "调阅专利登记簿，第一发明人为他人，与申报不符。"
    look_into(objection.pk, finding=finding, actor=person("shizong"))
    decide_objection(objection.pk, is_upheld=True, actor=person("shenpi"))
    PublicNotice.objects.filter(pk=notice.pk).update(starts_on=UP, ends_on=DOWN)
    name_chosen(notice.pk, document_number=DOCUMENT, actor=person("shenpi"))
    Honour.objects.filter(nomination__round=selection).update(named_on=NAMED_ON)


def _titles() -> QuerySet[Honour]:
    rows = Honour.objects.filter(nomination__round__code=ROUND_CODE)
    return rows.select_related("person__organization").order_by("certificate_number")


def _taken_back() -> None:
    last = _titles()[SLATE.places - 1]
    doubt_honour(last.pk, actor=person("shizong"), note="经核查，主要业绩材料系伪造")
    revoke_honour(last.pk, actor=person("shenpi"), note="依2026年第3次党组会纪要撤销")
    today = timezone.localdate()
    recall_certificate(
        last.pk,
        recall="returned",
        recalled_on=today,
        note="由所在单位交回",
        actor=person("shizong"),
    )


def _cultivated() -> None:
    """The first of those named are recommended further and cultivated for two years."""
    system, handler = User.objects.system(), person("shizong")
    course = replace(COURSE, starts_on=AFTERWARDS)
    for place, honour in enumerate(_titles()[:COHORT]):
        somebody = honour.person
        beside = Person.objects.filter(organization=somebody.organization).exclude(pk=somebody.pk)
        mentor = beside.order_by("pk").first()
        made = cultivate(
            somebody.pk,
            course,
            organization_id=somebody.organization_id,
            mentor_id=mentor.pk if mentor else None,
            actor=handler,
        )
        results_of(somebody, place)
        if place < PLANNED:
            aims_of(made)
        first, second = made.reports.order_by("number")[:2]
        report(first.pk, words="完成研修班学习，攻关项目立项，带徒两人。", actor=system)
        accept_report(first.pk, actor=handler)
        if place < TWICE:
            report(second.pk, words="攻关项目完成样机，申请发明专利一件。", actor=system)


def _cultivated_before() -> None:
    """Of a cohort that began before the round: one certified, one given more time, one ended.

    None of them is among those named here: their years began before these were named.
    """
    system, handler, approver = User.objects.system(), person("shizong"), person("shenpi")
    course = replace(COURSE, starts_on=BEFORE)
    made = []
    others = Person.objects.filter(nominations__round__code=ROUND_CODE, honours=None)
    for somebody in others.order_by("pk")[:3]:
        body = somebody.organization_id
        made.append(cultivate(somebody.pk, course, organization_id=body, actor=handler))
        for one in made[-1].reports.order_by("number")[: 2 if len(made) > 2 else 4]:  # noqa: PLR2004
            report(one.pk, words=SAID[one.number - 1], actor=system)
            finding = "on_track" if one.is_midterm else ""
            accept_report(one.pk, actor=handler, finding=finding)
        made[-1].reports.exclude(submitted_on=None).update(submitted_on=F("due_on"))
    certified, longer, ended = made
    note = "培养方案所列任务全部完成，攻关项目通过验收，带徒三人均已出师，评价合格。"
    number = "京工办发〔2026〕18号"
    passed = pass_cultivation(certified.pk, document_number=number, note=note, actor=approver)
    note = "“卡脖子”工艺攻关项目尚未验收，经评价延期半年。"
    extend_cultivation(longer.pk, until=date(2026, 12, 10), note=note, actor=approver)
    stop_cultivation(ended.pk, note="本人调离本市，由培养单位申请终止。", actor=handler)
    Cultivation.objects.filter(pk__in=[certified.pk, ended.pk]).update(closed_on=CLOSED)
    if passed.certificate is not None:
        Honour.objects.filter(pk=passed.certificate.pk).update(named_on=CLOSED)


def _paired() -> None:
    """Named craftsmen with apprentices of their units, each agreed to by all three; days of teaching."""
    system, handler = User.objects.system(), person("shizong")
    for place, honour in enumerate(_titles()[: len(PAIRED)]):
        master = honour.person
        beside = Person.objects.filter(organization=master.organization).exclude(pk=master.pk)
        apprentice = beside.order_by("-pk").first()
        if apprentice is None:
            continue
        agreement = Agreement(*PAIRED[place])
        body = master.organization_id
        made = pair(master.pk, apprentice.pk, agreement, organization_id=body, actor=system)
        consent_for_unit(made.pk, scan=SIGNED, actor=system)
        agree_pair(made.pk, actor=handler)
        for week in range(3):
            day = min(agreement.starts_on + timedelta(weeks=week), timezone.localdate())
            taught(made, day, f"{agreement.trade}基本功训练第{week + 1}次")


def own_pairs() -> None:
    """The demo's craftsman: one agreement waits for her, of another a day of teaching does."""
    me = person("gongjiang")
    master = Person.objects.filter(identity_digest=me.owner_digest).first()
    if master is None or master.apprenticeships_led.filter(goals=PAIRED[3][1]).exists():
        return
    filer, handler = person("jingbei"), person("shizong")
    others = Person.objects.filter(organization=master.organization).exclude(pk=master.pk)
    agreed, waiting = others.filter(apprenticeships=None, apprenticeships_led=None).order_by("pk")[
        :2
    ]
    facts = [(agreed, PAIRED[1]), (waiting, PAIRED[3])]
    for apprentice, (trade, goals, starts_on, ends_on) in facts:
        made = pair(
            master.pk, apprentice.pk, Agreement(trade, goals, starts_on, ends_on),
            organization_id=master.organization_id, actor=filer,
        )  # fmt: skip
        consent_for_unit(made.pk, scan=SIGNED if apprentice == agreed else None, actor=filer)
        if apprentice == agreed:
            agree_pair(made.pk, actor=handler)
            write_log(made.pk, held_on=starts_on, words="讲解铝合金焊接参数，练习平焊", actor=filer)
