"""The tables of contests."""

from competitions.models.arbiters import Arbiter
from competitions.models.awards import Award
from competitions.models.chains import Chain
from competitions.models.competitions import Competition, Item
from competitions.models.entries import Entry, Mark
from competitions.models.judging import Judge
from competitions.models.results import Appeal, Board, BoardLine, Promotion
from competitions.models.schemes import Aspect, Scheme
from competitions.models.sheets import TypedSheet
from competitions.models.terms import Terms
from competitions.models.trials import Trial

__all__ = [
    "Appeal",
    "Arbiter",
    "Aspect",
    "Award",
    "Board",
    "BoardLine",
    "Chain",
    "Competition",
    "Entry",
    "Item",
    "Judge",
    "Mark",
    "Promotion",
    "Scheme",
    "Terms",
    "Trial",
    "TypedSheet",
]
