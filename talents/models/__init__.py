"""Tables of the craftsman programme: persons, rounds, nominations, assessments."""

from talents.models.actions import ActionEntry, ActionPartner
from talents.models.assessments import Assessment, AssessmentRun
from talents.models.declaring import Declaration, DeclaredTie
from talents.models.endorsing import Clearance, Endorsement, Shortcoming, UnitNotice
from talents.models.growth import Cultivation, CultivationReport, Mentorship
from talents.models.honours import Honour
from talents.models.masking import Masking
from talents.models.nominations import AWAITED, AWAITS_UNIT, Nomination
from talents.models.pairing import PairConsent, PairLog
from talents.models.panels import Panel, PanelDecision, PanelMember, PanelRecusal
from talents.models.papers import Paper
from talents.models.persons import Certificate, Employment, Person, PersonCompletion, SkillLevel
from talents.models.plans import CultivationGoal
from talents.models.postings import NoticeCheck
from talents.models.publicity import NoticeEntry, Objection, PublicNotice
from talents.models.reviews import Draw, Expert, Review
from talents.models.rounds import QuotaAllocation, SelectionRound
from talents.models.spending import EducationSpend
from talents.models.studios import BoostYear, Studio, StudioMember, StudioProject

__all__ = [
    "AWAITED",
    "AWAITS_UNIT",
    "ActionEntry",
    "ActionPartner",
    "Assessment",
    "AssessmentRun",
    "BoostYear",
    "Certificate",
    "Clearance",
    "Cultivation",
    "CultivationGoal",
    "CultivationReport",
    "Declaration",
    "DeclaredTie",
    "Draw",
    "EducationSpend",
    "Employment",
    "Endorsement",
    "Expert",
    "Honour",
    "Masking",
    "Mentorship",
    "Nomination",
    "NoticeCheck",
    "NoticeEntry",
    "Objection",
    "PairConsent",
    "PairLog",
    "Panel",
    "PanelDecision",
    "PanelMember",
    "PanelRecusal",
    "Paper",
    "Person",
    "PersonCompletion",
    "PublicNotice",
    "QuotaAllocation",
    "Review",
    "SelectionRound",
    "Shortcoming",
    "SkillLevel",
    "Studio",
    "StudioMember",
    "StudioProject",
    "UnitNotice",
]
