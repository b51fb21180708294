"""Entering people, taking them out, and drawing their numbers from a seed that is on record."""

from __future__ import annotations

import hashlib
import secrets
from typing import TYPE_CHECKING, Any, NamedTuple

from django.db import transaction
from django.db.models import Q
from django.urls import reverse
from django.utils import timezone

from competitions.models import Entry, Item, Mark
from competitions.permissions import keeps, may_change_marks, may_code, while_in_question
from competitions.permissions.entering import (
    is_late,
    may_bring_in,
    may_enter_for,
    may_enter_late,
    may_prove,
    may_tend,
    may_void_draw,
)
from competitions.selectors.board import newest_board
from competitions.selectors.teams import teams_to_fill
from competitions.services.admission import check_admitted, leave_out
from competitions.services.admitting import found_by, lapse, told_late
from competitions.services.contests import labels_of, locked_item
from competitions.services.stages import bring_back, check_nobody_is_here_in_vain
from competitions.services.terms import check_all_signed, signed_terms
from policies.wording import chinese_day
from talents.services.persons import PERSON_FIELDS, person_named, registered_person
from talents.services.referrals import Asked, counted
from workflow.corrections import correct
from workflow.models import Record
from workflow.records import Event, record_event, subject_of
from workflow.refusals import DomainError, check_reason
from workflow.refusals.database import refusing

if TYPE_CHECKING:
    from collections.abc import Collection
    from random import Random

    from organizations.models import Organization, User
    from workflow.texts.identity import Identity

ENTERED = Event("competitions.entered", "报名")
DRAWN = Event("competitions.drawn", "抽签", Record.Kind.CHANGE)
VOIDED = Event("competitions.draw-voided", "作废抽签", Record.Kind.CHANGE)
QUALIFIED = Event("competitions.qualified", "晋级下一赛段", Record.Kind.CHANGE)
CODED_WORKS = Event("competitions.coded", "加密作品", Record.Kind.CHANGE)
SHORTEST_NUMBER = 3
#: With what the codes of works begin, so that none is taken for a number.
CODED = "K"
#: What an entrant takes along to the next stage of the same contest only.
WITHIN_CONTEST = ("terms_id", "signed_on", "admitted_by_id", "admitted_on", "admitted_for")


class Entrant(NamedTuple):
    """Whom a form enters, and the version of the terms that was read and signed."""

    name: str
    identity: Identity
    signed: int = 0


def enter(
    item_id: int, who: Entrant, facts: dict[str, Any], *, unit: Organization, actor: User
) -> Entry:
    """Enter one person for a unit; the person on file, or a new one at the unit.

    A number on file elsewhere under another name is counted against who typed it.
    """

    def asked() -> Asked:
        item = Item.objects.get(pk=item_id)
        return Asked(subject_of(item), unit, reverse("competitions:item", args=[item.code]))

    with counted(who.identity.text, asked, actor=actor):
        return _enter(item_id, who, facts, unit=unit, actor=actor)


@refusing(invalid="entry-invalid")
@transaction.atomic
def _enter(
    item_id: int, who: Entrant, facts: dict[str, Any], *, unit: Organization, actor: User
) -> Entry:
    item = locked_item(item_id, actor)
    may_enter_for.check(actor, item, unit, fills_up=facts.get("team", "") in teams_to_fill(item))
    facts = facts | {"late_reason": _late_reason(item, facts.get("late_reason", ""))}
    name, identity, signed = who
    terms = signed_terms(item.competition, signed)
    person = person_named(identity.text, name)
    if person is None:
        blank = dict.fromkeys(PERSON_FIELDS, "")
        known = {"name": name, "sex": identity.sex, "birth_on": identity.birth_on}
        person = registered_person(identity.text, blank | known, organization=unit, actor=actor)
    may_enter_late.check(actor, item, person)
    entry = Entry(item=item, person=person, unit=unit, employer=unit.name, **facts)
    if terms is not None:
        entry.terms, entry.signed_on = terms, timezone.localdate()
    entry.captain = _captain_of(item, entry.team)
    entry.full_clean(validate_unique=False, validate_constraints=False)
    entry.save()
    check_admitted(entry)
    record_event(
        ENTERED,
        subject_of(entry),
        actor=actor,
        organization=item.competition.organizer,
        note=f"逾期补报：{entry.late_reason}" if entry.late_reason else "",
        after=Entry.CORRECTABLE.recorded(entry) | {"terms": terms.number if terms else None},
    )
    return entry


def _late_reason(item: Item, told: str) -> str:
    """Why somebody is entered after the last day; "" of who is entered in time."""
    if not is_late(item.competition):
        return ""
    if not told.strip():
        until = item.competition.entries_until
        day = chinese_day(until) if until else ""
        message = f"“{item.competition}”报名已于{day}截止，补报须写明事由"
        raise DomainError("late-without-reason", message)
    return told.strip()


