"""Marking schemes: put in place from the header of a sheet, a new version for every change."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.db import connection, transaction
from django.utils import timezone

from competitions.models import Aspect, Competition, Item, Mark, Scheme
from competitions.permissions import may_change_marks
from competitions.rules.editions import edition_for
from competitions.selectors.board import current_scheme
from competitions.services.contests import REGISTERED, locked_item
from competitions.services.terms import first_terms
from organizations.models import Organization
from policies.library.contests import ContestLevel
from workflow.corrections import correct
from workflow.models import Record
from workflow.records import Event, record_event, subject_of
from workflow.refusals import DomainError
from workflow.refusals.database import refusing

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence
    from decimal import Decimal
    from typing import Protocol

    from intake.models import ImportBatch
    from organizations.models import User

    class Asked(Protocol):
        """What somebody asks to be put in place."""

        code: str
        item: Item | None
        creates: bool
        contest_class: str

    class Titled(Protocol):
        """What a sheet says about its contest."""

        @property
        def contest(self) -> str: ...
        @property
        def item(self) -> str: ...
        @property
        def year(self) -> int | None: ...
        @property
        def level(self) -> str: ...
        @property
        def contest_class(self) -> str: ...
        @property
        def ties(self) -> tuple[str, ...]: ...

    class Planned(Protocol):
        """An aspect that is to be."""

        @property
        def code(self) -> str: ...
        @property
        def method(self) -> str: ...
        @property
        def maximum(self) -> Decimal: ...
        @property
        def seats(self) -> int: ...


SCHEME_MADE = Event("competitions.scheme", "建立评分方案", Record.Kind.CHANGE)
FROM_HEADER = "按评分表表头建立"
_LEVEL_OF = {
    Organization.Kind.NATIONAL: ContestLevel.NATIONAL,
    Organization.Kind.CITY: ContestLevel.CITY,
    Organization.Kind.DISTRICT: ContestLevel.DISTRICT,
    Organization.Kind.INDUSTRY: ContestLevel.INDUSTRY,
}


@transaction.atomic
def put_in_place(
    asked: Asked, planned: Sequence[Planned], title: Titled, *, batch: ImportBatch, actor: User
) -> Item:
    """The item with a scheme of exactly the ``planned`` aspects: found, or made where that is asked.

    A scheme that says otherwise is followed by a new version as long as nothing is marked by it.
    """
    with refusing():
        item = asked.item or _made(asked, title, batch, actor)
        Item.objects.select_for_update(no_key=True).get(pk=item.pk)
        _check_class(item.competition, asked.contest_class, actor)
        scheme = current_scheme(item)
        ties = title.ties or (scheme.tie_order if scheme else ())
        differs = scheme is not None and (
            _told(scheme.aspects.all()) != _told(planned) or list(ties) != scheme.tie_order
        )
        if scheme is None or differs:
            _check_new(asked, item, scheme, planned)
            make_scheme(item, planned, ties=ties, actor=actor, origin=batch)
    return item


def _check_class(competition: Competition, asked: str, actor: User) -> None:
    """The class that was asked for: written down where none stands yet, refused where another does."""
    if not asked or asked == competition.contest_class:
        return
    if competition.contest_class:
        told = competition.get_contest_class_display()
        message = f"“{competition}”登记的类别是{told}，与导入时写明的不同，请核对"
        raise DomainError("contest-class-differs", message)
    facts = {n: getattr(competition, n) for n in Competition.CORRECTABLE.fields}
    facts["contest_class"] = asked
    correct(competition, facts, version=None, actor=actor, note="按导入时写明的类别")


def _check_new(asked: Asked, item: Item, scheme: Scheme | None, planned: Sequence[Planned]) -> None:
    if scheme is None and not asked.creates:
        message = "该项目还没有评分方案；请先建立，或在导入时选择“按表头建立”"
        raise DomainError("no-scheme", message)
    if scheme is None:
        return
    told = set(_told(scheme.aspects.all())) ^ set(_told(planned))
    named = "、".join(dict.fromkeys(code for code, *_ in sorted(told))) or "次序或总分相同时的次序"
    if not asked.creates:
        message = f"表头与评分方案第{scheme.number}版不符（{named}），请核对表头"
        raise DomainError("header-differs-from-scheme", message)
    if Mark.objects.filter(aspect__scheme__item=item).exists():
        message = f"表头与评分方案第{scheme.number}版不符（{named}），且已按该版评分，不能另立新版"
        raise DomainError("scheme-in-use", message)


def _told(aspects: Iterable[Planned]) -> list[tuple[str, str, Decimal, int]]:
    return [(a.code, a.method, a.maximum, a.seats) for a in aspects]


@refusing()
@transaction.atomic
def draw_up_scheme(
    item_id: int, planned: Sequence[Planned], *, ties: Sequence[str] = (), actor: User, note: str
) -> Scheme:
    """The next version of an item's scheme, as long as nothing is marked by the one before."""
    item = locked_item(item_id, actor)
    may_change_marks.check(actor, item)
    before = current_scheme(item)
    if before and Mark.objects.filter(aspect__scheme__item=item).exists():
        message = (
            f"已按评分方案第{before.number}版评分，不能另立新版；确需改动的，请先撤销已登记的分数"
        )
        raise DomainError("scheme-in-use", message)
    scheme = make_scheme(item, planned, ties=ties, actor=actor, origin=note)
    with connection.cursor() as cursor:  # what the aspects come to is asked now, not at the end
        cursor.execute("set constraints scheme_makes_up_one_hundred immediate")
    return scheme


