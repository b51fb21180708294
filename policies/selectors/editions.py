"""Reads of the policy library. Policies are public: everybody sees every edition."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.db.models import Case, CharField, OuterRef, Q, QuerySet, Subquery, Value, When

from policies.library.editions import editions_applying, every_edition
from policies.library.policy import Status

if TYPE_CHECKING:
    from datetime import date

    from policies.models import PolicyEdition

#: How an edition stands on a day, by code; the order is that of the filter.
STANDINGS = {
    "applying": "现行",
    "future": "尚未生效",
    "past": "已到期",
    "draft": "草案",
    "repealed": "已废止",
}


def standing_on(day: date, at: str = "") -> Case:
    """How an edition stands on a day; ``at`` leads to it, e.g. ``"edition__"``."""
    return Case(
        When(**{f"{at}status": Status.DRAFT.value}, then=Value("draft")),
        When(**{f"{at}status": Status.REPEALED.value}, then=Value("repealed")),
        When(**{f"{at}pk__in": editions_applying(day).values("pk")}, then=Value("applying")),
        When(**{f"{at}effective_from__gt": day}, then=Value("future")),
        default=Value("past"),
        output_field=CharField(),
    )


def editions_for_list(on: date) -> QuerySet[PolicyEdition]:
    """Every edition with its ``standing`` on a day, without the words themselves."""
    later = every_edition().filter(code=OuterRef("code"), edition__gt=OuterRef("edition"))
    first = later.exclude(status=Status.DRAFT.value).order_by("effective_from")
    followed_from = Subquery(first.values("effective_from")[:1])
    rows = every_edition().annotate(followed_from=followed_from, standing=standing_on(on))  # type: ignore[no-redef]  # as declared
    return rows.defer("text").order_by("jurisdiction", "code", "-edition")


def editions_of(code: str, on: date) -> list[PolicyEdition]:
    """The editions of one policy, the newest first."""
    return list(editions_for_list(on).filter(code=code))


def editions_matching(rows: QuerySet[PolicyEdition], words: str) -> QuerySet[PolicyEdition]:
    """Editions that contain every one of the words in title, issuer, code or text."""
    for word in words.split():
        rows = rows.filter(
            Q(title__icontains=word)
            | Q(issuer__icontains=word)
            | Q(code__icontains=word)
            | Q(text__icontains=word)
        )
    return rows


def jurisdictions() -> list[tuple[str, str]]:
    """The places policies are for, as choices."""
    places = every_edition().order_by("jurisdiction").values_list("jurisdiction", flat=True)
    return [(place, place) for place in places.distinct()]


def titles() -> list[tuple[str, str]]:
    """All policies by title, as choices."""
    newest = every_edition().order_by("code", "-edition").distinct("code")
    return list(newest.values_list("code", "title"))
