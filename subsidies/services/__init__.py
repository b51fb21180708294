"""Doing one thing with money: lock, check, book, record."""
