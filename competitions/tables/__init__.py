"""The lists of contests and of what is in them."""
