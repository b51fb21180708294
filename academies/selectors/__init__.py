"""What is read of academies: scoped, ordered, with all a page needs."""
