"""Tables of earmarked money: funds and budgets, grants and payments, the ledger, what was spent."""

from subsidies.models.expenses import Expense
from subsidies.models.funds import BudgetLine, Fund
from subsidies.models.grants import Grant, Payment, Project
from subsidies.models.ledger import Account, Entry, Posting

__all__ = [
    "Account",
    "BudgetLine",
    "Entry",
    "Expense",
    "Fund",
    "Grant",
    "Payment",
    "Posting",
    "Project",
]
