"""The tables of contests."""

from competitions.models.competitions import Competition, Item
from competitions.models.entries import Entry, Mark
from competitions.models.schemes import Aspect, Scheme

__all__ = ["Aspect", "Competition", "Entry", "Item", "Mark", "Scheme"]
