"""Addresses of money."""

from django.urls import path

from pages.urls import list_paths
from subsidies.views import (
    accounts,
    allocations,
    audit,
    budgets,
    claims,
    grants,
    invoices,
    lists,
    money,
    papers,
    payouts,
    settlements,
)

app_name = "subsidies"
urlpatterns = [
    *list_paths("funds/", lists.fund_list, "funds", export="funds-export"),
    path("funds/new/", budgets.budget_new, name="budget-new"),
    path("funds/<int:pk>/", money.fund, name="fund"),
    path("funds/<int:pk>/submit/", budgets.budget_submit, name="budget-submit"),
    path("funds/<int:pk>/sign/", budgets.budget_sign, name="budget-sign"),
    path("funds/<int:pk>/return/", budgets.budget_return, name="budget-return"),
    path("funds/<int:pk>/allocate/", allocations.allocation_new, name="allocation-new"),
    *list_paths(
        "allocations/", allocations.allocation_list, "allocations", export="allocations-export"
    ),
    *list_paths(
        "allocations/<int:pk>/",
        allocations.allocation_page,
        "allocation",
        export="allocation-export",
    ),
    path("allocations/<int:pk>/sign/", allocations.allocation_sign, name="allocation-sign"),
    path("allocations/<int:pk>/drop/", allocations.allocation_drop, name="allocation-drop"),
    *list_paths(
        "accounts/", accounts.account_list, "payee-accounts", export="payee-accounts-export"
    ),
    path("accounts/new/<str:code>/", accounts.account_new, name="account-new"),
    path("accounts/<int:pk>/", accounts.account_page, name="account"),
    path("accounts/<int:pk>/confirm/", accounts.account_confirm, name="account-confirm"),
    path("accounts/<int:pk>/refuse/", accounts.account_refuse, name="account-refuse"),
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
    path("grants/<int:pk>/application/<str:kind>/", papers.application, name="application"),
    path("grants/<int:pk>/statement/<str:kind>/", papers.statement, name="statement"),
    path("payments/<int:pk>/paper/<str:kind>/", papers.payment_order, name="payment-paper"),
    path("payments/<int:pk>/order/", grants.payment_order, name="payment-order"),
    path("payments/<int:pk>/check/", grants.payment_check, name="payment-check"),
    path("payments/<int:pk>/receipt/", grants.payment_receipt, name="payment-receipt"),
    path("payments/<int:pk>/bounce/", grants.payment_bounce, name="payment-bounce"),
    *list_paths("payments/", lists.payment_list, "payments", export="payments-export"),
    *list_paths("ledger/", lists.entry_list, "entries", export="entries-export"),
    path("ledger/verify/", audit.verify, name="verify"),
    path("flags/", audit.flags, name="flags"),
    *list_paths(
        "settlements/", settlements.settlement_list, "settlements", export="settlements-export"
    ),
    path("grants/<int:pk>/settle/", settlements.settlement_new, name="settlement-new"),
    path("settlements/<int:pk>/", settlements.settlement_page, name="settlement"),
    path(
        "settlements/<int:pk>/confirm/", settlements.settlement_confirm, name="settlement-confirm"
    ),
    path("settlements/<int:pk>/return/", settlements.settlement_return, name="settlement-return"),
    path("settlements/<int:pk>/paper/<str:kind>/", papers.settlement, name="settlement-paper"),
    *list_paths("claims/", claims.claim_list, "claims", export="claims-export", acts=True),
    *list_paths("claims/new/", claims.claimable_list, "claimable"),
    *list_paths("claims/places/", claims.claimable_place_list, "claimable-places"),
    path("claims/places/<int:pk>/", claims.claim_place, name="claim-place"),
    path("claims/new/<int:pk>/", claims.claim_new, name="claim-new"),
    path("claims/raise/", claims.claims_raise, name="claims-raise"),
    path("claims/<int:pk>/", claims.claim_page, name="claim"),
    path("claims/<int:pk>/account/", claims.claim_account, name="claim-account"),
    path("claims/<int:pk>/endorse/", claims.claim_endorse, name="claim-endorse"),
    path("claims/<int:pk>/approve/", claims.claim_approve, name="claim-approve"),
    path("claims/<int:pk>/refuse/", claims.claim_refuse, name="claim-refuse"),
    *list_paths("payouts/", payouts.payout_list, "payouts", export="payouts-export"),
    path("payouts/new/", payouts.payout_new, name="payout-new"),
    *list_paths("payouts/<int:pk>/", payouts.payout_page, "payout", export="payout-export"),
    path("payouts/<int:pk>/sign/", payouts.payout_sign, name="payout-sign"),
    path("payouts/<int:pk>/cancel/", payouts.payout_cancel, name="payout-cancel"),
    path("payouts/<int:pk>/file/", payouts.payout_file, name="payout-file"),
    path("payouts/<int:pk>/paper/<str:kind>/", papers.payout, name="payout-paper"),
    path("transfers/<int:pk>/receipt/", payouts.transfer_receipt, name="transfer-receipt"),
    path("transfers/<int:pk>/return/", payouts.transfer_return, name="transfer-return"),
    *list_paths("expenses/", lists.expense_list, "expenses", export="expenses-export"),
    path("expenses/<int:pk>/", money.expense, name="expense"),
    path("expenses/<int:pk>/invoice/", invoices.expense_invoice, name="expense-invoice"),
    path("expenses/<int:pk>/withdraw/", money.expense_withdraw, name="expense-withdraw"),
]
