"""Files on their way in: one desk for every kind."""
