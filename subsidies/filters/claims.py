"""The questions one may ask of claims and of lists for the bank."""

from __future__ import annotations

from typing import TYPE_CHECKING

import django_filters
from django.db.models import Q

from organizations.names import is_named
from pages.filters import ByName, MineFilter, choice_filter, search_filter
from subsidies.filters import year_filter
from subsidies.models import Claim, Payout, Transfer
from subsidies.models.funds import Line
from subsidies.rules.shared_accounts import is_held, is_shared
from subsidies.selectors.claims import rests_on_what_is_gone
from subsidies.selectors.waiting import calls_for, claims_for, payouts_for
from talents.models import Certificate, SkillLevel

if TYPE_CHECKING:
    from django.db.models import QuerySet

ACCOUNT = [
    ("known", "已填"),
    ("missing", "未填"),
    ("shared", "与他人相同"),
    ("held", "与他人相同，待回访"),
    ("mine", "与他人相同，可由我回访"),
]
GROUND = [("lost", "所凭名次、证书已变动")]
ANSWER = [("open", "未回单"), ("received", "已回单"), ("returned", "已退票")]


class ClaimFilter(ByName):
    """Claims by name, kind, state, year of filing and whether it is known where they go."""

    NAMED_BY = "person__"

    kind = choice_filter("项目", choices=Claim.Kind.choices)
    state = choice_filter("状态", choices=Claim.State.choices)
    year = year_filter("filed_at__year")
    account = choice_filter("收款账号", choices=ACCOUNT, method="by_account")
    ground = choice_filter("依据", choices=GROUND, method="by_ground")
    is_mine = MineFilter(claims_for)

    class Meta:
        model = Claim
        fields = ()

    def by_account(self, rows: QuerySet, name: str, value: str) -> QuerySet:
        if value in ("known", "missing"):
            return rows.filter(account_cipher__isnull=value == "missing")
        rows = rows.filter(is_shared() if value == "shared" else is_held())
        return rows.filter(calls_for(self.request.user)) if value == "mine" else rows

    def by_ground(self, rows: QuerySet, name: str, value: str) -> QuerySet:
        return rows.filter(rests_on_what_is_gone())


class ClaimableFilter(ByName):
    """Certificates by the name of their holder and by level."""

    NAMED_BY = "person__"

    level = choice_filter("技能等级", choices=SkillLevel.choices)

    class Meta:
        model = Certificate
        fields = ()


class PayoutFilter(django_filters.FilterSet):
    """Lists for the bank by year, line and state."""

    year = year_filter("fund__year")
    line = choice_filter("预算科目", choices=Line.choices)
    state = choice_filter("状态", choices=Payout.State.choices)
    is_mine = MineFilter(payouts_for)

    class Meta:
        model = Payout
        fields = ()


class TransferFilter(django_filters.FilterSet):
    """Transfers by payee and by what the bank made of them."""

    q = search_filter("收款人", "收款人姓名中的字、拼音，或学院名称")
    answer = choice_filter("银行结果", choices=ANSWER, method="by_answer")

    class Meta:
        model = Transfer
        fields = ()

    def search(self, rows: QuerySet, name: str, value: str) -> QuerySet:
        return rows.filter(is_named(value, route="claim__person__") | Q(payee__contains=value))

    def by_answer(self, rows: QuerySet, name: str, value: str) -> QuerySet:
        asked = {
            "open": Q(receipt="", returned=""),
            "received": ~Q(receipt=""),
            "returned": ~Q(returned=""),
        }
        return rows.filter(asked[value])
