"""The table 审核评价结果汇总表: the history of evaluations, row by row.

What a row brings decides whether money is paid, so whoever files it answers for the whole city.
"""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any

from django.db.models import Q
from django.urls import reverse
from django.utils import timezone

from academies.facts.evaluations import failed_twice_without
from academies.models import Academy, Evaluation
from academies.models.academies import FIRST_YEAR
from academies.permissions import EVALUATORS, evaluating_bodies, may_import_evaluations
from intake.kinds import Filed, registers
from intake.kinds.brought import MOST_NAMED, by_line, refuse_touched
from intake.kinds.checks import WARNING, Check, quoted, run, too_long
from intake.kinds.statements import Statements, execute
from intake.spreadsheets.tables import Column, Form
from organizations.models import Organization
from organizations.scoping import places_of

if TYPE_CHECKING:
    from django.db.models import QuerySet

    from intake.kinds import Lines
    from intake.models import ImportBatch
    from organizations.models import User

NAME = "academies.evaluations"
#: How what is not undone goes all the same.
BY_TWO = "确属误登的，请逐条打开该评价提出更正或撤下，由另一位审批人复核，复核后再撤销其余各行"
FORM = Form(
    name="审核评价结果汇总表",
    number="number",
    columns=(
        Column("number", "序号", ("编号", "序列")),
        Column("code", "学院编码", ("编码",)),
        Column("name", "学院名称", ("名称", "学院"), is_required=False),
        Column("year", "评价年度", ("年度", "评价年份")),
        Column("grade", "等次", ("评价等次", "评价结果", "评定等次", "结果")),
        Column("evaluated_on", "评价日期", ("评定日期", "评价时间")),
        Column("demand", "整改要求", ("整改内容", "整改意见", "责令整改"), is_required=False),
        Column("due_on", "整改期限", ("整改截止日期", "整改限期"), is_required=False),
        Column(
            "closed_on", "整改完成日期", ("销号日期", "整改完成时间", "完成日期"), is_required=False
        ),
    ),
)
SQL = Statements(Path(__file__).parent / "sql", FORM)
STATED = SQL.read(
    "evaluations_stated",
    **{
        key: SQL.read("day", cell=f"@blank({key})")
        for key in ("evaluated_on", "due_on", "closed_on")
    },
)
ACCEPTED = SQL.read("accepted", stated=STATED)
FILED = SQL.read("evaluations_filed", accepted=ACCEPTED)
REPEATED = SQL.read("evaluations_repeated", stated=STATED)


def _cell(column: str) -> str:
    return f"'“' || left(p.{column}, 30) || '”"


def _day(key: str) -> Check:
    column = f"{key}_text"
    when = f"{column} <> '' and {key} is null"
    says = f"{_cell(column)}不是日期，请写成“2026-03-09”这样的日期'"
    return Check(f"{key.removesuffix('_on')}-unreadable", key, when, says)


def _not_yet(key: str) -> Check:
    says = f"'日期' || p.{key} || '晚于今天，请核对后更正'"
    return Check(f"{key.removesuffix('_on')}-in-future", key, f"{key} > %(today)s", says)


def _missing(key: str, column: str, what: str) -> Check:
    says = quoted(f"没有填写{what}，请填写")
    return Check(f"{key.removesuffix('_on')}-missing", key, f"{column} = ''", says)


CHECKS = (
    _missing("code", "code", "学院编码"),
    Check(
        "unknown-academy",
        "code",
        "code <> '' and academy_id is null",
        f"'没有编码为' || {_cell('code')}的学院，请核对编码，或先登记该学院'",
        may_arise=True,
    ),
    Check(
        "other-academy-named",
        "name",
        "name <> '' and academy_id is not null and not is_name",
        "'编码' || p.code || '登记的是“' || p.academy_name || '”，与本行名称不同，请核对编码'",
        WARNING,
    ),
    _missing("year", "year_text", "评价年度"),
    Check(
        "year-unreadable",
        "year",
        "year_text <> '' and year is null",
        f"{_cell('year_text')}不是{FIRST_YEAR}至今的年度，请写成“2025”'",
    ),
    Check(
        "duplicate-evaluation",
        "year",
        "is_filed",
        "'“' || p.academy_name || '”' || p.year || '年度的审核评价已登记，一年只登记一次；"
        "结果有误的，请在该评价的页面提出更正或撤下，由另一位审批人复核'",
        may_arise=True,
    ),
    Check(
        "evaluation-under-way",
        "year",
        "is_under_way and not is_filed",
        "'“' || p.academy_name || '”' || p.year || '年度的审核评价正在办理，等次由自评、初审、评分、评定得出，"
        "不能导入；导入的只是发起评价以前的历年结果'",
        may_arise=True,
    ),
    _missing("grade", "grade_text", "等次"),
    Check(
        "grade-unreadable",
        "grade",
        "grade_text <> '' and grade is null",
        f"{_cell('grade_text')}应为“优秀”“合格”或“不合格”'",
    ),
    Check(
        "failures-parted",
        "grade",
        "grade <> 'failed' and parts_failures",
        "'“' || p.academy_name || '”的前后两次评价已连续不合格，这一事实不因补录消除，本行不予登记'",
        may_arise=True,
    ),
    _missing("evaluated_on", "evaluated_on_text", "评价日期"),
    *map(_day, ("evaluated_on", "due_on", "closed_on")),
    *map(_not_yet, ("evaluated_on", "closed_on")),
    Check(
        "evaluated-before-year",
        "evaluated_on",
        "extract(year from evaluated_on) < year",
        "'评价日期' || p.evaluated_on || '早于评价年度' || p.year || '，请核对后更正'",
    ),
    Check(
        "closed-before-evaluation",
        "closed_on",
        "closed_on < evaluated_on",
        "'整改完成日期' || p.closed_on || '早于评价日期' || p.evaluated_on || '，请核对后更正'",
    ),
    Check(
        "due-before-evaluation",
        "due_on",
        "due_on < evaluated_on",
        "'整改期限' || p.due_on || '早于评价日期' || p.evaluated_on || '，请核对后更正'",
    ),
    Check(
        "rectification-of-passed",
        "due_on",
        "grade <> 'failed' and (due_on is not null or closed_on is not null)",
        "'等次不是“不合格”，整改期限和完成日期不采用'",
        WARNING,
    ),
    Check(
        "due-missing",
        "due_on",
        "grade = 'failed' and due_on_text = ''",
        "'不合格的没有填写整改期限，请补填；整改完成以前不予拨付'",
        WARNING,
    ),
    *(too_long(key) for key in ("code", "demand")),
)
TITLES = {
    "code-missing": "没有学院编码",
    "unknown-academy": "没有这所学院",
    "other-academy-named": "编码与名称不符",
    "year-missing": "没有评价年度",
    "year-unreadable": "评价年度看不懂",
    "duplicate-evaluation": "同年度重复评价",
    "evaluation-under-way": "该年度评价正在办理",
    "grade-missing": "没有等次",
    "grade-unreadable": "等次看不懂",
    "failures-parted": "夹在两次不合格之间",
    "evaluated-missing": "没有评价日期",
    "evaluated-unreadable": "评价日期看不懂",
    "evaluated-in-future": "评价日期晚于今天",
    "evaluated-before-year": "评价日期早于年度",
    "due-unreadable": "整改期限看不懂",
    "due-before-evaluation": "整改期限早于评价",
    "due-missing": "没有整改期限",
    "closed-unreadable": "整改完成日期看不懂",
    "closed-in-future": "整改完成日期晚于今天",
    "closed-before-evaluation": "整改完成早于评价",
    "rectification-of-passed": "合格的不计整改",
}


