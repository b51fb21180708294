"""Forms that more than one app, or the back office, hands out."""
