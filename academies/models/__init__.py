"""Tables of the academies: who they are, what they taught whom, the counts of it, how it was judged."""

from academies.models.academies import Academy, Brand
from academies.models.counts import AcademyYear, AcademyYearPerson
from academies.models.evaluations import Evaluation
from academies.models.training import Enrolment, TrainingClass

__all__ = [
    "Academy",
    "AcademyYear",
    "AcademyYearPerson",
    "Brand",
    "Enrolment",
    "Evaluation",
    "TrainingClass",
]
