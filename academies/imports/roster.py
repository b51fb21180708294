"""Rows of the sheet 学员名册 become persons and enrolments, and are taken back again."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from django.db import connection, transaction
from django.db.models import Q
from django.urls import reverse
from django.utils import timezone

from academies.imports.checks import ROSTER_CHECKS, arising
from academies.imports.forms import CLASSES, ROSTER
from academies.imports.subjects import academy_and_year
from academies.models import Academy, Brand, Enrolment
from academies.permissions import KEEPERS
from academies.selectors.academies import CLASSES_KIND, ROSTER_KIND
from intake.kinds import Filed
from intake.kinds.brought import MOST_NAMED, by_line, refuse_touched
from intake.kinds.checks import run
from intake.kinds.statements import Statements, execute, gather, joined_by_hash
from intake.models import ImportBatch, ImportFinding, ImportRow
from intake.services import judging
from intake.services.counts import recount
from organizations.scoping import places_of
from talents.imports.levels import level_sql
from talents.services import newcomers
from talents.services.referrals import refer_conflicts

if TYPE_CHECKING:
    from django.db.models import QuerySet

    from intake.kinds import Lines
    from organizations.models import User

FOR_THEIR_CLASS = ("unknown-class", "class-refused")
LIVING = (ImportBatch.Status.STAGED, ImportBatch.Status.COMMITTED)
#: A table of persons so many times the size of the roster is looked into row by row, by its index.
FAR_MORE = 20
SQL = Statements(Path(__file__).parent / "sql", ROSTER)
SQL_OF_CLASSES = Statements(SQL.folder, CLASSES)
PERSONS_AT_ONCE = "left join talents_person person on person.identity_digest = {}.identity_digest"
PERSONS_ONE_BY_ONE = (
    "left join lateral (select id, name from talents_person"
    " where identity_digest = {}.identity_digest limit 1) person on true"
)


def classes_stated(which: str) -> str:
    """What the rows of a sheet of classes say; ``which`` is SQL over staged rows."""
    return SQL_OF_CLASSES.read(
        "classes_stated",
        which=which,
        starts_on=SQL_OF_CLASSES.read("day", cell="@starts_on"),
        ends_on=SQL_OF_CLASSES.read("day", cell="@ends_on"),
        in_the_year=Brand.DAYS.sql(
            "make_date(%(year)s, 1, 1)", "make_date(%(year)s, 12, 31)", at="b."
        ),
    )


BESIDE = classes_stated("batch_id = %(classes)s and outcome <> 'committed'")


@dataclass(frozen=True, slots=True)
class Roster:
    """The statements about all rows of a roster, with persons looked up in one way."""

    stated: str
    incoming: str
    enrolments: str

    @classmethod
    def by(cls, person: str) -> Roster:
        stated = SQL.read(
            "roster_stated",
            staged=SQL.read("staged_classes", stated=BESIDE),
            level_before=level_sql("@level_before"),
            level_after=level_sql("@level_after"),
            person=person.format("s"),
        )
        return cls(
            stated,
            "create temporary table incoming on commit drop as\n"
            + SQL.read("accepted", stated=stated),
            SQL.read("enrolments", person=person.format("i")),
        )


AT_ONCE, ONE_BY_ONE = Roster.by(PERSONS_AT_ONCE), Roster.by(PERSONS_ONE_BY_ONE)
REPEATED, NAMES = SQL.read("roster_repeated"), SQL.read("one_name")
TAKE_ENROLMENTS = SQL.read("take_enrolments")
PERSONS_THERE = "select greatest(reltuples, 0) from pg_class where oid = 'talents_person'::regclass"
LEAVING = "create temporary table leaving (person_id bigint primary key) on commit drop"


def judge(batch: ImportBatch, lines: Lines) -> None:
    """Write every finding about the given lines (None: all), set-wise.

    Classes may be on file, or wait in the batch of the same workbook's other sheet.
    """
    values = _values(batch, lines) | _classes_beside(batch)
    with joined_by_hash():
        run(batch, ROSTER_CHECKS, rows=_ways(batch, lines).stated, values=values)
        code = academy_and_year(batch.subject).academy.code
        refer_conflicts(batch, lines, href=reverse("academies:academy", args=[code]))
        if batch.status == batch.Status.STAGED:
            execute(REPEATED, values | {"column": batch.headings["identity"]})
            execute(NAMES, values | {"column": batch.headings["name"]})


def file(batch: ImportBatch, lines: Lines, actor: User) -> Filed:
    """File the standing rows among ``lines``, unless something about them has changed meanwhile.

    Imports into one academy queue up here, so that what is checked still holds when it is written.
    """
    values = _values(batch, lines) | {"classes": None, "is_waiting": False}
    Academy.objects.select_for_update(no_key=True).get(pk=values["academy"])
    ways = _ways(batch, lines)
    with joined_by_hash():
        expected = gather(ways.incoming, values)
        arisen = run(batch, arising(ROSTER_CHECKS), rows="select * from incoming", values=values)
        if arisen:
            return Filed(0, arisen)
        newcomers.admit(newcomers.ARRIVING, values)
        if execute(ways.enrolments, values) != expected:
            return Filed(0, 0)
    return Filed(expected, 0)


def filed(batch: ImportBatch, lines: Lines) -> dict[int, int]:
    """Enrolments by the line they came from."""
    academy, year = academy_and_year(batch.subject)
    return by_line(Enrolment.objects.filter(academy=academy, year=year, batch=batch), lines)


def withdraw(batch: ImportBatch, actor: User) -> int:
    """Take back the enrolments of a batch and the persons only they brought; returns how many.

    Refused when one was corrected since.
    """
    values = _values(batch, None)
    Academy.objects.select_for_update(no_key=True).get(pk=values["academy"])
    rows = Enrolment.objects.filter(academy=values["academy"], year=values["year"], batch=batch)
    touched = rows.filter(edited_at__isnull=False).order_by("batch_line")
    lines = touched.values_list("batch_line", "person__name")[: MOST_NAMED + 1]
    named = [f"第{line}行（{name}）" for line, name in lines]
    refuse_touched(named, "各行入库后已更正", "请逐人处理")
    execute("drop table if exists pg_temp.leaving", {})
    execute(LEAVING, {})
    withdrawn = rows.count()
    execute(TAKE_ENROLMENTS, values)
    newcomers.dismiss("select person_id from leaving", values)
    return withdrawn


def take_up_again(classes: ImportBatch, actor: User) -> None:
    """Judge those anew who were refused for their class; file them where the batch is filed."""
    for batch in _beside(classes, ROSTER_KIND).filter(status__in=LIVING).select_for_update():
        waiting = ImportRow.objects.filter(batch=batch, outcome=ImportRow.Outcome.PENDING)
        lines = list(
            ImportFinding.objects.filter(
                batch=batch, code__in=FOR_THEIR_CLASS, line__in=waiting.values("line")
            ).values_list("line", flat=True)
        )
        if not lines:
            continue
        ImportFinding.objects.filter(batch=batch, line__in=lines).delete()
        judging.judge(batch, lines)
        if batch.status == ImportBatch.Status.COMMITTED:
            _file_standing(batch, lines, actor)
        recount(batch)


def _file_standing(batch: ImportBatch, lines: list[int], actor: User) -> None:
    """File those of ``lines`` that stand: all at once, or else one by one, each judged anew.

    Only the file as a whole is looked through for one person twice, and these may be such.
    """
    standing = _standing(batch, lines)
    with transaction.atomic():
        is_filed = not standing or file(batch, standing, actor).count == len(standing)
        transaction.set_rollback(not is_filed)
    if is_filed:
        _settle(batch, standing)
        return
    for line in standing:
        ImportFinding.objects.filter(batch=batch, line=line).delete()
        judging.judge(batch, [line])
        if _standing(batch, [line]) and file(batch, [line], actor).count:
            _settle(batch, [line])


def _standing(batch: ImportBatch, lines: list[int]) -> list[int]:
    refused = ImportFinding.objects.filter(batch=batch, line__in=lines, severity="error")
    return sorted(set(lines) - set(refused.values_list("line", flat=True)))


def _settle(batch: ImportBatch, lines: list[int]) -> None:
    """Say of each row what it became."""
    numbers = filed(batch, lines)
    rows = list(ImportRow.objects.filter(batch=batch, line__in=lines))
    for row in rows:
        row.outcome, row.object_id = ImportRow.Outcome.COMMITTED, numbers[row.line]
    ImportRow.objects.bulk_update(rows, ["outcome", "object_id"])


def _beside(batch: ImportBatch, kind: str) -> QuerySet[ImportBatch]:
    """The batches made of the same file's other sheet."""
    first = batch.first_id or batch.pk
    return ImportBatch.objects.filter(Q(pk=first) | Q(first=first), kind=kind)


