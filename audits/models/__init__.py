"""Tables of the auditors: engagements, samples, working papers, findings."""

from audits.models.engagements import Engagement, Sample
from audits.models.findings import Finding
from audits.models.papers import Paper

__all__ = ["Engagement", "Finding", "Paper", "Sample"]
