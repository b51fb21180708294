"""What auditors read: scoped, ordered, with all a page needs."""
