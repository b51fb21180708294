"""The questions one may ask of funds, grants, entries and expenses; the same for page and API."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import django_filters
from django.db.models import Q

from academies.models.academies import FIRST_YEAR, LAST_YEAR
from academies.selectors.academies import is_called
from pages.filters import MineFilter, YesNoFilter, choice_filter, search_filter
from subsidies.models import (
    Account,
    BudgetLine,
    Entitlement,
    Entry,
    Evidence,
    Expense,
    Fund,
    Grant,
    Payment,
    Project,
)
from subsidies.models.funds import Line
from subsidies.selectors.waiting import (
    budget_drafted,
    budget_returned,
    budgets_for,
    grants_for,
    items_to_approve,
    payments_for,
)

if TYPE_CHECKING:
    from django.db.models import QuerySet

ACADEMY = "学院名称、拼音、首字母或编码"
STANDING = [("standing", "有效"), ("red", "已冲销")]


def year_filter(route: str) -> django_filters.NumberFilter:
    return django_filters.NumberFilter(
        label="年度", field_name=route, min_value=FIRST_YEAR, max_value=LAST_YEAR
    )


class FundFilter(django_filters.FilterSet):
    """Funds by year, source and state, and by what their budget waits for and for whom."""

    year = year_filter("year")
    source = choice_filter("资金来源", choices=Fund.Source.choices)
    state = choice_filter("状态", choices=Fund.State.choices)
    is_returned = YesNoFilter(label="预算已退回", method="returned")
    is_drafted = YesNoFilter(label="预算待提交", method="drafted")
    is_mine = MineFilter(budgets_for)

    class Meta:
        model = Fund
        fields = ()

    def returned(self, rows: QuerySet, name: str, value: Any) -> QuerySet:
        """Those whose budget was sent back, or all others."""
        return rows.filter(budget_returned()) if value else rows.exclude(budget_returned())

    def drafted(self, rows: QuerySet, name: str, value: Any) -> QuerySet:
        """Those whose budget is drawn up and not handed in, or all others."""
        return rows.filter(budget_drafted()) if value else rows.exclude(budget_drafted())


class BudgetLineFilter(django_filters.FilterSet):
    """Lines of budgets by year."""

    year = year_filter("fund__year")
    line = choice_filter("预算科目", choices=Line.choices)

    class Meta:
        model = BudgetLine
        fields = ()


class OfFund(django_filters.FilterSet):
    """Rows about an academy's money in one year, from one source."""

    FUND = "fund__"
    ACADEMY = "academy__"

    q = search_filter("学院", "学院名称、拼音、首字母或编码")

    def search(self, rows: QuerySet, name: str, value: str) -> QuerySet:
        return rows.filter(is_called(value, route=self.ACADEMY))


class AccountFilter(OfFund):
    """Accounts by academy, year, source and kind."""

    year = year_filter("fund__year")
    source = choice_filter("资金来源", choices=Fund.Source.choices, field_name="fund__source")
    kind = choice_filter("账户", choices=Account.Kind.choices)

    class Meta:
        model = Account
        fields = ()


class GrantFilter(OfFund):
    """Grants by academy, year, source and state, and by items that wait to be approved."""

    year = year_filter("fund__year")
    source = choice_filter("资金来源", choices=Fund.Source.choices, field_name="fund__source")
    state = choice_filter("状态", choices=Grant.State.choices)
    has_items = YesNoFilter(label="报批事项待我批准", method="to_approve")
    is_mine = MineFilter(grants_for)

    class Meta:
        model = Grant
        fields = ()

    def to_approve(self, rows: QuerySet, name: str, value: Any) -> QuerySet:
        """Those of which an item waits that the reader had no hand in, or all others."""
        waiting = items_to_approve(self.request.user)
        return rows.filter(waiting) if value else rows.exclude(waiting)


class EntitlementFilter(OfFund):
    """Outcomes of judging academies, by academy and by what came of it."""

    is_entitled = choice_filter(
        "结果", choices=[("true", "属于补助对象"), ("false", "不属于补助对象")]
    )

    class Meta:
        model = Entitlement
        fields = ()


class ProjectFilter(OfFund):
    """What grants are asked for, by academy and year."""

    ACADEMY = "grant__academy__"

    year = year_filter("grant__fund__year")

    class Meta:
        model = Project
        fields = ()


class PaymentFilter(OfFund):
    """Payments by academy, year and state, and by whose step is next."""

    ACADEMY = "grant__academy__"

    year = year_filter("grant__fund__year")
    state = choice_filter("状态", choices=Payment.State.choices)
    is_mine = MineFilter(payments_for)

    class Meta:
        model = Payment
        fields = ()


class EntryFilter(OfFund):
    """Entries of the ledger by academy, year, source, kind and the days they were booked on."""

    year = year_filter("giver__fund__year")
    source = choice_filter(
        "资金来源", choices=Fund.Source.choices, field_name="giver__fund__source"
    )
    kind = choice_filter("业务", choices=Entry.Kind.choices)
    since = django_filters.DateFilter(label="自", field_name="booked_on", lookup_expr="gte")
    until = django_filters.DateFilter(label="至", field_name="booked_on", lookup_expr="lte")

    class Meta:
        model = Entry
        fields = ()


class ExpenseFilter(OfFund):
    """Expenses by academy, invoice, payee or voucher, year, source and use."""

    q = search_filter("支出", "学院、收款单位、发票号码、凭证号或摘要")
    year = year_filter("fund__year")
    source = choice_filter("资金来源", choices=Fund.Source.choices, field_name="fund__source")
    standing = choice_filter("状态", choices=STANDING, method="by_standing")
    since = django_filters.DateFilter(label="自", field_name="spent_on", lookup_expr="gte")
    until = django_filters.DateFilter(label="至", field_name="spent_on", lookup_expr="lte")

    class Meta:
        model = Expense
        fields = ()

    def by_standing(self, rows: QuerySet, name: str, value: str) -> QuerySet:
        return rows.filter(red__isnull=value == "standing")

    def search(self, rows: QuerySet, name: str, value: str) -> QuerySet:
        text = "".join(value.split())
        found = is_called(value, route="academy__") | Q(payee__contains=text)
        found |= Q(invoice_key__contains=text.upper()) | Q(voucher__contains=text)
        return rows.filter(found | Q(summary__contains=text))


class EvidenceFilter(OfFund):
    """Originals by academy and kind."""

    ACADEMY = "expense__academy__"

    kind = choice_filter("种类", choices=Evidence.Kind.choices)

    class Meta:
        model = Evidence
        fields = ()
