"""How policies judge: criteria, targets, periods, and what a verdict says."""
