"""Pages of the policies: parse, call, render."""
