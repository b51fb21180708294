"""Whose the places of a list are that it has not given yet, and who of its reserve moves up into which."""

from __future__ import annotations

from functools import cached_property
from typing import TYPE_CHECKING

from django.db.models import Q

from talents.models import Honour, Nomination, Objection, PublicNotice
from talents.rules.composition import Composition
from talents.rules.digests import is_still_so
from talents.rules.endorsing import objected_by_office
from talents.rules.merit import objected
from talents.rules.objected import once_upheld

if TYPE_CHECKING:
    from collections.abc import Sequence

    from talents.models import NoticeEntry, SelectionRound


def list_that_named(selection: SelectionRound) -> PublicNotice | None:
    """The list of a round that has named last."""
    return selection.notices.filter(state=PublicNotice.State.CONCLUDED).first()


class Succession:
    """One list as its lines, the objections and the titles are now; each of them read once, where asked for.

    ``entries``, in their order, are those the caller holds; without, they are read as they are.
    """

    def __init__(self, notice: PublicNotice, entries: Sequence[NoticeEntry] | None = None) -> None:
        self.notice = notice
        if entries is not None:
            self.entries = entries

    @cached_property
    def entries(self) -> Sequence[NoticeEntry]:
        return list(self.notice.entries.select_related("nomination").order_by("position"))

    @cached_property
    def upheld(self) -> set[int]:
        """Whom an objection that was upheld keeps from it, on whatever version of the list."""
        return set(objected(self.notice.round))

    @cached_property
    def waiting(self) -> set[int]:
        """Whom an open objection holds, on whatever version of the list, or one of an office."""
        held = Objection.standing().filter(entry__notice__round=self.notice.round)
        objected_to = {*held.values_list("entry__nomination", flat=True), *self.by_office}
        return objected_to - self.upheld

    @cached_property
    def by_office(self) -> set[int]:
        """To whom an office objects, until that is put right or they are given back."""
        return set(objected_by_office(self.notice.round))

    @cached_property
    def named(self) -> set[int]:
        """Who has the title already, by it or by an earlier version."""
        rows = Honour.objects.filter(nomination__round=self.notice.round)
        return set(rows.values_list("nomination", flat=True))

    @cached_property
    def standing(self) -> list[NoticeEntry]:
        """Who may still be named by it: confirmed, not named yet, no objection upheld."""
        return [
            entry
            for entry in self.entries
            if entry.nomination_id not in self.upheld | self.named
            and entry.nomination.state == Nomination.State.CHECKED
        ]

    @property
    def free(self) -> int:
        """How many places it has not given."""
        return self.notice.places - self.notice.named_count

    @property
    def has_named(self) -> bool:
        return self.notice.state == self.notice.State.CONCLUDED

    @cached_property
    def follows(self) -> bool:
        """Whether an earlier version has named: then this one is of the places which that one had left."""
        earlier = self.notice.round.notices.filter(
            organization=self.notice.organization_id,
            of_level=False,
            version__lt=self.notice.version,
            named_count__gt=0,
        )
        return not self.notice.of_level and earlier.exists()

    @property
    def is_settled(self) -> bool:
        """Whether the round has named: who has a place is settled then, and so is the panel's word."""
        return self.has_named or self.follows

    @property
    def wants_new_version(self) -> bool:
        """Whether it has named and what it says of somebody whose place is still free has changed since."""
        return (
            self.has_named
            and self.free > 0
            and not all(is_still_so(one) for one in self.in_their_places)
        )

    @property
    def goes_up_again(self) -> list[NoticeEntry]:
        """Of the next version: to whom the free places belong, then the rest of the reserve."""
        first = self.in_their_places
        return [*first, *(one for one in self.standing if one.is_reserve and one not in first)]

    @cached_property
    def in_their_places(self) -> list[NoticeEntry]:
        """To whom the places not yet given belong: the first of those who still stand.

        Whose objection was upheld, on whatever version of the list, and who is no longer confirmed, gives
        the place up to the reserve. Once the list has named, neither it nor the panel can be put right any
        more: then the place goes to the next of the reserve with whom the shares that are to be kept are
        kept, and to nobody where there is none.
        """
        if not self.is_settled or not self.standing:
            return self.standing[: self.free]
        given = self._place_given()
        own = [one for one in self.standing if not one.is_reserve]
        own = sorted(own, key=lambda one: one.nomination_id in given)[: self.free]
        reserve = [one for one in self.standing if one.is_reserve]
        return own + self._moving_up(own, reserve, self.free - len(own))

    def _place_given(self) -> set[int]:
        """Whose objection was upheld and then was not: their place may be another's by now."""
        rows = Objection.objects.filter(
            once_upheld(), entry__notice__round=self.notice.round, state=Objection.State.DISMISSED
        )
        return set(rows.values_list("entry__nomination", flat=True))

    @cached_property
    def wronged(self) -> list[NoticeEntry]:
        """Who lost the place by an objection that in the end was dismissed, while others moved up and were named.

        They are named by an added place alone.
        """
        if not self.has_named or not (given := self._place_given()):
            return []
        up = [
            one.position
            for one in self.entries
            if one.is_reserve and one.nomination_id in self.named
        ]
        there = {one.pk for one in self.in_their_places}
        return [
            one
            for one in self.standing
            if one.nomination_id in given - self.waiting
            and one.pk not in there
            and max(up, default=0) > one.position
        ]

    @property
    def to_be_named(self) -> list[NoticeEntry]:
        """Who is to be named now, in the order of the list; nobody twice.

        Whoever an objection is open about keeps their place until it is decided, and is named then.
        """
        return [one for one in self.in_their_places if one.nomination_id not in self.waiting]

    @property
    def names_later(self) -> bool:
        """Whether a list that named already has somebody who was held back then and is not any more."""
        return self.has_named and self.free > 0 and bool(self.to_be_named)

    @property
    def passed_over(self) -> tuple[list[NoticeEntry], int]:
        """Of a list that has named: whom of the reserve the shares keep from moving up now; places nobody fills."""
        if not self.is_settled:
            return [], 0
        chosen = self.in_their_places
        left, last = self.free - len(chosen), max((one.position for one in chosen), default=0)
        waiting = [
            one for one in self.standing if one.is_reserve and one not in chosen and self.free
        ]
        return [one for one in waiting if left or one.position < last], left

    def _moving_up(
        self, own: Sequence[NoticeEntry], reserve: Sequence[NoticeEntry], free: int
    ) -> list[NoticeEntry]:
        """The first of the reserve who make no share that is to be kept worse, one after the other."""
        asked = Composition.of(self.notice.round).to_be_kept
        if not asked.asked or free <= 0 or not reserve:
            return list(reserve[: max(free, 0)])
        named = Honour.objects.filter(nomination__round=self.notice.round).values_list("nomination")
        there = Q(pk__in=named) | Q(pk__in=[one.nomination_id for one in (*own, *reserve)])
        rows = asked.told(Nomination.objects.filter(there)).in_bulk()
        waiting = {one.nomination_id for one in reserve}
        going = [row for pk, row in rows.items() if pk not in waiting]
        up: list[NoticeEntry] = []
        while len(up) < free:
            lacking = asked.lacking(going)
            fits = (
                one
                for one in reserve
                if one not in up
                and all(
                    after <= before
                    for before, after in zip(
                        lacking, asked.lacking([*going, rows[one.nomination_id]]), strict=True
                    )
                )
            )
            if (coming := next(fits, None)) is None:
                break
            up.append(coming)
            going.append(rows[coming.nomination_id])
        return sorted(up, key=lambda one: one.position)
