"""Reading what people typed: widths and blanks folded, identity numbers checked."""
