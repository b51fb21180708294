"""HTTP input of the academies' pages into clean Python."""
