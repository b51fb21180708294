"""What is done with accounts, roles and the union tree, on the record."""
