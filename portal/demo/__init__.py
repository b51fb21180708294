"""A believable Beijing for a first look: the tree, a cast of accounts, one round in full swing."""
