"""HTTP input into clean Python; field rules only."""
