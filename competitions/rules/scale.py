"""The scale on which works of different trades can be looked at side by side; never instead of totals."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import ROUND_HALF_UP, Decimal
from typing import TYPE_CHECKING

from django.db.models import Aggregate, DecimalField, StdDev

from competitions.rules.editions import rules_of

if TYPE_CHECKING:
    from competitions.models import Board

CENTRE, STEP = "scale_centre", "scale_step"


class Median(Aggregate):
    """The middle total; between two it is their mean."""

    template = "PERCENTILE_CONT(0.5) WITHIN GROUP (ORDER BY %(expressions)s)"
    output_field = DecimalField()


@dataclass(frozen=True, slots=True)
class Scale:
    """Where the middle of a board lies, how far its totals spread, and points for each deviation."""

    centre: Decimal
    step: Decimal
    median: Decimal
    deviation: Decimal

    def of(self, total: Decimal) -> int:
        """A total on the scale, half up; everybody in the middle where all are alike."""
        away = (total - self.median) / self.deviation if self.deviation else Decimal(0)
        return int((self.centre + self.step * away).quantize(Decimal(1), ROUND_HALF_UP))


def scale_of(board: Board) -> Scale | None:
    """The scale of a published board; None where its rules have none."""
    policy = rules_of(board.item.competition)
    told = [policy.parameter(code) if policy else None for code in (CENTRE, STEP)]
    numbers = [one.number for one in told if one is not None and one.number is not None]
    if len(numbers) < len(told):
        return None
    centre, step = numbers
    lies = board.lines.aggregate(median=Median("total"), deviation=StdDev("total"))
    if lies["median"] is None:
        return None
    return Scale(centre, step, Decimal(str(lies["median"])), Decimal(str(lies["deviation"])))
