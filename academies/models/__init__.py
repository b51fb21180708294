"""Tables of the academies: who they are, what they taught whom, the counts of it, how it was judged."""

from academies.models.academies import Academy, Brand
from academies.models.counts import AcademyYear, AcademyYearPerson
from academies.models.evaluations import Evaluation
from academies.models.evidence import ReviewEvidence
from academies.models.rectification import Rectification
from academies.models.reporting import TrainingReport
from academies.models.reviews import Campaign, PanelMark, PhoneCheck, Review
from academies.models.rooms import Room
from academies.models.training import Enrolment, TrainingClass

__all__ = [
    "Academy",
    "AcademyYear",
    "AcademyYearPerson",
    "Brand",
    "Campaign",
    "Enrolment",
    "Evaluation",
    "PanelMark",
    "PhoneCheck",
    "Rectification",
    "Review",
    "ReviewEvidence",
    "Room",
    "TrainingClass",
    "TrainingReport",
]
