"""Proposals of who rises by an item, from its board and the edition of the rules it is held by."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.db import transaction
from django.db.models import Count, Q

from competitions.models import BoardLine, Entry, Promotion
from competitions.permissions import may_propose
from competitions.rules.editions import RULES, rules_of
from competitions.rules.promotions import Held, rises
from competitions.selectors.board import Place, board_of, newest_board
from competitions.services.contests import locked_item
from policies.models import PolicyEdition
from talents.models import Certificate
from talents.models.persons import level_rank
from workflow.models import Record
from workflow.records import Event, record_event, subject_of
from workflow.refusals import DomainError
from workflow.refusals.database import refusing

if TYPE_CHECKING:
    from competitions.models import Item
    from competitions.rules.promotions import Rise
    from organizations.models import User
    from policies.library.policy import Policy

PROPOSED = Event("competitions.proposed", "提出晋升建议", Record.Kind.CHANGE)
ONCE = "promotions_per_trade_and_year"


def proposed(item: Item) -> tuple[list[Rise], list[Held]]:
    """Who rises by the item as its board stands, in the order of ranks; and who does not, with why.

    Of a published item that is the newest board; until then it is reckoned from the marks.
    """
    policy = rules_of(item.competition)
    if policy is None:
        message = (
            f"政策库中没有适用于{item.competition.year}年的“{RULES}”，请先载入政策（load_policies）"
        )
        raise DomainError("no-rules-for-contest", message)
    found, held = rises(policy, item, _places(item), present_levels(item))
    risen = _risen_elsewhere(item, policy)
    again = [
        Held(rise.place, f"同一职业（工种）本年度已由“{risen[rise.place.entry_id]}”提出晋升")
        for rise in found
        if rise.place.entry_id in risen
    ]
    return [rise for rise in found if rise.place.entry_id not in risen], [*held, *again]


def _places(item: Item) -> list[Place]:
    board = newest_board(item)
    if item.state != item.State.PUBLISHED or board is None:
        return board_of(item)
    lines = BoardLine.objects.filter(board=board).order_by("rank", "number", "pk")
    return [
        Place(one.entry_id, one.number, one.name, one.total, one.rank, one.team) for one in lines
    ]


def _risen_elsewhere(item: Item, policy: Policy) -> dict[int, str]:
    """Entrants proposed as often in this trade and year as the rules allow, and where."""
    once = policy.parameter(ONCE)
    if once is None or once.number is None or not item.occupation:
        return {}
    rows = Promotion.objects.filter(occupation=item.occupation, year=item.competition.year)
    counted = (
        rows.exclude(item=item)
        .exclude(state=Promotion.State.REFUSED)
        .values("person")
        .annotate(times=Count("pk"))
        .filter(times__gte=int(once.number))
    )
    persons = Q(person__in=counted.values("person"))
    ours = dict(Entry.objects.filter(persons, item=item).values_list("person", "pk"))
    names = rows.exclude(item=item).filter(persons).values_list("person", "item__name")
    return {ours[person]: name for person, name in names if person in ours}


def present_levels(item: Item) -> dict[int, str | None]:
    """The level of each entrant: as entered, or else the highest certificate on file in that trade."""
    rows = Entry.objects.filter(item=item, state=Entry.State.ENTERED)
    told = dict(rows.values_list("pk", "present_level"))
    unknown = {pk for pk, level in told.items() if level is None}
    if not unknown or not item.occupation:
        return told
    persons = dict(rows.filter(pk__in=unknown).values_list("person", "pk"))
    certified = Certificate.objects.filter(person__in=persons, occupation=item.occupation)
    for person, level in certified.exclude(level="").values_list("person", "level"):
        pk = persons[person]
        told[pk] = max(told[pk] or "", level, key=level_rank)
    return told


@refusing()
@transaction.atomic
def propose(item_id: int, *, actor: User) -> int:
    """Write down who rises by the published board; how many are new. The same again adds nobody."""
    item = locked_item(item_id, actor)
    may_propose.check(actor, item)
    found, _ = proposed(item)
    policy = rules_of(item.competition)
    there = set(Promotion.objects.filter(item=item).values_list("entry", flat=True))
    new = [rise for rise in found if rise.place.entry_id not in there]
    if not new or policy is None:
        raise DomainError("nobody-new-rises", "没有新的晋升建议：都已提出，或名次、等级不符合规定")
    edition = PolicyEdition.objects.get(digest=policy.digest)
    entries = Entry.objects.in_bulk([rise.place.entry_id for rise in new])
    Promotion.objects.bulk_create(
        Promotion(
            item=item,
            entry=entries[rise.place.entry_id],
            person_id=entries[rise.place.entry_id].person_id,
            occupation=item.occupation or item.name,
            year=item.competition.year,
            rank=rise.place.rank,
            present=rise.present,
            target=rise.target,
            clause=rise.clause,
            edition=edition,
        )
        for rise in new
    )
    record_event(
        PROPOSED,
        subject_of(item),
        actor=actor,
        organization=item.competition.organizer,
        after={"count": len(new), "edition": policy.edition},
    )
    return len(new)
