"""Rows of a list of entrants become entries, and are taken back while nobody has worked on them."""

from __future__ import annotations

import json
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any, Self

from django.db import connection
from django.db.models import Exists, OuterRef, Q, TextField, Value
from django.db.models.functions import Cast, Concat
from django.urls import reverse
from django.utils import timezone

from competitions.imports.admitting import ages_of, conditions_of, stay_of
from competitions.imports.checks import LATE_CHECKS, PARTICIPATION_CHECKS
from competitions.imports.form import ENTRANTS, PARTICIPATIONS
from competitions.models import Entry, Item, Mark, Terms
from competitions.models.competitions import FIRST_YEAR, LAST_YEAR, with_codes
from competitions.permissions import ENTERERS, keeps
from competitions.permissions.entering import (
    is_late,
    may_enter,
    may_enter_somewhere,
    may_take_back_list,
    units_of,
)
from intake.kinds import Entry as Shown
from intake.kinds import Filed, NoSuchSubjectError, Option, Subject, subject_of_batch
from intake.kinds.brought import MOST_NAMED, by_line, refuse_touched
from intake.kinds.checks import run
from intake.kinds.statements import Statements, execute, gather, joined_by_hash
from organizations.models import Organization
from organizations.scoping import places_of
from organizations.validity import VALIDITY
from talents.imports.levels import level_sql
from talents.services import newcomers
from talents.services.referrals import check_tries, refer_conflicts
from workflow.models import Record

if TYPE_CHECKING:
    from collections.abc import Collection

    from django.db.models import QuerySet

    from intake.kinds import Lines
    from intake.kinds.checks import Check
    from intake.models import ImportBatch
    from intake.spreadsheets.tables import Form
    from organizations.models import User

SHOWN = 10
_TEXT, _YEAR = "competitions.entries:", "competitions.year:"
CODE = "upper(replace(@item, ' ', ''))"


@dataclass(frozen=True, slots=True)
class _List:
    """A list of entrants as SQL: for one item, or for those that its rows name (``code``)."""

    form: Form
    checks: tuple[Check, ...]
    arising: tuple[Check, ...]
    stated: str
    incoming: str
    repeated: str

    @classmethod
    def of(cls, form: Form, checks: tuple[Check, ...], code: str, at_most: str) -> _List:
        sql = Statements(Path(__file__).parent / "sql", form)
        stated = sql.read(
            "entrants_stated",
            level=level_sql("@level"),
            since=sql.read("day", cell="@since"),
            at_most=at_most,
            code=code,
        )
        arising = tuple(check for check in checks if check.may_arise)
        incoming = sql.read("accepted", stated=stated)
        return cls(
            form, checks, arising, stated, incoming, sql.read("entrants_repeated", code=code)
        )


OF_ONE = _List.of(ENTRANTS, LATE_CHECKS, "''", "limit 1")
OF_MANY = _List.of(PARTICIPATIONS, PARTICIPATION_CHECKS, CODE, "")
SQL = Statements(Path(__file__).parent / "sql", ENTRANTS)
TEAMS = SQL.read("teams")
ENTRIES = SQL.read("entrants", in_force=VALIDITY.sql("%(today)s"))
NAMED = Statements(SQL.folder, PARTICIPATIONS).read("items_named", code=CODE)


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


class YearSubject(Subject):
    """A year in which people are entered in many items; each row names its own."""

    options = (Option("year", "年度", "如 2026", int),)

    def __init__(self, year: int) -> None:
        self.year = year
        self.title = f"{year}年度各竞赛项目"
        self.trail = (
            ("技能竞赛", reverse("competitions:list")),
            ("竞赛项目", reverse("competitions:items")),
        )

    @classmethod
    def found(cls, user: User, **key: Any) -> Self:
        if not FIRST_YEAR <= key["year"] <= LAST_YEAR:
            raise NoSuchSubjectError(f"年度应在{FIRST_YEAR}至{LAST_YEAR}之间")
        return cls(key["year"])

    @classmethod
    def stored(cls, text: str) -> Self:
        return cls(int(text.removeprefix(_YEAR)))

    @classmethod
    def names(cls, texts: Collection[str]) -> dict[str, str]:
        return {text: cls.stored(text).title for text in texts}

    @property
    def text(self) -> str:
        return f"{_YEAR}{self.year}"

    def bodies(self, user: User) -> list[Organization]:
        """The bodies for which this account enters people; for a command, the roots."""
        roots = Organization.objects.filter(parent__isnull=True).order_by("path")
        return list(roots[:1]) if user.is_system else units_of(user)

    def check_open(self, actor: User, organization: Organization | None = None) -> None:
        check_tries(actor)
        may_enter_somewhere.check(actor)


def judge(batch: ImportBatch, lines: Lines) -> None:
    """Write every finding about the given lines (None: all), set-wise."""
    told, items = _list_of(batch), _items(batch, batch.uploaded_by)
    values = _values(batch, lines, batch.uploaded_by, list(items))
    with joined_by_hash():
        run(batch, told.checks, rows=told.stated, values=values)
    refer_conflicts(batch, lines, href=subject_of_batch(batch).href)
    if batch.status == batch.Status.STAGED:
        execute(told.repeated, values | {"column": batch.headings["identity"]})