def make_scheme(
    item: Item,
    planned: Sequence[Planned],
    *,
    ties: Sequence[str] = (),
    actor: User,
    origin: ImportBatch | str,
) -> Scheme:
    """A new version of the scheme, on the record. The database refuses one that is not 100.

    ``ties`` are the aspects or modules that decide between equal totals, the first one first;
    ``origin`` is the sheet it was read from, or the reason somebody gave.
    """
    _check_parts(planned, ties)
    before = current_scheme(item)
    reason, batch = (origin, None) if isinstance(origin, str) else (FROM_HEADER, origin)
    scheme = Scheme.objects.create(
        item=item,
        number=before.number + 1 if before else 1,
        reason=reason,
        tie_order=list(ties),
        batch=batch,
    )
    Aspect.objects.bulk_create(
        Aspect(
            scheme=scheme,
            position=position,
            module=getattr(aspect, "module", ""),
            code=aspect.code,
            method=aspect.method,
            maximum=aspect.maximum,
            seats=aspect.seats,
            title=getattr(aspect, "title", ""),
            benchmarks=getattr(aspect, "benchmarks", []),
            standard=getattr(aspect, "standard", ""),
        )
        for position, aspect in enumerate(planned, start=1)
    )
    record_event(
        SCHEME_MADE,
        subject_of(item),
        actor=actor,
        organization=item.competition.organizer,
        note=reason,
        after={
            "scheme": scheme.number,
            "aspects": "；".join(map(str, scheme.aspects.all())),
            "tie_order": "、".join(ties),
        },
    )
    return scheme


def _check_parts(planned: Sequence[Planned], ties: Sequence[str]) -> None:
    """Every aspect in a module or none; a tie order of parts that the scheme has, each once."""
    modules = [getattr(aspect, "module", "") for aspect in planned]
    if any(modules) and not all(modules):
        outside = "、".join(
            a.code for a, module in zip(planned, modules, strict=True) if not module
        )
        message = f"评分点{outside}没有归入模块；分模块的，各评分点都须归入模块"
        raise DomainError("aspect-outside-modules", message)
    known = {*modules, *(aspect.code for aspect in planned)} - {""}
    if unknown := [name for name in ties if name not in known]:
        message = f"总分相同时的次序写有“{'、'.join(unknown)}”，评分方案中没有这一评分点或模块"
        raise DomainError("tie-order-unknown", message)
    if len(set(ties)) < len(ties):
        raise DomainError("tie-order-repeated", "总分相同时的次序中有重复的评分点或模块")


def _made(asked: Asked, title: Titled, batch: ImportBatch, actor: User) -> Item:
    """The item of that code, in the contest that the title names."""
    organizer = batch.organization
    if organizer is None:
        raise DomainError("no-organizer", "还没有可以作主办单位的组织，请先导入组织机构")
    competition = _contest(asked, title, organizer, actor)
    name = title.item or asked.code
    item = Item.objects.create(
        competition=competition, code=asked.code, name=name, occupation=title.item
    )
    _record_made(item, competition, actor)
    return item


def _contest(asked: Asked, title: Titled, organizer: Organization, actor: User) -> Competition:
    contest_class = asked.contest_class or title.contest_class
    level = title.level or _LEVEL_OF.get(Organization.Kind(organizer.kind), ContestLevel.ENTERPRISE)
    year = title.year or timezone.localdate().year
    name = title.contest or asked.code
    known = Competition.objects.filter(
        organizer=organizer, name=name, year=year, contest_class=contest_class, level=level
    ).first()
    if known:
        return known
    competition = Competition.objects.create(
        code=asked.code,
        name=name,
        level=level,
        contest_class=contest_class,
        year=year,
        organizer=organizer,
        edition=edition_for(year),
    )
    _record_made(competition, competition, actor)
    first_terms(competition, actor=actor)
    return competition


def _record_made(row: Competition | Item, competition: Competition, actor: User) -> None:
    record_event(
        REGISTERED,
        subject_of(row),
        actor=actor,
        organization=competition.organizer,
        after={"code": row.code, "name": row.name},
    )
