"""What people do to policies, on the record."""
