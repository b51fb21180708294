"""What people are asked about contests."""