def file(batch: ImportBatch, lines: Lines, actor: User) -> Filed:
    """Enter the standing rows among ``lines``, unless something about them has changed meanwhile."""
    told, items = _list_of(batch), _locked(_items(batch, actor))
    values = _values(batch, lines, actor, items)
    if told is OF_ONE and not values["open_items"]:
        return Filed(0, 0)
    with joined_by_hash():
        expected = gather(told.incoming, values)
    arisen = run(batch, told.arising, rows="select * from incoming", values=values)
    if arisen:
        return Filed(0, arisen)
    with joined_by_hash():
        newcomers.admit(newcomers.ARRIVING, values)
    closed = Item.objects.filter(pk__in=values["open_items"]).exclude(state=Item.State.OPEN)
    if execute(ENTRIES, values) != expected or closed.exists():
        return Filed(0, 0)
    if values["team_items"]:
        execute(TEAMS, values)
    return Filed(expected, 0)


def _locked(items: QuerySet[Item]) -> list[Item]:
    """Lists for one item queue up; of many, in the order of their keys."""
    return list(items.order_by("pk").select_for_update(of=("self",), no_key=True))


def _list_of(batch: ImportBatch) -> _List:
    return OF_MANY if isinstance(subject_of_batch(batch), YearSubject) else OF_ONE


def filed(batch: ImportBatch, lines: Lines) -> dict[int, int]:
    """Entries by the line they came from."""
    return by_line(Entry.objects.filter(batch=batch), lines)


def withdraw(batch: ImportBatch, actor: User) -> int:
    """Take back the entries of a list and the persons only it brought; how many.

    Refused once somebody has a number or marks, was corrected, or anything was decided about him.
    """
    rows = Entry.objects.filter(batch=batch)
    items = Item.objects.filter(pk__in=rows.values("item")).select_related("competition__organizer")
    for item in _locked(items.prefetch_related("boards")):
        may_take_back_list.check(actor, item)
    marked = Mark.objects.filter(entry__in=rows).values("entry")
    touched = rows.exclude(number="") | rows.filter(worked_on())
    touched |= rows.filter(pk__in=marked)
    touched |= rows.filter(pk__in=Entry.objects.exclude(batch=batch).values("captain"))
    names = [str(entry) for entry in touched.select_related("person")[: MOST_NAMED + 1]]
    refuse_touched(
        names, "参赛人已编号、评分、更正或另有办理（认定资格、登记签署或教练）", "请逐人处理"
    )
    return take_entries(batch)


def worked_on() -> Q:
    """Entries that somebody put right, or about whom something stands on the record: rows of a list have nothing."""
    name = Concat(Value(f"{Entry._meta.label_lower}:"), Cast(OuterRef("pk"), TextField()))
    return Q(edited_at__isnull=False) | Q(Exists(Record.objects.filter(subject=name)))


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
    rows = Entry.objects.visible_to(user).filter(batch=batch).select_related("person", "item")
    return [
        Shown(
            row.batch_line,
            row.person.name,
            reverse("competitions:entry", args=[row.pk]),
            (str(row.item), row.employer or "—", row.level_words),
        )
        for row in rows.order_by("batch_line", "pk")[:SHOWN]
    ]


def _values(batch: ImportBatch, lines: Lines, actor: User, items: list[Item]) -> dict[str, Any]:
    body = batch.organization
    if body is None:
        body = items[0].competition.organizer
    terms = Terms.newest_of({item.competition_id for item in items})
    conditions = conditions_of(items)
    told = [
        _told(
            item, body, terms.get(item.competition_id), actor,
            is_own=keeps(batch.uploaded_by, item.competition.organizer),
        )
        | ages_of(item, conditions[item.pk])
        | stay_of(conditions[item.pk])
        for item in items
    ]  # fmt: skip
    year = getattr(subject_of_batch(batch), "year", None)
    if year is not None:  # who took part in what is over by now is told of, not entered
        told = [one | {"is_late": one["is_late"] and not one["is_over"]} for one in told]
    else:
        told = [one | {"code": ""} for one in told]  # rows of a list for one item name none
    return {
        "batch": batch.pk,
        "lines": None if lines is None else list(lines),
        "year": year,
        "items": json.dumps(told, ensure_ascii=False),
        "open_items": [one["id"] for one in told if not one["refusal"]],
        "team_items": [item.pk for item in items if item.team_size > 1],
        "organization": body.pk,
        "today": timezone.localdate(),
        "within": [f"{path}%" for path in places_of(batch.uploaded_by, ENTERERS)],
        "has_level": "level" in batch.positions,
        "has_since": "since" in batch.positions and year is None,
    }


def _items(batch: ImportBatch, actor: User) -> QuerySet[Item]:
    """The item of a list; of a list for many, those of its year within reach that its rows name."""
    subject, rows = (
        subject_of_batch(batch),
        Item.objects.select_related(
            "competition__organizer", "competition__edition"
        ).prefetch_related("boards"),
    )
    if isinstance(subject, EntriesSubject):
        return rows.filter(pk=subject.item.pk)
    with connection.cursor() as cursor:
        cursor.execute(NAMED, {"batch": batch.pk})
        codes = [code for (code,) in cursor.fetchall()]
    of_year = rows.visible_to(actor).filter(competition__year=subject.year)  # type: ignore[attr-defined]
    return with_codes(of_year, codes)


def _told(
    item: Item, body: Organization, terms: int | None, actor: User, *, is_own: bool
) -> dict[str, Any]:
    """What the rows of one item are judged by and entered with; ``is_own``: of who keeps the contest."""
    refused = may_enter.why_not(actor, item)
    is_unit = body.pk != item.competition.organizer_id and not is_own
    return {
        "code": item.code.upper(),
        "id": item.pk,
        "team_size": item.team_size,
        "terms": terms,
        "unit": body.pk if is_unit else None,
        "body": body.name if is_unit else "",
        "refusal": refused.message if refused else "",
        "is_late": is_late(item.competition),
        "is_over": _is_over(item),
    }


def _is_over(item: Item) -> bool:
    last = item.ends_on or item.competition.ends_on
    return last is not None and last < timezone.localdate()