class EvaluationSubject(registers.Register):
    """The evaluations of all academies that answer to one city union."""

    model, roles, title = NAME, EVALUATORS, "审核评价"

    def __init__(self) -> None:
        self.trail = (("审核评价", reverse("academies:evaluations")),)

    def bodies(self, user: User) -> list[Organization]:
        """The city unions at which this account may evaluate; refused where it is at none."""
        may_import_evaluations.check(user)
        if user.is_system:
            return list(Organization.objects.filter(parent__isnull=True).order_by("path")[:1])
        return evaluating_bodies(user)

    def check_open(self, actor: User, organization: Organization | None = None) -> None:
        may_import_evaluations.check(actor)


def judge(batch: ImportBatch, lines: Lines) -> None:
    """Write every finding about the given lines (None: all)."""
    values = _values(batch, lines)
    run(batch, CHECKS, rows=STATED, values=values)
    if batch.status == batch.Status.STAGED:
        # held against all rows, of which those at hand are looked at
        values |= {"lines": None, "judged": values["lines"], "column": batch.headings["year"]}
        execute(REPEATED, values)


def file(batch: ImportBatch, lines: Lines, actor: User) -> Filed:
    """File the standing rows among ``lines``, unless one of them was evaluated meanwhile."""
    values = _values(batch, lines)
    _lock_academies()
    arising = tuple(check for check in CHECKS if check.may_arise)
    if arisen := run(batch, arising, rows=ACCEPTED, values=values):
        return Filed(0, arisen)
    return Filed(execute(FILED, values), 0)


def filed(batch: ImportBatch, lines: Lines) -> dict[int, int]:
    """Evaluations by the line they came from."""
    return by_line(Evaluation.objects.filter(batch=batch), lines)


def withdraw(batch: ImportBatch, actor: User) -> int:
    """Take back the evaluations of a batch; refused when one was worked on since, or money obeys it.

    That is each failure, open or put right, and each pass that parts two of them: they go by two people,
    never with their file.
    """
    _lock_academies()
    rows = Evaluation.objects.filter(batch=batch)
    touched = rows.filter(Q(edited_at__isnull=False) | Q(items__isnull=False)).distinct()
    refuse_touched(_named(touched), "各行入库后已更正，或已提出整改事项")
    failed = rows.filter(grade=Evaluation.Grade.FAILED)
    refuse_touched(_named(failed), "各行为不合格的评价，补助资金的拨付以其为准", BY_TWO)
    parting = rows.filter(academy__in=failed_twice_without(rows))
    refuse_touched(_named(parting), "各行撤销后，学院的不合格将成为连续两次而终止补助", BY_TWO)
    return rows.delete()[0]


def _named(rows: QuerySet[Evaluation]) -> list[str]:
    """By line, academy and year; one more than a refusal names."""
    found = rows.order_by("batch_line").values_list("batch_line", "academy__name", "year")
    return [f"第{line}行（{name}{year}年度）" for line, name, year in found[: MOST_NAMED + 1]]


def _lock_academies() -> None:
    """In their order, before the trigger takes them in that of the rows."""
    list(Academy.objects.select_for_update(no_key=True).order_by("pk").values_list("pk"))


def _values(batch: ImportBatch, lines: Lines) -> dict[str, Any]:
    return {
        "batch": batch.pk,
        "lines": None if lines is None else list(lines),
        "within": [f"{place}%" for place in places_of(batch.uploaded_by, EVALUATORS)],
        "today": timezone.localdate(),
    }
