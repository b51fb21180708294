"""Contests, items, entries and marks: scoped, ordered, with all a page needs."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.db.models import Count, Q

from competitions.models import (
    Appeal,
    Arbiter,
    Aspect,
    Board,
    BoardLine,
    Competition,
    Entry,
    Item,
    Judge,
    Mark,
    Promotion,
    Scheme,
)

if TYPE_CHECKING:
    from django.db.models import QuerySet

    from organizations.models import User


def competitions_in_scope(user: User) -> QuerySet[Competition]:
    """Contests within reach, with the number of their items."""
    rows = Competition.objects.visible_to(user).select_related("organizer", "edition")
    return rows.annotate(items_count=Count("items"))


def items_in_scope(user: User) -> QuerySet[Item]:
    rows = Item.objects.visible_to(user)
    return rows.select_related("competition__organizer", "competition__edition", "follows")


def entries_in_scope(user: User) -> QuerySet[Entry]:
    rows = Entry.objects.visible_to(user)
    return rows.select_related("person", "unit", "coach", "terms", "item__competition__organizer")


def schemes_in_scope(user: User) -> QuerySet[Scheme]:
    return Scheme.objects.visible_to(user).select_related("item__competition")


def aspects_in_scope(user: User) -> QuerySet[Aspect]:
    return Aspect.objects.visible_to(user).select_related("scheme__item")


def marks_in_scope(user: User) -> QuerySet[Mark]:
    """Marks with whose they are: of items whose marks are locked."""
    rows = Mark.objects.visible_to(user).filter(entry__item__state__in=Item.DECODED)
    return rows.select_related("entry__person", "entry__item", "aspect", "given_by")


def is_called(text: str, route: str = "") -> Q:
    """Contests or items by a part of their name or code."""
    return Q(**{f"{route}name__contains": text}) | Q(**{f"{route}code__icontains": text})


def judges_in_scope(user: User) -> QuerySet[Judge]:
    rows = Judge.objects.visible_to(user)
    return rows.select_related("user", "item__competition__organizer", "item__competition__edition")


def boards_in_scope(user: User) -> QuerySet[Board]:
    rows = Board.objects.visible_to(user)
    return rows.select_related("item__competition__edition", "published_by")


def lines_in_scope(user: User) -> QuerySet[BoardLine]:
    return BoardLine.objects.visible_to(user).select_related("board__item", "entry")


def appeals_in_scope(user: User) -> QuerySet[Appeal]:
    rows = Appeal.objects.visible_to(user)
    return rows.select_related(
        "item__competition__organizer", "entry__person", "entry__unit", "board", "filed_by"
    )


def arbiters_in_scope(user: User) -> QuerySet[Arbiter]:
    return Arbiter.objects.visible_to(user).select_related("user", "competition__organizer")


def promotions_in_scope(user: User) -> QuerySet[Promotion]:
    rows = Promotion.objects.visible_to(user)
    return rows.select_related(
        "person", "entry", "certificate", "item__competition__organizer", "edition"
    )


def newest_boards(user: User, competition: Competition) -> list[Board]:
    """The newest board of each item of a contest."""
    rows = boards_in_scope(user).filter(item__competition=competition).select_related("scheme")
    return list(rows.order_by("item__code", "-number").distinct("item__code"))
