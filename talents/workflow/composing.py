"""How the list at hand is made up, and what would mend it: told to who decides, moved by nobody."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from talents.models import Nomination, PanelDecision
from talents.rules.composition import Composition
from talents.rules.merit import (
    held_in,
    in_order,
    in_their_places,
    named_of,
    names_later,
    objected,
    passed_over,
)
from workflow.refusals import DomainError

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from talents.models import NoticeEntry, Panel, PublicNotice
    from talents.rules.composition import Share, Swap

Decision = PanelDecision.Decision
HOW = "由评审委员会会议作出调换（写明理由），再照此拟定名单"


class Made(NamedTuple):
    """The shares of a list, and the exchanges that would mend it; None where none would do."""

    shares: list[Share]
    swaps: list[Swap] | None

    @property
    def broken(self) -> list[Share]:
        """Shares that are to be kept, and are not."""
        return [share for share in self.shares if share.asked.is_hard and not share.is_met]


def composition_of(notice: PublicNotice) -> Made | None:
    """Of those whose places they are today, whom it named already among them; None where no shares are asked.

    Whoever an objection holds keeps the place and is counted; who may not be named any more is not,
    whoever of the reserve moves up is.
    """
    is_open = notice.state in {notice.State.DRAFT, notice.State.POSTED}
    if not (is_open or names_later(notice)):
        return None
    entries = _entries_of(notice)
    return _made(notice, in_their_places(notice, entries), named_of(entries))


def passed_over_words(notice: PublicNotice) -> str:
    """Of a list that has named: whom of the reserve the shares keep from moving up, and what stays vacant."""
    skipped, vacant = passed_over(notice, _entries_of(notice))
    if not skipped:
        return ""
    words = f"{'、'.join(one.name for one in skipped)}递补后不符合轮次规定的结构比例，不递补"
    return f"{words}；余下{vacant}个名额空缺" if vacant else f"{words}，由其后的候补依次递补"


def check_composition(notice: PublicNotice) -> None:
    """Refuse to put up a list that misses a share which is to be kept; say what would mend it.

    Whoever an objection holds still has their place.
    """
    entries = _entries_of(notice)
    made = _made(notice, in_their_places(notice, entries), named_of(entries))
    if made is not None and made.broken:
        message = f"名单不符合轮次规定的结构比例：{_said(made)}。{_way(made)}"
        raise DomainError("composition-broken", message)


def check_named(notice: PublicNotice, entries: Sequence[NoticeEntry]) -> None:
    """Refuse to name by a list of which a share that is to be kept would be missed, and say who does.

    Whoever an objection holds keeps the place and counts: it holds that person only. Once a list has
    named, who moves up is chosen so that the shares are kept (``in_their_places``).
    """
    if notice.state == notice.State.CONCLUDED:
        return
    chosen, named = in_their_places(notice, entries), named_of(entries)
    made = _made(notice, chosen, named)
    if made is None or not made.broken:
        return
    message = (
        f"现在命名不符合轮次规定的结构比例：{_said(made)}"
        f"{_who(notice, entries, chosen, named)}。{_way(made)}"
    )
    raise DomainError("composition-broken", message)


def composition_of_panel(panel: Panel) -> Made | None:
    """Of those whom a panel puts forward, and which exchanges on its table would mend it."""
    asked = Composition.of(panel.round)
    rows = dict(panel.decisions.order_by("position").values_list("nomination", "decision"))
    able = [one.nomination for one in in_order(panel.round) if one.nomination in rows]
    slate = [pk for pk in able if rows[pk] == Decision.NAME]
    if not asked.asked or not slate:
        return None
    voted = [pk for pk in able if rows[pk] in {Decision.RESERVE, Decision.REJECT}]
    return _weighed(asked, slate, voted, ())


def _entries_of(notice: PublicNotice) -> list[NoticeEntry]:
    return list(notice.entries.select_related("nomination").order_by("position"))


def _made(notice: PublicNotice, chosen: Sequence[NoticeEntry], named: Iterable[int]) -> Made | None:
    asked = Composition.of(notice.round)
    if not asked.asked:
        return None
    slate, staying = [one.nomination_id for one in chosen], sorted(named)
    out = {*slate, *staying} | held_in(notice.round)
    others = [one.nomination for one in in_order(notice.round) if one.nomination not in out]
    return _weighed(asked, slate, others, staying)


def _weighed(
    asked: Composition, slate: Sequence[int], others: Sequence[int], staying: Sequence[int]
) -> Made:
    told = asked.told(Nomination.objects.select_related("person", "unit"))
    rows = told.in_bulk([*slate, *others, *staying])
    going, coming, stay = ([rows[pk] for pk in keys] for keys in (slate, others, staying))
    shares = asked.shares_of([*going, *stay])
    if all(share.is_met for share in shares):
        return Made(shares, [])
    made = Made(shares, asked.mend(going, coming, stay))
    if made.swaps is None and made.broken:  # at least what is to be kept
        return Made(shares, asked.to_be_kept.mend(going, coming, stay))
    return made


def _said(made: Made) -> str:
    return "；".join(
        f"{share.title}{share.count}人，占{share.percent_there}%，应{share.wanted}"
        for share in made.broken
    )


def _way(made: Made) -> str:
    ways = "、".join(
        f"以{swap.into.person.name}换下{swap.out.person.name}" for swap in made.swaps or ()
    )
    return f"改动最少的办法：{ways}，{HOW}" if ways else "其余人选中没有少量调整即可达到的办法"


def _who(
    notice: PublicNotice,
    entries: Sequence[NoticeEntry],
    chosen: Sequence[NoticeEntry],
    named: Iterable[int],
) -> str:
    """Who of the list is not counted and why, and who moved up in their places."""
    waiting, upheld = held_in(notice.round), set(objected(notice.round))
    counted = {one.nomination_id for one in chosen} | set(named)
    gone = [
        f"{one.name}{'异议未办结' if one.nomination_id in waiting else '异议成立' if one.nomination_id in upheld else '推荐已退回'}"
        for one in entries
        if not one.is_reserve and one.nomination_id not in counted
    ]
    up = [one.name for one in chosen if one.is_reserve]
    words = f"（{'、'.join(gone)}，不计入" if gone else ""
    words += f"；{'、'.join(up)}由候补递补" if words and up else ""
    return f"{words}）" if words else ""
