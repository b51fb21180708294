"""Scans and photographs: how they look, told in bits by a bounded process, so that likeness can be counted."""
