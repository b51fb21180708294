"""Pages of the craftsman programme: parse, call, render."""
