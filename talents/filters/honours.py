"""The questions staff may ask of the register."""

from __future__ import annotations

from typing import TYPE_CHECKING

from pages.filters import choice_filter
from talents.filters import PublicHonourFilter
from talents.models import Honour
from talents.rules.recommending import LISTS, recommendable
from talents.selectors.honours import objected_titles

if TYPE_CHECKING:
    from django.db.models import QuerySet


class HonourFilter(PublicHonourFilter):
    """The public ones, what is being decided, and who may be recommended further."""

    state = choice_filter("状态", choices=Honour.State.choices)
    further = choice_filter("可推荐", choices=LISTS, method="by_list")
    objected = choice_filter("异议", choices=[("yes", "异议成立待提出撤销")], method="by_objection")

    def by_list(self, rows: QuerySet, name: str, value: str) -> QuerySet:
        return recommendable(rows, value)

    def by_objection(self, rows: QuerySet, name: str, value: str) -> QuerySet:
        user = getattr(self.request, "user", None)
        return rows.filter(pk__in=objected_titles(user).values("pk")) if user else rows.none()
