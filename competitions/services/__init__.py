"""What people do to contests, entries and marks, on the record."""
