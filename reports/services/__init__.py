"""What is done with reports: asked for, drawn up, issued for a year."""
