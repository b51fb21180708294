"""What every page wears: menu, icons, fields."""