@refusing()
@transaction.atomic
def correct_entry(
    pk: int, facts: dict[str, Any], *, version: int | None = None, actor: User, note: str
) -> Entry:
    """Write what changed, while marks are open; what shows that somebody may take part, later, too."""
    entry = locked_entry(pk, actor)
    changed = {name for name, value in facts.items() if getattr(entry, name) != value}
    provable = found_by(entry.item)
    (may_prove if changed and changed <= set(provable) else may_tend).check(actor, entry)
    check_not_published(entry, changed & {"number", "team", "unit"})
    if not keeps(actor, entry.item.competition.organizer):
        facts = facts | {"number": entry.number}  # numbers are the organizer's
    moves = entry.team != facts["team"] and entry.item.team_size > 1
    if moves and entry.mates.filter(state=Entry.State.ENTERED).exists():
        raise DomainError("captain-of-a-team", "队长须与全队一起参赛，请先更正或退出各队员")
    before = {name: getattr(entry, name) for name in provable}
    late = told_late(entry, facts)
    correct(entry, facts, version=version, actor=actor, note=note)
    Entry.objects.filter(pk=entry.pk).update(**late)
    lapse(entry, before, actor=actor)
    if moves:
        entry.captain = _captain_of(entry.item, entry.team, besides=entry)
        entry.save(update_fields=["captain"])
    return entry


def check_not_published(entry: Entry, changed: Collection[str]) -> None:
    """Refuse, while marks are given anew, another number, team, unit or coach of somebody on a published board:
    boards and prizes were told by them.
    """
    if not changed or not entry.item.boards.exists():
        return
    names = "、".join(labels_of(entry, sorted(changed)))
    message = f"“{entry.item}”已公布过成绩，不能再改{entry.person.name}的{names}"
    raise DomainError("entry-was-published", message)


@refusing()
@transaction.atomic
def draw_numbers(item_id: int, *, actor: User, seed: str = "") -> int:
    """Give every entrant without a number one by lot; how many.

    The lot is the order of SHA-256(seed, id of the entry): with the seed, which stands in the record,
    anybody draws the same again.
    """
    item = locked_item(item_id, actor)
    may_change_marks.check(actor, item)
    waiting = list(Entry.to_number(item).select_for_update())
    if not waiting:
        raise DomainError("nobody-to-draw", "没有待抽签的参赛人：都已有参赛号，或还没有人报名")
    check_all_signed(item, before="抽签")
    seed = seed or secrets.token_hex(16)
    free = _free(item, "number", len(waiting))
    for entry, number in zip(in_lot_order(seed, waiting), free, strict=True):
        entry.number = number
    Entry.objects.bulk_update(waiting, ["number"], batch_size=1000)
    Item.objects.filter(pk=item.pk).update(draw_seed=seed)
    record_event(
        DRAWN,
        subject_of(item),
        actor=actor,
        organization=item.competition.organizer,
        note=f"种子 {seed}",
        after={"seed": seed, "count": len(waiting)},
    )
    return len(waiting)


@transaction.atomic
def void_draw(item_id: int, *, actor: User, note: str) -> int:
    """Take all numbers back that were drawn, so that all are drawn anew; how many. The old seed stays on record."""
    item = locked_item(item_id, actor)
    check_reason(note)
    may_void_draw.check(actor, item)
    count = Entry.objects.filter(item=item).exclude(number="").update(number="")
    record_event(
        VOIDED,
        subject_of(item),
        actor=actor,
        organization=item.competition.organizer,
        note=note,
        before={"seed": item.draw_seed, "count": count},
    )
    Item.objects.filter(pk=item.pk).update(draw_seed="")
    return count


@refusing()
@transaction.atomic
def draw_codes(item_id: int, *, actor: User, lot: Random | None = None) -> int:
    """Give every numbered work without a code one by lot; how many. Who does it is the one who knows.

    The lot is not on record (``lot`` is for data that are made up): from a seed, anybody who reads the
    record would know whose works are marked.
    """
    item = locked_item(item_id, actor)
    may_code.check(actor, item)
    if Mark.came_by_sheet(item):
        message = (
            f"“{item}”的分数是按姓名从评分表导入的，不能再加密；确需加密评分的，请先撤销该批导入"
        )
        raise DomainError("marks-came-with-names", message)
    waiting = list(Entry.to_code(item).select_for_update().order_by("pk"))
    if not waiting:
        message = "没有待加密的作品：都已加密，或参赛人还没有抽签编号"
        raise DomainError("nothing-to-code", message)
    free = _free(item, "work_code", len(waiting), prefix=CODED)
    (lot or secrets.SystemRandom()).shuffle(free)
    for entry, code in zip(waiting, free, strict=True):
        entry.work_code = code
    Entry.objects.bulk_update(waiting, ["work_code"], batch_size=1000)
    Item.objects.filter(pk=item.pk).update(coded_by=actor)
    record_event(
        CODED_WORKS,
        subject_of(item),
        actor=actor,
        organization=item.competition.organizer,
        after={"count": len(waiting)},
    )
    return len(waiting)


