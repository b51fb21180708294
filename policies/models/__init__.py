"""Tables of the policies: editions, what in them is our choice, who confirmed it, and drafts of the next."""

from policies.models.defaults import DefaultConfirmation, EditionDefault
from policies.models.drafts import EditionDraft
from policies.models.editions import PolicyEdition
from policies.models.uses import EditionUse

__all__ = ["DefaultConfirmation", "EditionDefault", "EditionDraft", "EditionUse", "PolicyEdition"]
