"""Reads of the policy library."""
