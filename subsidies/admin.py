"""The back office of money: everything as it was booked, nothing to be changed here."""

from __future__ import annotations

from django.contrib import admin

from pages.admin.recorded import RecordedAdmin
from subsidies.models import (
    Account,
    Allocation,
    BudgetChange,
    BudgetLine,
    Claim,
    Entitlement,
    Entry,
    Evidence,
    Expense,
    Fund,
    Grant,
    PayeeAccount,
    Payment,
    Payout,
    Project,
    Settlement,
    Share,
    Transfer,
)
from subsidies.tables import (
    AccountTable,
    BudgetLineTable,
    EntitlementTable,
    EntryTable,
    EvidenceTable,
    ExpenseTable,
    FundTable,
    GrantTable,
    PaymentTable,
    ProjectTable,
)
from subsidies.tables.allocations import AllocationTable, PayeeAccountTable, ShareTable
from subsidies.tables.changes import BudgetChangeTable
from subsidies.tables.claims import ClaimTable, PayoutTable, TransferTable
from subsidies.tables.settlements import SettlementTable


@admin.register(Fund)
class FundAdmin(RecordedAdmin):
    table, page, listed = FundTable, ("subsidies:fund", "pk"), "subsidies:funds"


@admin.register(BudgetLine)
class BudgetLineAdmin(RecordedAdmin):
    table, page = BudgetLineTable, ("subsidies:fund", "fund_id")


@admin.register(Account)
class AccountAdmin(RecordedAdmin):
    table, page = AccountTable, ("subsidies:fund", "fund_id")


@admin.register(Grant)
class GrantAdmin(RecordedAdmin):
    table, page, listed = GrantTable, ("subsidies:grant", "pk"), "subsidies:grants"


@admin.register(Project)
class ProjectAdmin(RecordedAdmin):
    table, page = ProjectTable, ("subsidies:grant", "grant_id")


@admin.register(Payment)
class PaymentAdmin(RecordedAdmin):
    table, page = PaymentTable, ("subsidies:grant", "grant_id")


@admin.register(Entry)
class EntryAdmin(RecordedAdmin):
    table, listed = EntryTable, "subsidies:entries"


@admin.register(Expense)
class ExpenseAdmin(RecordedAdmin):
    table, page, listed = ExpenseTable, ("subsidies:expense", "pk"), "subsidies:expenses"
    readonly_fields = ("invoice_key",)


@admin.register(Claim)
class ClaimAdmin(RecordedAdmin):
    table, page, listed = ClaimTable, ("subsidies:claim", "pk"), "subsidies:claims"
    exclude = ("account_cipher", "account_digest")


@admin.register(Payout)
class PayoutAdmin(RecordedAdmin):
    table, page, listed = PayoutTable, ("subsidies:payout", "pk"), "subsidies:payouts"


@admin.register(Transfer)
class TransferAdmin(RecordedAdmin):
    table, page = TransferTable, ("subsidies:payout", "payout_id")
    exclude = ("account_cipher", "account_digest")


@admin.register(Settlement)
class SettlementAdmin(RecordedAdmin):
    table, page, listed = SettlementTable, ("subsidies:settlement", "pk"), "subsidies:settlements"


@admin.register(Allocation)
class AllocationAdmin(RecordedAdmin):
    table, page, listed = AllocationTable, ("subsidies:allocation", "pk"), "subsidies:allocations"


@admin.register(BudgetChange)
class BudgetChangeAdmin(RecordedAdmin):
    table, page = BudgetChangeTable, ("subsidies:budget-change", "pk")
    listed = "subsidies:budget-changes"


@admin.register(Share)
class ShareAdmin(RecordedAdmin):
    table, page = ShareTable, ("subsidies:allocation", "allocation_id")


@admin.register(PayeeAccount)
class PayeeAccountAdmin(RecordedAdmin):
    table, page = PayeeAccountTable, ("subsidies:account", "pk")
    listed = "subsidies:payee-accounts"
    exclude = ("account_cipher", "account_digest")


@admin.register(Evidence)
class EvidenceAdmin(RecordedAdmin):
    table, page = EvidenceTable, ("subsidies:expense", "expense_id")


@admin.register(Entitlement)
class EntitlementAdmin(RecordedAdmin):
    table, listed = EntitlementTable, "subsidies:grants"
