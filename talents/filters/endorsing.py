"""The questions one may ask of opinions, replies of offices, unit notices and faults."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.db.models import F

from pages.filters import ByName, choice_filter
from talents.models import Clearance, Endorsement, Paper, Shortcoming, UnitNotice

if TYPE_CHECKING:
    from django.db.models import QuerySet


class EndorsementFilter(ByName):
    """Opinions by candidate and state; 待出具 are those of papers as they stand."""

    NAMED_BY = "nomination__person__"

    state = choice_filter("状态", choices=Endorsement.State.choices, method="by_state")

    class Meta:
        model = Endorsement
        fields = ()

    def by_state(self, rows: QuerySet, name: str, value: str) -> QuerySet:
        rows = rows.filter(state=value)
        if value == Endorsement.State.ASKED:
            rows = rows.filter(version=F("nomination__version"))
        return rows


class ClearanceFilter(ByName):
    """Replies by candidate and state."""

    NAMED_BY = "nomination__person__"

    state = choice_filter("状态", choices=Clearance.State.choices)

    class Meta:
        model = Clearance
        fields = ()


class UnitNoticeFilter(ByName):
    """Unit notices by candidate and state."""

    NAMED_BY = "nomination__person__"

    state = choice_filter("状态", choices=UnitNotice.State.choices)

    class Meta:
        model = UnitNotice
        fields = ()


class PaperFilter(ByName):
    """Papers by candidate and kind."""

    NAMED_BY = "nomination__person__"

    kind = choice_filter("材料种类", choices=Paper.Kind.choices)

    class Meta:
        model = Paper
        fields = ()


class ShortcomingFilter(ByName):
    """Faults by candidate and kind."""

    NAMED_BY = "nomination__person__"

    kind = choice_filter("问题", choices=Shortcoming.Kind.choices)

    class Meta:
        model = Shortcoming
        fields = ()
