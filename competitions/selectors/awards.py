"""Awards: those given, those still to be given, and those that a later board no longer bears out."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.db.models import Exists, OuterRef, Q

from competitions.models import Award, Board, BoardLine, Promotion
from competitions.rules.awards import awards_by, has_prizes
from competitions.rules.editions import entered_for_reserve, rules_of
from competitions.rules.promotions import bears_out, rules_for
from competitions.selectors.admission import who_owes
from competitions.selectors.board import newest_board
from talents.models import Honour

if TYPE_CHECKING:
    from django.db.models import QuerySet

    from competitions.models import Item
    from competitions.rules.awards import Due
    from competitions.selectors.admission import Owing
    from organizations.models import User

REVOKED = Honour.State.REVOKED


def awards_in_scope(user: User) -> QuerySet[Award]:
    """Awards of contests within reach, those of persons with the title in the register."""
    rows = Award.objects.visible_to(user)
    return Award.with_standing(rows.select_related("honour", "line__board__item__competition"))


def public_awards() -> QuerySet[Award]:
    """Whoever was honoured was honoured in public."""
    return Award.published()


def unit_certificate(number: str) -> Award | None:
    """The prize of a unit under that number."""
    return public_awards().exclude(certificate_number="").filter(certificate_number=number).first()


def standing(item: Item) -> list[Award]:
    """The awards given by any board of an item that were not taken back."""
    rows = Award.published().filter(line__board__item=item).select_related("line__entry__unit")
    lapsed = Q(honour__state=REVOKED) | Q(honour__isnull=True, borne_out=False)
    return list(rows.exclude(lapsed).order_by("line__rank", "pk"))


def reserves_in_scope(user: User) -> QuerySet[BoardLine]:
    """后备名单: whoever stands with a medal on the newest board of an item of 国赛 or 世赛.

    One query when it is made, for which tiers these are by each edition of the rules.
    """
    newer = Board.published().filter(
        item=OuterRef("board__item"), number__gt=OuterRef("board__number")
    )
    rows = BoardLine.objects.visible_to(user).exclude(medal="").exclude(Exists(newer))
    rows = rows.filter(entered_for_reserve("board__item"))
    return rows.select_related(
        "board__item__competition__edition", "entry__person", "entry__item__competition__edition"
    )


def awaits_awards() -> Q:
    """Items published at the end of their stages, by which nothing was given yet."""
    given = Award.published().order_by().values("line__board__item")
    last = Q(state="published", later_stages__isnull=True) & ~Q(stage="preliminary")
    boarded = Board.published().order_by().values("item")
    return last & Q(pk__in=boarded) & ~Q(pk__in=given)


def awards_due(item: Item) -> tuple[list[Due], list[Owing]]:
    """What the newest board leads to and was not given yet; apart, who would get some and still owes proof."""
    due = _not_given(item)
    held = who_owes(item, {one.line.entry_id for one in due}, for_rise=False)
    owed = {one.entry.pk for one in held}
    return [one for one in due if one.line.entry_id not in owed], held


def _not_given(item: Item) -> list[Due]:
    board = newest_board(item)
    if board is None:
        return []
    given = {_key(award.kind, award.line.entry_id, award.name) for award in standing(item)}
    lines = board.lines.exclude(medal="").order_by("rank", "number", "pk")
    all_due = awards_by(
        lines.select_related("entry__person", "entry__coach", "entry__unit"),
        prizes=has_prizes(rules_of(item.competition)),
    )
    return [due for due in all_due if _key(due.kind, due.line.entry_id, due.name) not in given]


def not_borne_out(item: Item) -> list[Award]:
    """Awards whose line the newest board no longer has as it was: to be taken back by the register."""
    board = newest_board(item)
    if board is None or board.number == 1:
        return []
    medals = dict(board.lines.exclude(medal="").values_list("entry", "medal"))
    return [
        award for award in standing(item) if medals.get(award.line.entry_id) != award.line.medal
    ]


def risen_in_vain(item: Item) -> list[Promotion]:
    """Whoever has the certificate of a rise that the newest board, or the kind of contest, no longer bears out."""
    board, policy = newest_board(item), rules_of(item.competition)
    if board is None or policy is None:
        return []
    rows = Promotion.standing().filter(item=item, state=Promotion.State.CERTIFIED)
    ranks, rules = dict(board.lines.values_list("entry", "rank")), rules_for(policy, item)
    return [
        one
        for one in rows.select_related("person", "certificate").order_by("rank", "pk")
        if not bears_out(rules, ranks.get(one.entry_id), one.present, one.target)
    ]


def _key(kind: str, entry_id: int, name: str) -> tuple[str, int, str]:
    return (str(kind), entry_id, name)
