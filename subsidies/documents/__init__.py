"""Papers and files of money that leave the house."""
