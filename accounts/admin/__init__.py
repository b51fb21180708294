"""The back office of the tree, the accounts and the roles."""

from accounts.admin import accounts, organizations

__all__ = ["accounts", "organizations"]
