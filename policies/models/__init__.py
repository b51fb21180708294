"""Tables of the policies: editions, what in them is our choice, who confirmed it."""

from policies.models.defaults import DefaultConfirmation, EditionDefault
from policies.models.editions import PolicyEdition

__all__ = ["DefaultConfirmation", "EditionDefault", "PolicyEdition"]
