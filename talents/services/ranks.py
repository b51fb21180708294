"""How a unit ranks those it puts forward: each rank once, and two candidates may change places."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.db import connection, transaction

from talents.permissions import may_edit
from talents.services.nominations import locked_nomination
from workflow.corrections import correct
from workflow.refusals import DomainError

if TYPE_CHECKING:
    from collections.abc import Mapping

    from organizations.models import User
    from talents.models import Nomination

RANKED_ONCE = "nomination_ranked_once_by_its_unit"


@transaction.atomic
def swap_ranks(
    pk: int, *, other_id: int, shown: Mapping[int, int | None], actor: User, note: str
) -> Nomination:
    """Let two candidates of one unit change ranks; one without a rank takes that of the other.

    ``shown`` are the ranks that whoever asks has seen, by number of the nomination: where they are
    others by now it is refused, for a swap made twice would undo itself. Both are corrected, each under a record of its own; the constraint is asked once both are written.
    """
    rows = {number: locked_nomination(number, actor) for number in sorted({pk, other_id})}
    one, other = rows[pk], rows[other_id]
    if one.pk == other.pk or (one.round_id, one.unit_id) != (other.round_id, other.unit_id):
        message = "只能与同一单位在同一轮次推荐的另一名人选对调排序，请重新选择"
        raise DomainError("swap-not-of-one-unit", message)
    for row in (one, other):
        may_edit.check(actor, row)
    if {number: row.rank for number, row in rows.items()}.items() - shown.items():
        message = "您打开此页后，他人已调整过这两名人选的排序；您的对调没有办理，请重新打开此页，对照现在的排序再办"
        raise DomainError("ranks-changed", message)
    if one.rank == other.rank:
        raise DomainError("nothing-to-swap", "两名人选都还没有排序，请先更正其中一名的推荐排序")
    with connection.cursor() as cursor:
        cursor.execute(f"set constraints {RANKED_ONCE} deferred")
    ranks = {one: other.rank, other: one.rank}
    for row, rank in ranks.items():
        correct(row, {"rank": rank}, version=None, actor=actor, note=note)
    with connection.cursor() as cursor:
        cursor.execute(f"set constraints {RANKED_ONCE} immediate")
    return one
