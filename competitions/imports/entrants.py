"""Rows of a list of entrants become entries, and are taken back while nobody has worked on them."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any, Self

from django.urls import reverse
from django.utils import timezone

from competitions.imports.checks import ENTRANT_CHECKS, ENTRANTS_ARISING
from competitions.imports.form import ENTRANTS
from competitions.models import Entry, Item, Mark
from competitions.permissions import ENTERERS, keeps, may_enter, units_of
from competitions.selectors.terms import current_terms
from intake.kinds import Entry as Shown
from intake.kinds import Filed, NoSuchSubjectError, Option, Subject
from intake.kinds.brought import MOST_NAMED, by_line, refuse_touched
from intake.kinds.checks import run
from intake.kinds.statements import Statements, execute, gather, joined_by_hash
from organizations.scoping import places_of
from organizations.validity import VALIDITY
from talents.imports.levels import level_sql
from talents.services import newcomers
from talents.services.referrals import check_tries, refer_conflicts

if TYPE_CHECKING:
    from collections.abc import Collection

    from intake.kinds import Lines
    from intake.models import ImportBatch
    from organizations.models import Organization, User

SHOWN = 10
_TEXT = "competitions.entries:"
SQL = Statements(Path(__file__).parent / "sql", ENTRANTS)
STATED = SQL.read(
    "entrants_stated", level=level_sql("@level"), since=SQL.read("day", cell="@since")
)
INCOMING = SQL.read("accepted", stated=STATED)
REPEATED = SQL.read("entrants_repeated")
TEAMS = SQL.read("teams")
ENTRIES = SQL.read("entrants", in_force=VALIDITY.sql("%(today)s"))


class EntriesSubject(Subject):
    """The item that people are entered in."""

    options = (Option("item", "项目编码", "如 2026-CNC"),)

    def __init__(self, item: Item) -> None:
        self.item = item
        self.title = f"{item.competition} {item}"
        self.trail = (
            ("技能竞赛", reverse("competitions:list")),
            (item.name, reverse("competitions:item", args=[item.code])),
        )

    @classmethod
    def found(cls, user: User, **key: Any) -> Self:
        rows = Item.objects.visible_to(user).select_related("competition__organizer")
        item = rows.filter(code__iexact=key["item"].strip()).first()
        if item is None:
            raise NoSuchSubjectError(f"没有编码为 {key['item']} 的竞赛项目，请核对编码")
        return cls(item)

    @classmethod
    def stored(cls, text: str) -> Self | None:
        rows = Item.objects.select_related("competition__organizer")
        item = rows.filter(code=text.removeprefix(_TEXT)).first()
        return cls(item) if item else None

    @classmethod
    def names(cls, texts: Collection[str]) -> dict[str, str]:
        codes = {text.removeprefix(_TEXT): text for text in texts}
        rows = Item.objects.filter(code__in=codes).values_list("code", "name")
        return {codes[code]: name for code, name in rows}

    @property
    def text(self) -> str:
        return f"{_TEXT}{self.item.code}"

    def bodies(self, user: User) -> list[Organization]:
        """The organizer itself, or the units for which this account enters people."""
        organizer = self.item.competition.organizer
        return [organizer] if keeps(user, organizer) else units_of(user)

    def check_open(self, actor: User, organization: Organization | None = None) -> None:
        check_tries(actor)
        may_enter.check(actor, self.item)


def item_of(batch: ImportBatch) -> Item:
    """The item a list is for."""
    subject = EntriesSubject.stored(batch.subject)
    if subject is None:
        raise Item.DoesNotExist
    return subject.item


def judge(batch: ImportBatch, lines: Lines) -> None:
    """Write every finding about the given lines (None: all), set-wise."""
    values = _values(batch, lines)
    run(batch, ENTRANT_CHECKS, rows=STATED, values=values)
    refer_conflicts(batch, lines, href=reverse("competitions:item", args=[item_of(batch).code]))
    if batch.status == batch.Status.STAGED:
        execute(REPEATED, values | {"column": batch.headings["identity"]})


def file(batch: ImportBatch, lines: Lines, actor: User) -> Filed:
    """Enter the standing rows among ``lines``, unless something about them has changed meanwhile."""
    item = Item.objects.select_for_update(no_key=True).get(pk=item_of(batch).pk)
    values = _values(batch, lines)
    expected = gather(INCOMING, values)
    arisen = run(batch, ENTRANTS_ARISING, rows="select * from incoming", values=values)
    if arisen:
        return Filed(0, arisen)
    with joined_by_hash():
        newcomers.admit(newcomers.ARRIVING, values)
    if execute(ENTRIES, values) != expected or item.state != Item.State.OPEN:
        return Filed(0, 0)
    if item.team_size > 1:
        execute(TEAMS, values)
    return Filed(expected, 0)


def filed(batch: ImportBatch, lines: Lines) -> dict[int, int]:
    """Entries by the line they came from."""
    return by_line(Entry.objects.filter(batch=batch), lines)


def withdraw(batch: ImportBatch, actor: User) -> int:
    """Take back the entries of a list and the persons only it brought; how many.

    Refused once somebody has a number, marks, or was corrected.
    """
    Item.objects.select_for_update(no_key=True).get(pk=item_of(batch).pk)
    rows = Entry.objects.filter(batch=batch)
    marked = Mark.objects.filter(entry__in=rows).values("entry")
    touched = rows.exclude(number="") | rows.filter(edited_at__isnull=False)
    touched |= rows.filter(pk__in=marked)
    touched |= rows.filter(pk__in=Entry.objects.exclude(batch=batch).values("captain"))
    names = [str(entry) for entry in touched.select_related("person")[: MOST_NAMED + 1]]
    refuse_touched(names, "参赛人已编号、评分或更正", "请逐人处理")
    return take_entries(batch)


def take_entries(batch: ImportBatch) -> int:
    """Delete what the batch brought: entries, and the persons nothing else refers to."""
    execute("drop table if exists pg_temp.leaving", {})
    execute("create temporary table leaving (person_id bigint primary key) on commit drop", {})
    count = execute(
        "with gone as (delete from competitions_entry where batch_id = %(batch)s"
        " returning person_id) insert into leaving select distinct person_id from gone",
        {"batch": batch.pk},
    )
    newcomers.dismiss("select person_id from leaving", {"batch": batch.pk})
    return count


def entries(batch: ImportBatch, user: User) -> list[Shown]:
    """The first of those whom the list entered."""
    rows = Entry.objects.visible_to(user).filter(batch=batch).select_related("person")
    return [
        Shown(
            row.batch_line,
            row.person.name,
            reverse("competitions:entry", args=[row.pk]),
            (row.employer or "—", row.level_words),
        )
        for row in rows.order_by("batch_line", "pk")[:SHOWN]
    ]


def _values(batch: ImportBatch, lines: Lines) -> dict[str, Any]:
    item, body = item_of(batch), batch.organization
    is_unit = body is not None and body.pk != item.competition.organizer_id
    return {
        "batch": batch.pk,
        "lines": None if lines is None else list(lines),
        "item": item.pk,
        "organization": body.pk if body else item.competition.organizer_id,
        "unit": body.pk if body and is_unit else None,
        "body": body.name if body and is_unit else "",
        "today": timezone.localdate(),
        "within": [f"{path}%" for path in places_of(batch.uploaded_by, ENTERERS)],
        "has_level": "level" in batch.positions,
        "team_size": item.team_size,
        "terms": terms.pk if (terms := current_terms(item.competition)) else None,
    }
