"""What people do to academies, classes and enrolments, on the record."""
