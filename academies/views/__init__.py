"""Pages of the academies: parse, call, render."""
