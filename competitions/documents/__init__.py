"""What of contests goes out on paper."""
