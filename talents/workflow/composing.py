"""How the list at hand is made up, and what would mend it: told to who decides, moved by nobody."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from talents.models import Nomination, PanelDecision
from talents.rules.composition import Composition
from talents.rules.merit import in_order
from workflow.refusals import DomainError

if TYPE_CHECKING:
    from collections.abc import Sequence

    from talents.models import NoticeEntry, Panel
    from talents.rules.composition import Share, Swap
    from talents.rules.succession import Succession

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


def composition_of(course: Succession) -> Made | None:
    """Of those whose places they are today, whom the list named already among them; None where no shares are asked.

    Whoever an objection holds keeps the place and is counted; who may not be named any more is not,
    whoever of the reserve moves up is.
    """
    notice = course.notice
    is_open = notice.state in {notice.State.DRAFT, notice.State.POSTED}
    return _made(course) if is_open or course.names_later else None


def passed_over_words(course: Succession) -> str:
    """Of a list that has named: whom of the reserve the shares keep from moving up, and what stays vacant."""
    skipped, vacant = course.passed_over
    if not skipped:
        return ""
    words = f"{'、'.join(one.name for one in skipped)}递补后不符合轮次规定的结构比例，不递补"
    return f"{words}；余下{vacant}个名额空缺" if vacant else f"{words}，由其后的候补依次递补"


def check_composition(course: Succession) -> None:
    """Refuse to put up a list that misses a share which is to be kept; say what would mend it.

    Whoever an objection holds still has their place. Of a version after a naming it was seen to already
    (``in_their_places``).
    """
    made = None if course.is_settled else _made(course)
    if made is not None and made.broken:
        message = f"名单不符合轮次规定的结构比例：{_said(made)}。{_way(made)}"
        raise DomainError("composition-broken", message)


def check_named(course: Succession) -> None:
    """Refuse to name by a list of which a share that is to be kept would be missed, and say who does.

    Whoever an objection holds keeps the place and counts: it holds that person only. Once a list has
    named, who moves up is chosen so that the shares are kept (``in_their_places``).
    """
    made = None if course.is_settled else _made(course)
    if made is not None and made.broken:
        message = f"现在命名不符合轮次规定的结构比例：{_said(made)}{_who(course)}。{_way(made)}"
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


def _made(course: Succession) -> Made | None:
    asked = Composition.of(course.notice.round)
    if not asked.asked:
        return None
    slate, staying = [one.nomination_id for one in course.in_their_places], sorted(course.named)
    out = {*slate, *staying} | course.waiting
    others = [one.nomination for one in in_order(course.notice.round) if one.nomination not in out]
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


def _who(course: Succession) -> str:
    """Who of the list is not counted and why, and who moved up in their places."""
    counted = {one.nomination_id for one in course.in_their_places} | course.named
    gone = [
        f"{one.name}{_why_gone(course, one)}"
        for one in course.entries
        if not one.is_reserve and one.nomination_id not in counted
    ]
    if not gone:
        return ""
    up = [one.name for one in course.in_their_places if one.is_reserve]
    moved = f"；{'、'.join(up)}由候补递补" if up else ""
    return f"（{'、'.join(gone)}，不计入{moved}）"


def _why_gone(course: Succession, entry: NoticeEntry) -> str:
    if entry.nomination_id in course.waiting:
        return "异议未办结"
    return "异议成立" if entry.nomination_id in course.upheld else "推荐已退回"
