"""Whose marks lie too far apart, so that the experts look a second time before anything is decided."""

from __future__ import annotations

from typing import TYPE_CHECKING

from talents.models import Review
from talents.rules.ranking import ReviewRule, ranking

if TYPE_CHECKING:
    from django.db.models import QuerySet

    from talents.models import SelectionRound


def looks_due(selection: SelectionRound, rule: ReviewRule) -> QuerySet[Review]:
    """The first marks that are to be given again, by experts who can: nobody is asked a third time.

    Marks of a review held on paper have no account behind them; their second look is on paper, too.
    """
    apart = [one.nomination for one in ranking(selection, rule) if one.spread > rule.spread_limit]
    first = Review.objects.filter(
        nomination__in=apart, look=1, status=Review.Status.SUBMITTED, is_recused=False
    )
    return first.exclude(nomination__reviews__look=2).exclude(expert__user=None)
