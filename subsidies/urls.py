"""Addresses of money."""

from django.urls import path

from pages.urls import list_paths
from subsidies.views import lists, money

app_name = "subsidies"
urlpatterns = [
    *list_paths("funds/", lists.fund_list, "funds", export="funds-export"),
    path("funds/<int:pk>/", money.fund, name="fund"),
    *list_paths("grants/", lists.grant_list, "grants", export="grants-export"),
    path("grants/<int:pk>/", money.grant, name="grant"),
    *list_paths("payments/", lists.payment_list, "payments", export="payments-export"),
    *list_paths("ledger/", lists.entry_list, "entries", export="entries-export"),
    *list_paths("expenses/", lists.expense_list, "expenses", export="expenses-export"),
    path("expenses/<int:pk>/", money.expense, name="expense"),
    path("expenses/<int:pk>/withdraw/", money.expense_withdraw, name="expense-withdraw"),
]
