"""The questions one may ask of blind papers and of what was decided about their words."""

from __future__ import annotations

from pages.filters import ByName, choice_filter
from talents.models import Masking, Nomination


class BlindPaperFilter(ByName):
    """By name of the candidate."""

    NAMED_BY = "person__"

    class Meta:
        model = Nomination
        fields = ()


class MaskingFilter(ByName):
    """By name of the candidate, and what was decided."""

    NAMED_BY = "nomination__person__"

    decision = choice_filter("决定", choices=Masking.Decision.choices)

    class Meta:
        model = Masking
        fields = ()
