"""What the rules say: which edition a contest is held by, and who rises by which place."""
