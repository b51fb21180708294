"""Rows of a marking sheet become entries and marks, and are taken back again."""

from __future__ import annotations

import json
from pathlib import Path
from typing import TYPE_CHECKING, Any

from django.db import connection
from django.db.models import Q
from django.urls import reverse
from django.utils import timezone

from competitions.imports.admitting import ages_of, conditions_of, proofs_asked
from competitions.imports.checks import ARISING, CHECKS
from competitions.imports.entrants import take_entries, worked_on
from competitions.imports.form import MARKS
from competitions.imports.subject import MarksSubject
from competitions.models import Aspect, Entry, Item, Mark, TypedSheet
from competitions.models.schemes import HIGHEST_JUDGEMENT
from competitions.permissions import KEEPERS, may_handle
from competitions.permissions.entering import is_late
from competitions.selectors.board import board_of, current_scheme
from intake.kinds import Entry as Shown
from intake.kinds import Filed, keys_of
from intake.kinds.brought import MOST_NAMED, refuse_touched
from intake.kinds.checks import run
from intake.kinds.statements import Statements, execute, gather, joined_by_hash
from organizations.scoping import places_of
from organizations.validity import VALIDITY
from talents.imports.levels import level_sql
from talents.services import newcomers
from talents.services.referrals import refer_conflicts
from workflow.refusals import DomainError

if TYPE_CHECKING:
    from intake.kinds import Lines
    from intake.models import ImportBatch
    from organizations.models import User

SHOWN = 10
#: Why somebody stands among the entrants whom nobody entered in time.
BY_SHEET = "没有报名，按评分表登记"
SQL = Statements(Path(__file__).parent / "sql", MARKS)
STATED = SQL.read("stated", level=level_sql("@level"))
INCOMING = SQL.read("accepted", stated=STATED)
CELLS = SQL.read("cells")
JUDGED_CELLS = SQL.read("judged_cells", cells=CELLS)
REPEATED, COMPLETED, FILED = SQL.read("repeated"), SQL.read("completed"), SQL.read("filed")
KNOWN = SQL.read("known")
ENTRIES = SQL.read("entries", in_force=VALIDITY.sql("%(today)s"))
MARKED = SQL.read("marks", cells=CELLS)


def item_of(batch: ImportBatch) -> Item:
    """The item a batch of marks is for."""
    subject = MarksSubject.stored(batch.subject)
    if subject is None or subject.item is None:
        raise Item.DoesNotExist
    return subject.item


def judge(batch: ImportBatch, lines: Lines) -> None:
    """Write every finding about the given lines (None: all), set-wise."""
    values = _values(batch, lines)
    run(batch, CHECKS, rows=STATED, values=values)
    refer_conflicts(batch, lines, href=reverse("competitions:item", args=[item_of(batch).code]))
    with joined_by_hash():
        execute(JUDGED_CELLS, values)
        if batch.status == batch.Status.STAGED:
            execute(REPEATED, values)


def file(batch: ImportBatch, lines: Lines, actor: User) -> Filed:
    """File the standing rows among ``lines``, unless something about them has changed meanwhile.

    Imports into one item queue up here, so that what is checked still holds when it is written.
    """
    item = Item.objects.select_for_update(no_key=True).get(pk=item_of(batch).pk)
    values = _values(batch, lines)
    expected = gather(INCOMING, values)
    arisen = run(batch, ARISING, rows="select * from incoming", values=values)
    if arisen:
        return Filed(0, arisen)
    with joined_by_hash():
        newcomers.admit(newcomers.ARRIVING, values)
    known = execute(COMPLETED, values)
    if known + execute(ENTRIES, values) != expected:
        return Filed(0, 0)
    marks = expected * len(values["seats"])
    with joined_by_hash():
        execute(KNOWN, values)
        if execute(MARKED, values) != marks or item.state != Item.State.OPEN:
            return Filed(0, 0)
    may_handle.check(actor, item)  # the sheet itself may be what enters somebody
    return Filed(expected, 0)


def filed(batch: ImportBatch, lines: Lines) -> dict[int, int]:
    """Entries by the line they came from."""
    with connection.cursor() as cursor:
        cursor.execute(FILED, _values(batch, lines))
        return dict(cursor.fetchall())


