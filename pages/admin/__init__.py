"""The back office that every app's lists stand in."""
