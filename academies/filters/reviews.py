"""The questions one may ask of the files of the yearly evaluation."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import django_filters

from academies.filters.academies import KeyFilter, OfAcademy
from academies.models import Campaign, PanelMark, PhoneCheck, Review, ReviewEvidence
from academies.models.academies import FIRST_YEAR, LAST_YEAR
from academies.selectors.academies import is_called
from academies.selectors.reviews import for_another, lifted, objected, overdue
from pages.filters import MineFilter, YesNoFilter, search_filter

if TYPE_CHECKING:
    from django.db.models import QuerySet


class ReviewFilter(OfAcademy):
    """Files by academy, year and state."""

    year = django_filters.NumberFilter(
        label="年度", field_name="campaign__year", min_value=FIRST_YEAR, max_value=LAST_YEAR
    )
    state = django_filters.ChoiceFilter(
        label="状态", choices=Review.State.choices, empty_label="全部"
    )

    is_late = YesNoFilter(label="自评逾期", method="late")
    is_lifted = YesNoFilter(label="等次待复核", method="waiting")
    is_objected = YesNoFilter(label="异议待答复", method="unanswered")
    is_mine = MineFilter(for_another)

    class Meta:
        model = Review
        fields = ()

    def late(self, rows: QuerySet, name: str, value: Any) -> QuerySet:
        """Those not filed whose day is over, or all others."""
        return rows.filter(overdue()) if value else rows.exclude(overdue())

    def waiting(self, rows: QuerySet, name: str, value: Any) -> QuerySet:
        """Those that somebody would grade better than proposed, until another agrees, or all others."""
        return rows.filter(lifted()) if value else rows.exclude(lifted())

    def unanswered(self, rows: QuerySet, name: str, value: Any) -> QuerySet:
        """Those whose grade was objected to without an answer, or all others."""
        return rows.filter(objected()) if value else rows.exclude(objected())


class OfReview(django_filters.FilterSet):
    """What belongs to a file, by its academy or number."""

    q = search_filter("学院", "学院名称、拼音、首字母或编码")
    review = KeyFilter(label="评价件")

    def search(self, rows: QuerySet, name: str, value: str) -> QuerySet:
        return rows.filter(is_called(value, route="review__academy__"))


class CheckFilter(OfReview):
    """Calls by file and outcome."""

    outcome = django_filters.ChoiceFilter(
        label="结果", choices=PhoneCheck.Outcome.choices, empty_label="全部"
    )

    class Meta:
        model = PhoneCheck
        fields = ()


class MarkFilter(OfReview):
    """Experts' marks by file."""

    class Meta:
        model = PanelMark
        fields = ()


class EvidenceFilter(OfReview):
    """Evidence by file."""

    class Meta:
        model = ReviewEvidence
        fields = ()


class CampaignFilter(django_filters.FilterSet):
    """Campaigns by year."""

    year = django_filters.NumberFilter(label="年度", min_value=FIRST_YEAR, max_value=LAST_YEAR)

    class Meta:
        model = Campaign
        fields = ()
