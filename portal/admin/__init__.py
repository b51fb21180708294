"""The back office of records, jobs, notices and the calendar."""

from portal.admin import records, work

__all__ = ["records", "work"]
