"""Reads of the reports: scoped, ordered, with all a page needs."""
