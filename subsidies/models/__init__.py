"""Tables of earmarked money: funds and budgets, grants and payments, the ledger, what was spent."""

from subsidies.models.claims import Claim
from subsidies.models.expenses import Expense
from subsidies.models.funds import BudgetLine, Fund
from subsidies.models.grants import Grant, Payment, Project
from subsidies.models.ledger import Account, Entry, Posting
from subsidies.models.payouts import Payout, Transfer
from subsidies.models.settlements import Settlement

__all__ = [
    "Account",
    "BudgetLine",
    "Claim",
    "Entry",
    "Expense",
    "Fund",
    "Grant",
    "Payment",
    "Payout",
    "Posting",
    "Project",
    "Settlement",
    "Transfer",
]
