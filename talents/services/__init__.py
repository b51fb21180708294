"""Writes that are not changes of state: create, correct, withdraw, allocate, reveal."""
