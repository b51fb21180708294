"""Rows of the 汇总表 become persons, nominations, segments and certificates; and back again."""

from __future__ import annotations

from contextlib import AbstractContextManager, contextmanager, nullcontext
from typing import TYPE_CHECKING, Any

from django.db import connection
from django.urls import reverse

from intake.kinds import Entry, Filed
from intake.kinds.brought import MOST_NAMED, by_line, refuse_touched
from intake.kinds.checks import run
from intake.kinds.statements import execute, gather, joined_by_hash
from organizations.models import Organization
from talents.imports import statements
from talents.imports.checks import ARISING, CHECKS, ELSEWHERE
from talents.models import Nomination, SelectionRound
from talents.models.persons import FIRST_MONTH, LAST_MONTH, MONTHS_A_YEAR, month_number
from talents.rules import nominating_units
from talents.rules.places import cautions
from talents.services.eligibility import forget_verdicts
from talents.services.referrals import refer_rows
from workflow.refusals.database import refusing_references

if TYPE_CHECKING:
    from collections.abc import Iterator

    from intake.kinds import Lines
    from intake.models import ImportBatch
    from organizations.models import User

NAMED = 10
IN_USE = "本批次的推荐已被其他业务引用，不能整批撤销；请逐人处理"
#: Nobody is at work at this age or before.
CHILDHOOD = 13


def round_of(subject: str) -> SelectionRound:
    """The round a batch is for; its subject names it by number."""
    rows = SelectionRound.objects.select_related("organizer")
    return rows.get(pk=int(subject.rpartition(":")[2]))


def judge(batch: ImportBatch, lines: Lines) -> None:
    """Write every finding about the given lines (None: all), set-wise."""
    values = _values(batch, lines)
    with _sets_of_rows(lines):
        run(batch, CHECKS, rows=_among_units(statements.JUDGED, batch), values=values)
        _refer(batch, lines)
        if batch.status == batch.Status.STAGED:
            execute(statements.REPEATED, values | {"column": batch.headings["identity"]})
            if heading := batch.headings.get("rank"):
                alike = _among_units(statements.RANKED_ALIKE, batch)
                execute(alike, values | {"column": heading})


def _refer(batch: ImportBatch, lines: Lines) -> None:
    found = batch.findings.filter(code=ELSEWHERE)
    count = (found if lines is None else found.filter(line__in=lines)).count()
    href = reverse("talents:round", args=[round_of(batch.subject).code])
    refer_rows(batch, lines, count=count, href=href)


def file(batch: ImportBatch, lines: Lines, actor: User) -> Filed:
    """File the standing rows among ``lines``, unless something about them has changed meanwhile.

    Commits into one round queue up here, so that what is checked still holds when it is written.
    """
    SelectionRound.objects.select_for_update(no_key=True).get(pk=round_of(batch.subject).pk)
    values = _values(batch, lines)
    with _sets_of_rows(lines):
        expected = gather(_among_units(statements.INCOMING, batch), values)
        arisen = run(batch, ARISING, rows="select * from incoming", values=values)
        if arisen:
            return Filed(0, arisen)
        if heading := batch.headings.get("rank"):
            execute(statements.RANKS, values | {"column": heading})
        newcomers = _count("select count(*) from incoming where not is_known")
        with _side_by_side(lines):
            if execute(statements.PERSONS, values) != newcomers:
                return Filed(0, 0)
            if execute(statements.NOMINATIONS, values) != expected:
                return Filed(0, 0)
            execute(statements.CERTIFICATES, values)
        execute(statements.COMPLETIONS, values)
        execute(statements.EMPLOYMENTS, values)
    return Filed(expected, 0)


def filed(batch: ImportBatch, lines: Lines) -> dict[int, int]:
    """Nominations by the line they came from."""
    return by_line(Nomination.objects.filter(batch=batch), lines)


def entries(batch: ImportBatch, user: User) -> list[Entry]:
    """The first nominations that came of the batch."""
    rows = Nomination.objects.visible_to(user).filter(batch=batch).select_related("person", "unit")
    return [
        Entry(
            row.batch_line,
            row.person.name,
            reverse("talents:nomination", args=[row.pk]),
            (row.unit.name, row.occupation or "—"),
        )
        for row in rows.order_by("batch_line")[:NAMED]
    ]


def over_places(batch: ImportBatch) -> list[str]:
    """Where what the batch brought goes beyond the places of its units, or they have none."""
    units = Organization.objects.filter(nominations__batch=batch).distinct()
    return cautions(round_of(batch.subject), list(units))


def withdraw(batch: ImportBatch, actor: User) -> int:
    """Take back the nominations of a batch and what came with them; returns how many.

    Refused when one was corrected or confirmed since, or is used elsewhere.
    """
    selection = round_of(batch.subject)
    forget_verdicts(selection, Nomination.objects.filter(batch=batch), actor=actor)
    _refuse_touched(batch)
    values = _values(batch, None)
    execute(statements.TAKE_COMPLETIONS, values)
    for taken in (statements.TAKE_EMPLOYMENTS, statements.TAKE_CERTIFICATES):
        execute(taken, values)
    execute("drop table if exists pg_temp.leaving", {})
    execute(statements.LEAVING, {})
    with refusing_references("nomination-in-use", IN_USE):
        withdrawn = execute(statements.TAKE_NOMINATIONS, values)
    _refuse_touched(batch)
    execute(statements.take_persons(), values)
    return withdrawn


def _refuse_touched(batch: ImportBatch) -> None:
    rows = Nomination.objects.filter(batch=batch)
    touched = rows.exclude(state=Nomination.State.DRAFT) | rows.filter(edited_at__isnull=False)
    names = [
        f"第{line}行（{f'序号{number}，' if number else ''}{name}）"
        for line, number, name in touched.order_by("batch_line").values_list(
            "batch_line", "row_number", "person__name"
        )[: MOST_NAMED + 1]
    ]
    refuse_touched(names, "各行入库后已更正或确认", "请逐人撤回")


def _values(batch: ImportBatch, lines: Lines) -> dict[str, Any]:
    selection = round_of(batch.subject)
    return {
        "batch": batch.pk,
        "lines": None if lines is None else list(lines),
        "handlers": sorted({batch.uploaded_by_id, batch.committed_by_id} - {None}),
        "round": selection.pk,
        "within": f"{batch.place}%",
        "reference": month_number(selection.reference_day),
        "first_month": FIRST_MONTH,
        "last_month": LAST_MONTH,
        "childhood": CHILDHOOD * MONTHS_A_YEAR,
    }


def _among_units(statement: str, batch: ImportBatch) -> str:
    """The statement, looking for units among those below whoever handed the file in."""
    units = nominating_units(round_of(batch.subject))
    return statements.with_units(statement, units.filter(path__startswith=batch.place))


def _sets_of_rows(lines: Lines) -> AbstractContextManager[None]:
    """The rows of a whole file are not joined one by one; single rows are looked up."""
    return nullcontext() if lines is not None else joined_by_hash()


def _side_by_side(lines: Lines) -> AbstractContextManager[None]:
    """Both sides lie in the order of the file: merging them spares hashing or sorting wide rows."""
    return nullcontext() if lines is not None else _without("hashjoin", "bitmapscan")


@contextmanager
def _without(*ways: str) -> Iterator[None]:
    """Plans of another kind, for some statements of this transaction only."""
    for way in ways:
        execute(f"set local enable_{way} = off", {})
    yield
    for way in ways:
        execute(f"set local enable_{way} = on", {})


def _count(statement: str) -> int:
    with connection.cursor() as cursor:
        cursor.execute(statement)
        return cursor.fetchone()[0]
