"""Three years of evaluations in the demo: one academy suspended, one ended for good, one being put right;
and the training reports of the periods that are over.
"""

from __future__ import annotations

import csv
import tempfile
from datetime import date, datetime, time, timedelta
from decimal import Decimal
from pathlib import Path

from django.core.management import call_command
from django.utils import timezone

from academies.models import Academy, Campaign, Evaluation, Review, TrainingReport
from academies.services.evidence import put_in
from academies.services.reporting import call_for_reports
from academies.services.reviews import open_campaign
from academies.workflow import rectification, reporting, reviews
from organizations.models import Organization, User
from pages.documents.paper import Paper
from talents.services.scans import Scan
from workflow.records import subject_of

YEARS = (2023, 2024, 2025)
HEADINGS = (
    "序号", "学院编码", "学院名称", "评价年度", "等次", "评价日期", "整改要求", "整改期限", "整改完成日期",
)  # fmt: skip
#: Academy and year → days until it was put right; None: it is not yet.
FAILED = {
    ("A-S01", 2025): None,
    ("A-S02", 2023): 40,
    ("A-S02", 2024): 30,
    ("A-C202401", 2025): None,
    ("A-C202403", 2024): 45,
    ("A-C202407", 2025): None,
}
DEMAND, DUE = "台账与名册不符，限期整改", 60
#: What one of them had to put right: problem, measure, proof, what was found on looking again.
PUT_RIGHT = (
    (
        "两个班次的学员名册与签到表人数不一致",
        "逐班核对签到表，更正名册，班主任签字确认",
        "已更正名册11人次，附更正前后对照表和签到表复印件",
        "抽查两个班次的签到表与名册，人数一致",
    ),
    (
        "培训台账没有登记实操课时",
        "补登全年实操课时，此后按周登记",
        "补登实操课时346学时，附实训室使用记录",
        "与实训室使用记录核对相符",
    ),
    (
        "授课教师的资格证明未归档",
        "收齐教师职业资格证书复印件，建立师资档案",
        "14名授课教师的资格证明已归档",
        "档案齐全",
    ),
)
#: One in so many is excellent.
EXCELLENT = 6
#: Of so many reports one is missing, one late and waiting, one late, one was given back at first.
SILENT, REPORTED = 9, (2025, 2026)
MISSING, WAITING, LATE, RETURNED = range(4)
#: Days before the day on which a report is due, and after it.
EARLY, OVER = 6, 12
WHO_REPORTS = ("shizong", "shenpi")
#: Who was not evaluated for the last of the years, as a campaign does it here; for how many days it asks.
GRADED, LIFTED, BELATED = "A-C202405", "A-U02", "A-C202402"
#: Two experts, who decides, and who agrees where a hard line is passed over; what the experts give, in percent.
DECIDING, MARKED_AT = ("zhuanjia2", "zhuanjia3", "shenpi", "zhongcai"), 80
IN_CAMPAIGN, SELF_DAYS = frozenset({"A-U01", "A-U02", "A-C202402", "A-C202405"}), 30


def load() -> int:
    """The table of past years, imported like any other, and what two of them demand; how many now."""
    if not Evaluation.objects.exists():
        with tempfile.TemporaryDirectory() as folder:
            file = Path(folder) / "审核评价结果汇总表.csv"
            with file.open("w", encoding="utf-8-sig", newline="") as lines:
                csv.writer(lines).writerows([HEADINGS, *_rows()])
            call_command("import_evaluations", str(file), verbosity=0)
        _demand()
    return Evaluation.objects.count()


def report() -> int:
    """Open the reports that are due; those of two years came in early, late, twice or not at all."""
    call_for_reports(timezone.localdate())
    found = {user.username: user for user in User.objects.filter(username__in=WHO_REPORTS)}
    if len(found) == len(WHO_REPORTS) and not TrainingReport.objects.exclude(state="draft"):
        signer, taker = (found[name] for name in WHO_REPORTS)
        rows = TrainingReport.objects.filter(year__in=REPORTED, returns=0)
        for place, row in enumerate(rows.order_by("pk")):
            how = place % SILENT
            if how == RETURNED:
                _hand_in(row, signer, -EARLY)
                why = "二季度两个班次缺少签到表"
                reporting.return_report(row.pk, "missing", actor=taker, note=why)
            if how != MISSING:
                _hand_in(row, signer, OVER if how in {WAITING, LATE} else -EARLY)
            if how not in {MISSING, WAITING}:
                reporting.accept_report(row.pk, actor=taker, note="核对无误")
    return TrainingReport.objects.count()


def _hand_in(row: TrainingReport, signer: User, days: int) -> None:
    """Signed so many days after it was due: nobody was here then, so the day is entered as a past one."""
    reporting.prepare_report(row.pk, words="", actor=User.objects.system())
    reporting.certify_report(row.pk, actor=signer, note="演示：按当时的日期补录")
    at = datetime.combine(
        row.due_on + timedelta(days=days), time(10), timezone.get_default_timezone()
    )
    TrainingReport.objects.filter(pk=row.pk, state="certified").update(certified_at=at)


