"""Tables of the academies: who they are, what they taught whom, and the counts kept of it."""

from academies.models.academies import Academy, Brand
from academies.models.counts import AcademyYear, AcademyYearPerson
from academies.models.training import Enrolment, TrainingClass

__all__ = [
    "Academy",
    "AcademyYear",
    "AcademyYearPerson",
    "Brand",
    "Enrolment",
    "TrainingClass",
]
