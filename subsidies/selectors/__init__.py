"""What pages and the API show of money, only within reach."""
