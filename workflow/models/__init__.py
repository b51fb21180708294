"""Tables of everything that changes: records, jobs, files, notices, working days."""

from workflow.models.attachments import Attachment
from workflow.models.calendar import WorkingDay
from workflow.models.jobs import Job
from workflow.models.notices import Notice
from workflow.models.records import ChainHead, Record

__all__ = [
    "Attachment",
    "ChainHead",
    "Job",
    "Notice",
    "Record",
    "WorkingDay",
]
