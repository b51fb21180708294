"""The level of entrants by the certificates on file in the trade, and whether anybody has looked at it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.db.models import Q

from competitions.models import BoardLine, Entry, Item, Promotion
from competitions.rules.editions import rules_of
from competitions.rules.promotions import rules_for
from competitions.selectors.board import newest_board
from talents.models import Certificate
from talents.models.persons import level_rank

if TYPE_CHECKING:
    from collections.abc import Collection

    from django.db.models import QuerySet

Told = Promotion.State


def certificates_of_trade(
    item: Item, *, besides: Certificate | None = None
) -> QuerySet[Certificate]:
    """The certificates (without ``besides``) that say a level in the trade of an item, however it is called there."""
    is_of_trade = Q(occupation__in=Item.trades_called(item))
    if item.occupation_code:  # by which the rise was proposed, whatever an item is called by now
        is_of_trade |= Q(promotion__occupation_code=item.occupation_code)
    rows = Certificate.objects.filter(is_of_trade).exclude(level="")
    return rows.exclude(pk=besides.pk) if besides is not None else rows


def levels_on_file(certificates: QuerySet[Certificate], entries: QuerySet[Entry]) -> dict[int, str]:
    """The highest level of each of these entrants by certificates that came of no proposal, by person.

    Who risen by a place got a certificate has been looked at then.
    """
    rows = certificates.filter(promotion__isnull=True)
    rows = rows.filter(person__in=entries.order_by().values("person"))
    found: dict[int, str] = {}
    for person, level in rows.values_list("person", "level"):
        found[person] = higher(found.get(person), level)
    return found


def higher(one: str | None, other: str | None) -> str:
    return max(one or "", other or "", key=level_rank)


def put_on_file_late(
    item: Item, pks: Collection[int] | None = None, *, besides: Certificate | None = None
) -> list[int]:
    """Entrants (of ``pks``, if told) whose level is by now another by certificates that nobody has looked at.

    Of those who rise by their places, while nothing came of that yet.
    """
    rows = Entry.objects.filter(item=item, state=Entry.State.ENTERED, level_on_file__isnull=False)
    rows = rows.filter(pk__in=_in_the_places(item))
    rows = rows.exclude(promotions__state__in=[Told.CERTIFIED, Told.REFUSED])
    if pks is not None:
        rows = rows.filter(pk__in=pks)
    told = list(rows.values_list("pk", "person", "present_level", "level_on_file"))
    if not told:
        return []
    now = levels_on_file(certificates_of_trade(item, besides=besides), rows)
    return [
        pk
        for pk, person, present, then in told
        if higher(present, then) != higher(present, now.get(person))
    ]


def _in_the_places(item: Item) -> QuerySet[Any] | tuple[()]:
    policy, board = rules_of(item.competition), newest_board(item)
    rules = rules_for(policy, item) if policy else []
    if board is None or not rules:
        return ()
    last = max(rule.last_rank for rule in rules)
    return BoardLine.objects.filter(board=board, rank__lte=last).order_by().values("entry")
