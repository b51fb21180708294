"""What leaves the house about an academy's year, on paper; each bears a code that leads to its record."""

from academies.documents.rectification import notice_of, sheet_of
from academies.documents.reviews import self_assessment_of

__all__ = ["notice_of", "self_assessment_of", "sheet_of"]
