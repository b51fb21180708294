"""The back office of money: everything as it was booked, nothing to be changed here."""

from __future__ import annotations

from django.contrib import admin

from pages.admin.recorded import RecordedAdmin
from subsidies.models import Account, BudgetLine, Entry, Expense, Fund, Grant, Payment, Project
from subsidies.tables import (
    AccountTable,
    BudgetLineTable,
    EntryTable,
    ExpenseTable,
    FundTable,
    GrantTable,
    PaymentTable,
    ProjectTable,
)


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
