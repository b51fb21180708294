"""What leaves the house about an academy's year, on paper; each bears a code that leads to its record."""
