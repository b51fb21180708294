"""The scale on which works of different trades can be looked at side by side; never instead of totals."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import ROUND_HALF_UP, Decimal
from typing import TYPE_CHECKING

from django.db.models import Aggregate, DecimalField, StdDev

from competitions.rules.editions import rules_of

if TYPE_CHECKING:
    from competitions.models import Board

CENTRE = "scale_centre"
#: So many for each standard deviation: two of them, in which most works lie, make up a hundred.
STEP = 50


class Median(Aggregate):
    """The middle total; between two it is their mean."""

    template = "PERCENTILE_CONT(0.5) WITHIN GROUP (ORDER BY %(expressions)s)"
    output_field = DecimalField()


@dataclass(frozen=True, slots=True)
class Scale:
    """Where the middle of a board lies, and how far its totals spread."""

    centre: Decimal
    median: Decimal
    deviation: Decimal

    def of(self, total: Decimal) -> int:
        """A total on the scale, half up; everybody in the middle where all are alike."""
        away = (total - self.median) / self.deviation if self.deviation else Decimal(0)
        return int((self.centre + STEP * away).quantize(Decimal(1), ROUND_HALF_UP))


def scale_of(board: Board) -> Scale | None:
    """The scale of a published board; None where its rules have none."""
    policy = rules_of(board.item.competition)
    centre = policy.parameter(CENTRE) if policy else None
    if centre is None or centre.number is None:
        return None
    told = board.lines.aggregate(median=Median("total"), deviation=StdDev("total"))
    if told["median"] is None:
        return None
    return Scale(centre.number, Decimal(str(told["median"])), Decimal(str(told["deviation"])))
