"""Three years of evaluations in the demo: one academy suspended, one ended for good, one being put right;
and the training reports of the periods that are over.
"""

from __future__ import annotations

import csv
import tempfile
from datetime import date, timedelta
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
}
DEMAND, DUE = "台账与名册不符，限期整改", 60
#: One in so many is excellent; one in so many hands nothing in.
EXCELLENT, SILENT = 6, 9
REPORTED = 2025


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
    """Open the reports that are due; most of the year before last were handed in and accepted."""
    call_for_reports(timezone.localdate())
    untouched = TrainingReport.objects.filter(year=REPORTED, state="draft", returns=0)
    hands = {
        user.username: user for user in User.objects.filter(username__in=("shizong", "shenpi"))
    }
    if len(hands) == len(("shizong", "shenpi")) and not TrainingReport.objects.exclude(
        state="draft"
    ):
        for place, row in enumerate(untouched.order_by("pk")):
            if place % SILENT:
                reporting.prepare_report(row.pk, words="", actor=User.objects.system())
                reporting.certify_report(row.pk, actor=hands["shizong"])
            if place % SILENT > 1:
                reporting.accept_report(row.pk, actor=hands["shenpi"], note="核对无误")
    return TrainingReport.objects.count()


def campaign() -> int:
    """The evaluation of this year, begun; one academy's file has come as far as the experts' desk."""
    names = ("shizong", "xueyuan", "shougang")
    people = {user.username: user for user in User.objects.filter(username__in=names)}
    if not Campaign.objects.exists() and len(people) == len(names):
        year = timezone.localdate().year
        union = Organization.objects.get(code="BJ")
        due = date(year + 1, 1, 31)
        opened = open_campaign(union, year, self_due_on=due, actor=people["shizong"])
        review = opened.reviews.get(academy__code="A-U01")
        own = [(item["weight"] - 2, "见年度总结") for item in review.items]
        _prove(review, people["xueyuan"])
        statement = "全年培训按计划完成，台账齐全"
        reviews.self_assess(review.pk, own, statement=statement, actor=people["xueyuan"])
        for check in review.checks.all():
            reviews.call(check.pk, "confirmed", actor=people["shougang"])
        note = "电话抽查属实，同意自评"
        reviews.endorse(review.pk, actor=people["shougang"], note=note)
    return Review.objects.count()


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
            if not academy.stood_in(year):
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
    """One academy has to begin; of the other somebody else has to look at what was done."""
    people = {
        user.username: user for user in User.objects.filter(username__in=("shizong", "daxing"))
    }
    if len(people) < len(("shizong", "daxing")):
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
