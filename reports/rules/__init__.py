"""What a figure is: for which bodies, by which question, with which rows, under which seal."""
