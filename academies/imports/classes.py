"""Rows of the sheet 培训班 become classes, and are taken back again."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any

from django.utils import timezone

from academies.imports import roster
from academies.imports.checks import CLASS_CHECKS, arising
from academies.imports.forms import CLASSES
from academies.imports.subjects import academy_and_year
from academies.models import Academy, Enrolment, TrainingClass
from intake.kinds import Filed
from intake.kinds.brought import MOST_NAMED, by_line, refuse_touched
from intake.kinds.checks import run
from intake.kinds.statements import Statements, execute
from workflow.refusals import DomainError

if TYPE_CHECKING:
    from intake.kinds import Lines
    from intake.models import ImportBatch
    from organizations.models import User

SQL = Statements(Path(__file__).parent / "sql", CLASSES)
STATED = roster.classes_stated(
    "batch_id = %(batch)s and outcome = 'pending'"
    " and (%(lines)s::int[] is null or line = any(%(lines)s::int[]))"
)
REPEATED = SQL.read("classes_repeated")
ACCEPTED = SQL.read("accepted", stated=STATED)
FILED = SQL.read("classes_filed", accepted=ACCEPTED)


def judge(batch: ImportBatch, lines: Lines) -> None:
    """Write every finding about the given lines (None: all).

    A class put right on screen lets those through who are refused on its account, and so does one
    that came to say what is on file.
    """
    values = _values(batch, lines)
    run(batch, CLASS_CHECKS, rows=STATED, values=values)
    if batch.status == batch.Status.STAGED:
        execute(REPEATED, values | {"column": batch.headings["class_number"]})
    if batch.status in roster.LIVING:
        roster.take_up_again(batch, batch.uploaded_by)  # which a job may have read before


def file(batch: ImportBatch, lines: Lines, actor: User) -> Filed:
    """File the standing classes among ``lines``, unless somebody else filed one meanwhile."""
    values = _values(batch, lines)
    Academy.objects.select_for_update(no_key=True).get(pk=values["academy"])
    arisen = run(batch, arising(CLASS_CHECKS), rows=ACCEPTED, values=values)
    if arisen:
        return Filed(0, arisen)
    count = execute(FILED, values)
    if lines is not None:
        roster.take_up_again(batch, actor)
    return Filed(count, 0)


def filed(batch: ImportBatch, lines: Lines) -> dict[int, int]:
    """Classes by the line they came from."""
    return by_line(TrainingClass.objects.filter(batch=batch), lines)


def withdraw(batch: ImportBatch, actor: User) -> int:
    """Take back the classes of a batch; refused when one was corrected since, or has a roster."""
    values = _values(batch, None)
    Academy.objects.select_for_update(no_key=True).get(pk=values["academy"])
    rows = TrainingClass.objects.filter(batch=batch)
    touched = rows.filter(edited_at__isnull=False).order_by("number")
    numbers = touched.values_list("number", flat=True)[: MOST_NAMED + 1]
    refuse_touched(list(numbers), "班次入库后已更正", "请逐班处理")
    if Enrolment.objects.filter(training_class__batch=batch).exists():
        message = "本批次的班次已有学员登记，请先撤销学员名册，再撤销培训班"
        raise DomainError("class-in-use", message)
    return rows.delete()[0]


def _values(batch: ImportBatch, lines: Lines) -> dict[str, Any]:
    academy, year = academy_and_year(batch.subject)
    return {
        "batch": batch.pk,
        "lines": None if lines is None else list(lines),
        "academy": academy.pk,
        "year": year,
        "designated_on": academy.designated_on,
        "today": timezone.localdate(),
    }
