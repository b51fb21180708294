"""Registering contests and items, and putting them right, on the record."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.db import transaction

from competitions.models import Competition, Item
from competitions.permissions import may_change_marks, may_hold_for, may_set_places
from competitions.permissions.kinds import DECISIVE, may_set_kind, settled_items
from competitions.rules.editions import edition_for
from competitions.services.chains import check_chain
from competitions.services.kinds import ask_kind
from competitions.services.terms import first_terms
from workflow.corrections import check_version, correct
from workflow.records import Event, record_event, subject_of
from workflow.refusals import DomainError
from workflow.refusals.database import refusing, refusing_references

if TYPE_CHECKING:
    from collections.abc import Iterable

    from competitions.models import Entry
    from organizations.models import Organization, User

REGISTERED = Event("competitions.registered", "登记")
REMOVED = Event("competitions.removed", "删除")
#: What of an item may still be put right while it is marked anew.
ANEW = frozenset({"places", "ends_on", "venue"})


@refusing(invalid="competition-invalid")
@transaction.atomic
def register_competition(
    code: str, year: int, organizer: Organization, facts: dict[str, Any], *, actor: User
) -> Competition:
    """Prepare a contest with the usual terms, pinned to the rules that apply on its first day, or at the
    end of its year.
    """
    may_hold_for.check(actor, organizer)
    check_chain(facts.get("chain", ""), organizer)
    competition = Competition(code=code, year=year, organizer=organizer, **facts)
    competition.edition = edition_for(year, competition.starts_on)
    competition.full_clean(validate_constraints=False)  # the database asks them
    competition.save()
    record_event(
        REGISTERED,
        subject_of(competition),
        actor=actor,
        organization=organizer,
        after={"code": code, **Competition.CORRECTABLE.recorded(competition)},
    )
    first_terms(competition, actor=actor)
    return competition


@transaction.atomic
def correct_competition(  # noqa: PLR0913 - what a correction consists of
    pk: int,
    facts: dict[str, Any],
    *,
    version: int | None = None,
    actor: User,
    note: str,
    asks: bool = False,
) -> Competition:
    """Write what changed. Level and class of a contest with locked results take two: with ``asks`` they are kept
    as asked for by ``actor`` until somebody else agrees, else refused.
    """
    rows = Competition.objects.visible_to(actor).select_related("organizer")
    competition = rows.select_for_update(of=("self",)).get(pk=pk)
    may_hold_for.check(actor, competition.organizer)
    if facts.get("chain", "") != competition.chain:
        check_chain(facts.get("chain", ""), competition.organizer)
    check_version(competition, version)
    others = {name for name in DECISIVE if facts.get(name, "") != getattr(competition, name)}
    if others & facts.keys():
        if asks and settled_items(competition).exists():
            ask_kind(competition, facts, actor=actor, note=note)
            facts = {name: value for name, value in facts.items() if name not in DECISIVE}
        else:
            may_set_kind.check(actor, competition)
    check_day_stands(competition, facts)
    correct(competition, facts, version=version, actor=actor, note=note)
    return competition


def check_day_stands(competition: Competition, facts: dict[str, Any]) -> None:
    """Refuse another first day where conditions of entry were asked on it by now."""
    if facts.get("starts_on", competition.starts_on) == competition.starts_on:
        return
    by_it = settled_items(competition).filter(starts_on__isnull=True).first()
    if by_it is not None:
        message = f"“{by_it}”已锁定或公布过成绩，参赛条件按竞赛开始日期核对，不能再改开始日期"
        raise DomainError("day-decided", message)


@refusing(invalid="item-invalid")
@transaction.atomic
def register_item(competition_id: int, code: str, facts: dict[str, Any], *, actor: User) -> Item:
    """Add an item to a contest."""
    rows = Competition.objects.visible_to(actor).select_related("organizer")
    competition = rows.get(pk=competition_id)
    may_hold_for.check(actor, competition.organizer)
    item = Item(code=code, competition=competition, **facts)
    item.full_clean(validate_constraints=False)
    item.save()
    record_event(
        REGISTERED,
        subject_of(item),
        actor=actor,
        organization=competition.organizer,
        after={"code": code, **Item.CORRECTABLE.recorded(item)},
    )
    return item


@transaction.atomic
def correct_item(
    pk: int, facts: dict[str, Any], *, version: int | None = None, actor: User, note: str
) -> Item:
    """Write what changed, while marks are open; how many go on, until somebody has."""
    item = locked_item(pk, actor)
    changed = {name for name, value in facts.items() if getattr(item, name) != value}
    check_not_published(item, changed)
    (may_set_places if changed == {"places"} else may_change_marks).check(actor, item)
    correct(item, facts, version=version, actor=actor, note=note)
    return item


def check_not_published(item: Item, changed: Iterable[str]) -> None:
    """Refuse, while marks are given anew, what published results and rises were told by."""
    told = [name for name in item.CORRECTABLE.fields if name in changed and name not in ANEW]
    if not told or item.state != Item.State.OPEN or not item.boards.exists():
        return
    names = "、".join(labels_of(item, told))
    message = f"“{item}”已公布过成绩，现在是重评，不能再改{names}"
    raise DomainError("item-was-published", message)


def labels_of(row: Item | Entry, names: Iterable[str]) -> list[str]:
    """What fields are called, as a sentence names them."""
    called = {field.name: str(field.verbose_name) for field in row._meta.concrete_fields}
    return [called[name] for name in names]


@transaction.atomic
def remove_item(pk: int, *, actor: User, note: str) -> None:
    """Take an item off that nothing hangs on yet."""
    item = locked_item(pk, actor)
    may_change_marks.check(actor, item)
    _record_removed(item, item.competition, item.code, actor, note)
    message = f"“{item}”已有参赛人、评分方案或后续赛段，不能删除"
    with refusing_references("item-in-use", message):
        item.delete()


@transaction.atomic
def remove_competition(pk: int, *, actor: User, note: str) -> None:
    """Take a contest off, with the terms it began with, while it is prepared and has no items."""
    rows = Competition.objects.visible_to(actor).select_related("organizer")
    competition = rows.select_for_update(of=("self",)).get(pk=pk)
    may_hold_for.check(actor, competition.organizer)
    if competition.state != Competition.State.DRAFT:
        message = f"“{competition}”{competition.get_state_display()}，不能删除；请办结或更正"
        raise DomainError("contest-announced", message)
    _record_removed(competition, competition, competition.code, actor, note)
    message = f"“{competition}”已有项目、仲裁组或签署的承诺，不能删除"
    with refusing_references("contest-in-use", message):
        competition.terms.all().delete()
        competition.delete()


def _record_removed(
    row: Competition | Item, competition: Competition, code: str, actor: User, note: str
) -> None:
    record_event(
        REMOVED,
        subject_of(row),
        actor=actor,
        organization=competition.organizer,
        note=note,
        before={"code": code, **row.CORRECTABLE.recorded(row)},
    )


def locked_item(pk: int, actor: User) -> Item:
    """The item within reach, held until the transaction ends."""
    rows = Item.objects.visible_to(actor).select_related("competition__organizer")
    return rows.select_for_update(of=("self",), no_key=True).get(pk=pk)
