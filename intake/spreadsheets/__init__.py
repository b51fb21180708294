"""Spreadsheets in and out: guard, bounded reading, finding the table, annotating, exporting.

Nothing here knows Django: ``child`` and ``painter`` run in bare, bounded processes.
"""
