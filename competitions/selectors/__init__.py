"""What is read of contests: scoped, ordered, with all a page needs."""