def withdraw(batch: ImportBatch, actor: User) -> int:
    """Take back the marks of a batch, the entries and the persons only it brought; how many entries.

    Refused once something was marked anew or corrected, and for good once a board was published.
    """
    item = Item.objects.select_for_update(no_key=True).get(pk=item_of(batch).pk)
    if item.boards.exists():
        message = (
            f"“{item}”已公布过成绩，公布的成绩以本批分数为据，不能整批撤销；有误的按仲裁逐项重评"
        )
        raise DomainError("board-stands-on-batch", message)
    may_handle.check(actor, item)
    own = Mark.objects.filter(batch=batch)
    entries = Entry.objects.filter(pk__in=own.values("entry"))
    corrected = Q(worked_on(), batch=batch)
    again = Mark.objects.filter(entry__in=entries.values("pk"), is_superseded=True)
    touched = Entry.objects.filter(corrected | Q(pk__in=again.values("entry")) | _leant_on(batch))
    names = [str(entry) for entry in touched.select_related("person")[: MOST_NAMED + 1]]
    refuse_touched(
        names, "参赛人入库后已更正、重评或另有办理（认定资格、登记签署或教练）", "请逐人处理"
    )
    count = entries.count()
    Mark.objects.filter(batch=batch).delete()
    take_entries(batch)
    return count


def _leant_on(batch: ImportBatch) -> Q:
    """Entries that a batch brought, of whom a team or somebody else's marks tell by now."""
    others = Mark.objects.filter(entry__batch=batch).exclude(batch=batch).values("entry")
    mates = Entry.objects.filter(captain__batch=batch).exclude(batch=batch).values("captain")
    typed = TypedSheet.objects.filter(entry__batch=batch).values("entry")
    return Q(pk__in=others) | Q(pk__in=mates) | Q(pk__in=typed)


def entries(batch: ImportBatch, user: User) -> list[Shown]:
    """The first of those whom the batch brought marks."""
    marked = Mark.objects.filter(batch=batch).values("entry")
    rows = Entry.objects.visible_to(user).filter(pk__in=marked).select_related("person")
    return [
        Shown(row.batch_line, row.person.name, "", (row.number, row.employer or "—"))
        for row in rows.order_by("batch_line", "pk")[:SHOWN]
    ]


def outcome(batch: ImportBatch) -> dict[str, Any]:
    """The item and its board, in the order of the sheet."""
    item = item_of(batch)
    return {
        "item": item.code,
        "entries": [
            {"no": p.number, "name": p.name, "total": f"{p.total:.2f}", "rank": p.rank}
            for p in board_of(item, ranked=False)
            if p.captain_id is None
        ],
    }


def _values(batch: ImportBatch, lines: Lines) -> dict[str, Any]:
    item = item_of(batch)
    columns = _columns(batch, item)
    return {
        "batch": batch.pk,
        "lines": None if lines is None else list(lines),
        "item": item.pk,
        "organization": item.competition.organizer_id,
        "today": timezone.localdate(),
        "within": [f"{path}%" for path in places_of(batch.uploaded_by, KEEPERS)],
        "first": len(MARKS.columns) + 1,
        "seats": columns,
        "columns": json.dumps(columns),
        "headings": json.dumps(batch.headings, ensure_ascii=False),
        "has_level": "level" in batch.positions,
        "proofs": proofs_asked(item),
        "was_published": item.boards.exists(),
        "late_reason": BY_SHEET if is_late(item.competition) else "",
        **ages_of(item, conditions_of([item])[item.pk]),
    }


def _columns(batch: ImportBatch, item: Item) -> list[dict[str, Any]]:
    """What each column of marks stands for, in the order of the cells."""
    scheme = current_scheme(item)
    aspects = {aspect.code: aspect for aspect in scheme.aspects.all()} if scheme else {}
    found = []
    for place, key in enumerate(keys_of(batch)[len(MARKS.columns) :], start=1):
        code, _, seat = key.partition("#")
        aspect = aspects[code]
        is_judged = aspect.method == Aspect.Method.JUDGEMENT
        found.append(
            {
                "place": place,
                "key": key,
                "aspect": aspect.pk,
                "seat": int(seat or 1),
                "maximum": str(HIGHEST_JUDGEMENT if is_judged else aspect.maximum),
                "whole": is_judged,
            }
        )
    return found
