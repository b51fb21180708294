"""The lists of the academies: who they are and what they taught, how they were judged."""
