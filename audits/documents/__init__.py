"""What an audit leaves on paper and in a file, all of it from the same rows."""
