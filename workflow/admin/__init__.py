"""The back office of organizations and workflow. ``RecordedAdmin`` serves the apps above, too."""

from workflow.admin import accounts, organizations, records, work
from workflow.admin.recorded import RecordedAdmin

__all__ = ["RecordedAdmin", "accounts", "organizations", "records", "work"]
