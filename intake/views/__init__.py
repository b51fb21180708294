"""Files handed in: the same pages for every kind."""
