"""Loading the demo: every row goes in by the services that real users use."""

from __future__ import annotations

import tempfile
from pathlib import Path
from typing import TYPE_CHECKING

from django.core.management import call_command

from intake.models import ImportBatch
from organizations.models import Organization, User
from portal.demo import (
    auditing,
    cast,
    claims,
    contests,
    endorsing,
    evaluating,
    finished,
    money,
    publicity,
    review,
    training,
    vouchers,
    workbook,
    yantai,
)
from reports.services.issuing import issue_here
from talents.imports import NOMINATIONS
from talents.models import AssessmentRun, SelectionRound
from talents.services.quotas import divide_quotas
from talents.services.rounds import set_requirements
from workflow.records import subject_of

if TYPE_CHECKING:
    from collections.abc import Callable

TREE = Path(__file__).with_name("organizations.csv")
ROUND_CODE = "beijing-great-2026"
CANDIDATES = 300
REPORT_YEARS = (2024, 2025)
SHARES = {
    "worker": {"percent": 35, "bound": "least", "is_hard": True},
    "science": {"percent": 20, "bound": "most", "is_hard": False},
    "head": {"percent": 10, "bound": "most", "is_hard": True},
    "women": {"percent": 40, "bound": "least", "is_hard": False},
    "migrant": {"percent": 10, "bound": "least", "is_hard": False},
    "non_public": {"percent": 35, "bound": "least", "is_hard": False},
}
PLACES = {"district": 18, "industry": 12, "group": 10}
#: Of the round that is in review: by what rule of thumb its bodies had places.
DISTRICT_PLACES = {"district": 2, "industry": 1, "group": 1}


def load(say: Callable[[str], object]) -> None:
    """Make what is missing; a second call changes nothing."""
    call_command("load_policies", verbosity=0)
    call_command("load_calendar", verbosity=0)
    call_command("import_organizations", str(TREE), verbosity=0)
    say(f"组织机构 {Organization.objects.count()} 个")
    say(f"演示账号新建 {cast.enrol()} 个")
    call_command(
        "create_round",
        ROUND_CODE,
        policy="beijing-craftsman-selection-2024",
        tier="beijing-great",
        year="2026",
        reference_day="2026-06-30",
        organizer="BJ",
        verbosity=0,
    )
    _allot_quotas(ROUND_CODE, PLACES)
    _file_candidates()
    _ask_for_shares()
    say(f"推荐人选汇总表 {CANDIDATES} 行已导入")
    if not AssessmentRun.objects.filter(round__code=ROUND_CODE).exists():
        call_command("check_eligibility", round=ROUND_CODE, verbosity=0)
    say("资格核验已完成")
    for rounds in (review, publicity, finished, endorsing):
        rounds.load(say)
    _allot_quotas(review.ROUND_CODE, DISTRICT_PLACES)
    review.end_filing()
    academies, enrolments = training.load()
    say(f"工匠学院 {academies} 家，学员记录 {enrolments:,} 条")
    say(f"补助支出 {money.past():,} 笔")  # before the evaluations, which stop money
    say(f"审核评价 {evaluating.load()} 条，按期报送 {evaluating.report()} 期")
    say(f"上年度评价件 {evaluating.campaign()} 件")
    say(f"技能竞赛 {contests.load()} 场")
    say(f"本年度补助申报 {money.this_year()} 笔，个人申领 {claims.load()} 笔")
    say(f"年终决算 {money.settled()} 件")
    say(f"审计项目 {auditing.load()} 个，凭证原件 {vouchers.load()} 份")
    yantai.load(say)
    _issue_reports()  # last: they count whatever was loaded before
    say("年度名额报告已封存")


def _issue_reports() -> None:
    """The annual reports of the years that are over, sealed like any other."""
    for year in REPORT_YEARS:
        issue_here(year, actor=User.objects.system())


def _round() -> SelectionRound:
    return SelectionRound.objects.select_related("organizer").get(code=ROUND_CODE)


def _allot_quotas(code: str, places: dict[str, int]) -> None:
    """Places for every district, industry and group union, as the notice of the round would.

    Once: what somebody has changed since stays as it is.
    """
    selection = SelectionRound.objects.select_related("organizer").get(code=code)
    if selection.allocations.exists():
        return
    bodies = Organization.objects.filter(kind__in=places, path__startswith=selection.organizer.path)
    sheet = [(body, places[body.kind]) for body in bodies]
    divide_quotas(selection.pk, sheet, actor=User.objects.system(), note="按轮次通知分配")


def _ask_for_shares() -> None:
    """What the call for the round asks of its slate, and which papers go along."""
    selection = _round()
    if not selection.composition:
        set_requirements(
            selection.pk,
            composition=SHARES,
            papers={"everybody": ["minutes"], "head": ["audit"]},
            actor=User.objects.system(),
            note="按轮次通知规定",
        )


def _file_candidates() -> None:
    """The round's workbook, uploaded and committed like any other."""
    batches = ImportBatch.objects.filter(kind=NOMINATIONS.sheets[0].name, status="committed")
    if batches.filter(subject=subject_of(_round())).exists():
        return
    units = list(
        Organization.objects.filter(kind="unit").order_by("code").values_list("name", "uscc")
    )
    content = workbook.summary_table(
        workbook.candidates(units, CANDIDATES), title="2026年北京大工匠推荐人选汇总表"
    )
    with tempfile.TemporaryDirectory() as folder:
        file = Path(folder) / "2026年北京大工匠推荐人选汇总表.xlsx"
        file.write_bytes(content)
        call_command("import_nominations", str(file), round=ROUND_CODE, verbosity=0)


def accounts() -> list[tuple[str, str, str, str]]:
    """Username, name, role and organization of each demo account that exists."""
    known = set(User.objects.values_list("username", flat=True))
    names = dict(Organization.objects.values_list("code", "name"))
    return [
        (m.username, m.name, str(m.role.label), names.get(m.organization, m.organization))
        for m in cast.CAST
        if m.username in known
    ]