def _free(item: Item, field: str, count: int, *, prefix: str = "") -> list[str]:
    """So many that nobody of the item bears in ``field``, in order, all of one width.

    Whoever has left keeps the number: nobody else may be found under it.
    """
    rows = Entry.objects.filter(item=item).exclude(**{field: ""})
    taken = set(rows.values_list(field, flat=True))
    width = max(SHORTEST_NUMBER, len(str(count + len(taken))))
    places = (f"{prefix}{place:0{width}}" for place in range(1, count + len(taken) + 1))
    return [one for one in places if one not in taken][:count]


def in_lot_order(seed: str, entries: list[Entry]) -> list[Entry]:
    """The entries in the order that the seed gives them."""
    return sorted(entries, key=lambda e: hashlib.sha256(f"{seed}:{e.pk}".encode()).digest())


@refusing()
@transaction.atomic
def take_over_qualified(item_id: int, *, actor: User) -> int:
    """Enter those who qualified in the stage before: by its newest board, as far as its places go.

    Who shares the last place comes along; whom the rules do not let enter is left out by name. How many
    are new. Not while an appeal against that board waits, or its marks are given anew: whoever appeals,
    or opens the stage, waits for this and is seen by it.
    """
    _hold_with_the_stage_before(item_id)
    item = locked_item(item_id, actor)
    may_bring_in.check(actor, item)
    lower = item.follows
    board = newest_board(lower) if lower else None
    if lower is None or board is None or not lower.places:
        message = "上一赛段还没有公布成绩，或没有写明晋级名额"
        raise DomainError("nobody-qualified", message)
    check_stands(lower)
    back = bring_back(item, actor=actor)
    check_nobody_is_here_in_vain(item)
    lines = board.lines.filter(rank__lte=lower.places).select_related("entry__item")
    there = set(Entry.objects.filter(item=item).values_list("person", flat=True))
    going = [line.entry for line in lines if line.entry.person_id not in there]
    made = Entry.objects.bulk_create(_going_on(item, entry) for entry in going)
    teams = {new.pk: old.captain_id or old.pk for old, new in zip(going, made, strict=True)}
    stay, left = leave_out(item, made, teams)
    now = {old.pk: new for old, new in zip(going, made, strict=True) if new in stay}
    captains = {
        old.pk: now[old.captain_id] for old in going if old.pk in now and old.captain_id in now
    }
    for pk, captain in captains.items():
        now[pk].captain = captain
    Entry.objects.bulk_update([now[pk] for pk in captains], ["captain"])
    record_event(
        QUALIFIED,
        subject_of(item),
        actor=actor,
        organization=item.competition.organizer,
        note=left,
        after={"from": lower.code, "board": board.number, "count": len(stay) + len(back)},
    )
    return len(stay) + len(back)


def _hold_with_the_stage_before(item_id: int) -> None:
    """Hold an item and the one it follows, in the order in which lists for many items do."""
    both = Item.objects.filter(
        Q(pk=item_id) | Q(pk__in=Item.objects.filter(pk=item_id).values("follows"))
    )
    list(both.order_by("pk").select_for_update(no_key=True))


def check_stands(lower: Item) -> None:
    """Refuse to go by a board that is appealed against, is to be mended or in question, or is marked anew."""
    if lower.state != Item.State.PUBLISHED:
        message = f"“{lower}”正在重评，重新公布成绩之后才能引入晋级选手"
        raise DomainError("board-not-published", message)
    if refusal := while_in_question(lower, f"按“{lower}”的成绩引入晋级选手"):
        raise refusal


def _going_on(item: Item, entry: Entry) -> Entry:
    """The same entrant in the next stage; what was signed and found holds within the same contest."""
    is_same = item.competition_id == entry.item.competition_id
    return Entry(
        item=item,
        person_id=entry.person_id,
        employer=entry.employer,
        unit_id=entry.unit_id,
        present_level=entry.present_level,
        in_city_since=entry.in_city_since,
        proof=entry.proof,
        since_told_late=entry.since_told_late,
        level_told_late=entry.level_told_late,
        team=entry.team,
        coach_id=entry.coach_id,
        **({name: getattr(entry, name) for name in WITHIN_CONTEST} if is_same else {}),
    )


def _captain_of(item: Item, team: str, besides: Entry | None = None) -> Entry | None:
    """Whose number a member of the team goes under; None for the first of it, and outside teams."""
    if item.team_size == 1:
        return None
    if not team:
        raise DomainError("team-missing", f"“{item}”是{item.team_size}人团体项目，请填写队名")
    rows = Entry.objects.filter(item=item, team=team, state=Entry.State.ENTERED)
    if besides is not None:
        rows = rows.exclude(pk=besides.pk)
    return rows.filter(captain__isnull=True).order_by("pk").first()


def locked_entry(pk: int, actor: User) -> Entry:
    """The entry within reach; it and its item are held until the transaction ends."""
    rows = Entry.objects.visible_to(actor).select_related(
        "person", "unit", "item__competition__organizer"
    )
    entry = rows.get(pk=pk)
    Item.objects.select_for_update(no_key=True).get(pk=entry.item_id)
    return rows.select_for_update(of=("self",)).get(pk=pk)
