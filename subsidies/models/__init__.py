"""Tables of earmarked money: funds and budgets, grants and payments, the ledger, what was spent."""

from subsidies.models.accounts import PayeeAccount
from subsidies.models.allocations import Allocation, Share
from subsidies.models.changes import BudgetChange
from subsidies.models.claims import Claim
from subsidies.models.entitlements import Entitlement
from subsidies.models.expenses import Evidence, Expense
from subsidies.models.funds import BudgetLine, Fund
from subsidies.models.grants import Grant, Payment, Project
from subsidies.models.ledger import Account, Entry, Posting
from subsidies.models.payouts import Payout, Transfer
from subsidies.models.prints import EvidencePrint
from subsidies.models.settlements import Settlement

__all__ = [
    "Account",
    "Allocation",
    "BudgetChange",
    "BudgetLine",
    "Claim",
    "Entitlement",
    "Entry",
    "Evidence",
    "EvidencePrint",
    "Expense",
    "Fund",
    "Grant",
    "PayeeAccount",
    "Payment",
    "Payout",
    "Posting",
    "Project",
    "Settlement",
    "Share",
    "Transfer",
]