def campaign() -> int:
    """The evaluation of last year: one academy's file has come as far as the experts' desk, one is graded,
    one passes over a hard line as two agreed, and one is late.
    """
    names = ("shizong", "xueyuan", "shougang", *DECIDING)
    people = {user.username: user for user in User.objects.filter(username__in=names)}
    if not Campaign.objects.exists() and len(people) == len(names):
        today = timezone.localdate()
        union = Organization.objects.get(code="BJ")
        due = today + timedelta(days=SELF_DAYS)
        opened = open_campaign(union, today.year - 1, self_due_on=due, actor=people["shizong"])
        _endorsed(opened, "A-U01", people["xueyuan"], people["shougang"])
        for code in (GRADED, LIFTED):
            review = _endorsed(opened, code, User.objects.system(), people["shizong"])
            _graded(review, people)
        over = today - timedelta(
            days=OVER
        )  # nobody was here then: the day is entered as a past one
        Review.objects.filter(campaign=opened, academy__code=BELATED).update(extended_until=over)
    return Review.objects.count()


def _endorsed(opened: Campaign, code: str, manager: User, union: User) -> Review:
    """The file of an academy as it lies on the experts' desk."""
    review = opened.reviews.get(academy__code=code)
    own = [(item["weight"] - 2, "见年度总结") for item in review.items]
    _prove(review, manager)
    reviews.self_assess(review.pk, own, statement="全年培训按计划完成，台账齐全", actor=manager)
    for check in review.checks.all():
        reviews.call(check.pk, "confirmed", actor=union)
    return reviews.endorse(review.pk, actor=union, note="电话抽查属实，同意自评")


def _graded(review: Review, people: dict[str, User]) -> None:
    """Marked by two, and decided; where a hard line is not met, as one proposed and another agreed."""
    *experts, approver, other = (people[name] for name in DECIDING)
    for expert in experts:
        scores = [Decimal(item["weight"]) * MARKED_AT / 100 for item in review.items]
        reviews.mark(review.pk, scores, words="培训扎实，台账完整", actor=expert)
    why = "全年培训职工与标准相差不足4%，实操、技能提升均达到标准"
    found = reviews.grade(
        review.pk, "qualified", reason=why, demand="", due_on=None, actor=approver
    )
    if found is None:
        reviews.agree_to_lifting(review.pk, actor=other, note="情况属实，同意评为合格")


def _prove(review: Review, actor: User) -> None:
    """A file for every item of which no row can tell; one holds for a year, the others for good."""
    for place, item in enumerate(item for item in review.items if not item["counted"]):
        paper = Paper(
            title=f"{item['name']}情况说明（演示）", issuer=review.academy.name,
            subject=subject_of(review), facts=[("评价项目", item["name"])], tables=[], signatures=[],
        )  # fmt: skip
        until = None if place else timezone.localdate() + timedelta(days=365)
        put_in(
            review.pk, item=item["name"], told="盖章原件扫描", valid_until=until, actor=actor,
            scan=Scan(paper.pdf(), f"{item['name']}情况说明.pdf"),
        )  # fmt: skip


def _rows() -> list[list[object]]:
    """A row for each capital academy and year in which it stood."""
    rows: list[list[object]] = []
    for place, academy in enumerate(Academy.objects.filter(tier="capital").order_by("code")):
        for year in YEARS:
            if not academy.stood_in(year) or (year == YEARS[-1] and academy.code in IN_CAMPAIGN):
                continue
            day = date(year + 1, 3, 1) + timedelta(days=place % 25)
            rectified: list[object] = ["", "", ""]
            grade = "优秀" if (place + year) % EXCELLENT == 0 else "合格"
            if (academy.code, year) in FAILED:
                grade, after = "不合格", FAILED[academy.code, year]
                closed = "" if after is None else day + timedelta(days=after)
                rectified = [DEMAND, day + timedelta(days=DUE), closed]
            rows.append([len(rows) + 1, academy.code, academy.name, year, grade, day, *rectified])
    return rows


def _demand() -> None:
    """One has to begin; of another somebody else has to look at what was done; a third is done with."""
    names = ("shizong", "daxing", "beixue", "shenpi")
    people = {user.username: user for user in User.objects.filter(username__in=names)}
    if len(people) < len(names):
        return
    for code, problem in (
        ("A-S01", "三个班的签到记录与学员名册不符"),
        ("A-S01", "实操课时没有考勤记录"),
        ("A-C202401", "补助资金没有单独核算"),
    ):
        evaluation = Evaluation.objects.get(academy__code=code, year=YEARS[-1])
        facts = {"problem": problem, "due_on": evaluation.due_on}
        item = rectification.demand(evaluation.pk, facts, actor=people["shizong"])
    proof = {
        "owner": "王志强",
        "measure": "设专账、补登凭证",
        "proof": "2026年4月20日起单独核算，凭证逐笔登记，见学院专账",
    }
    rectification.prove(item.pk, proof, actor=people["daxing"])
    _put_right(people)


def _put_right(people: dict[str, User]) -> None:
    """Every item proved by the academy and struck off by another: the closing sheet can be printed."""
    evaluation = Evaluation.objects.get(academy__code="A-C202407", year=YEARS[-1])
    items = []
    for problem, *_ in PUT_RIGHT:
        facts = {"problem": problem, "due_on": evaluation.due_on}
        items.append(rectification.demand(evaluation.pk, facts, actor=people["shizong"]))
    for item, (_, measure, proof, note) in zip(items, PUT_RIGHT, strict=True):
        said = {"owner": "韩志强", "measure": measure, "proof": proof}
        rectification.prove(item.pk, said, actor=people["beixue"])
        rectification.strike_off(item.pk, actor=people["shenpi"], note=note)
