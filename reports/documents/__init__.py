"""What leaves the house: a sealed report as data, workbook and print. Data in, bytes out."""
