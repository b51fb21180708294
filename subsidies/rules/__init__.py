"""What the subsidy policy says about one academy and one expense."""
