"""The back office of organizations and workflow. ``RecordedAdmin`` and ``YearChoice`` serve the apps above, too."""

from workflow.admin import accounts, imports, organizations, records, work
from workflow.admin.recorded import RecordedAdmin
from workflow.admin.years import YearChoice

__all__ = ["RecordedAdmin", "YearChoice", "accounts", "imports", "organizations", "records", "work"]
