"""The lists of the craftsman programme."""