def _classes_beside(batch: ImportBatch) -> dict[str, Any]:
    """The batch of the same file's classes, and whether they still wait to be filed.

    What was refused there stays so after the others were filed: its students are not put into
    another class of the same number.
    """
    beside = _beside(batch, CLASSES_KIND).filter(status__in=LIVING).first()
    is_waiting = beside is not None and beside.status == ImportBatch.Status.STAGED
    return {"classes": beside and beside.pk, "is_waiting": is_waiting}


def _values(batch: ImportBatch, lines: Lines) -> dict[str, Any]:
    academy, year = academy_and_year(batch.subject)
    return {
        "batch": batch.pk,
        "lines": None if lines is None else list(lines),
        "academy": academy.pk,
        "organization": academy.organization_id,
        "year": year,
        "today": timezone.localdate(),
        "within": [f"{path}%" for path in places_of(batch.uploaded_by, KEEPERS)],
    }


def _ways(batch: ImportBatch, lines: Lines) -> Roster:
    """How persons are looked up: all at once, unless there are far more of them than rows."""
    if lines is not None:
        return ONE_BY_ONE
    with connection.cursor() as cursor:
        cursor.execute(PERSONS_THERE)
        persons = cursor.fetchone()[0]
    return ONE_BY_ONE if persons > FAR_MORE * batch.row_count else AT_ONCE
