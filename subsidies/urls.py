"""Addresses of money."""

from django.urls import path

from pages.urls import list_paths
from subsidies.views import audit, budgets, grants, lists, money

app_name = "subsidies"
urlpatterns = [
    *list_paths("funds/", lists.fund_list, "funds", export="funds-export"),
    path("funds/new/", budgets.budget_new, name="budget-new"),
    path("funds/<int:pk>/", money.fund, name="fund"),
    path("funds/<int:pk>/submit/", budgets.budget_submit, name="budget-submit"),
    path("funds/<int:pk>/sign/", budgets.budget_sign, name="budget-sign"),
    path("funds/<int:pk>/return/", budgets.budget_return, name="budget-return"),
    *list_paths("grants/", lists.grant_list, "grants", export="grants-export"),
    path("grants/new/<str:code>/<int:year>/", grants.grant_new, name="grant-new"),
    path("grants/<int:pk>/", money.grant, name="grant"),
    path("grants/<int:pk>/edit/", grants.grant_edit, name="grant-edit"),
    path("grants/<int:pk>/submit/", grants.grant_submit, name="grant-submit"),
    path("grants/<int:pk>/endorse/", grants.grant_endorse, name="grant-endorse"),
    path("grants/<int:pk>/return/", grants.grant_return, name="grant-return"),
    path("grants/<int:pk>/approve/", grants.grant_approve, name="grant-approve"),
    path("grants/<int:pk>/refuse/", grants.grant_refuse, name="grant-refuse"),
    path("grants/<int:pk>/spend/", money.expense_new, name="expense-new"),
    path("payments/<int:pk>/order/", grants.payment_order, name="payment-order"),
    path("payments/<int:pk>/check/", grants.payment_check, name="payment-check"),
    path("payments/<int:pk>/receipt/", grants.payment_receipt, name="payment-receipt"),
    path("payments/<int:pk>/bounce/", grants.payment_bounce, name="payment-bounce"),
    *list_paths("payments/", lists.payment_list, "payments", export="payments-export"),
    *list_paths("ledger/", lists.entry_list, "entries", export="entries-export"),
    path("ledger/verify/", audit.verify, name="verify"),
    path("flags/", audit.flags, name="flags"),
    *list_paths("expenses/", lists.expense_list, "expenses", export="expenses-export"),
    path("expenses/<int:pk>/", money.expense, name="expense"),
    path("expenses/<int:pk>/withdraw/", money.expense_withdraw, name="expense-withdraw"),
]
