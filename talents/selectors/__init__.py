"""Reads of the craftsman programme: scoped, ordered, with all a page needs loaded."""
