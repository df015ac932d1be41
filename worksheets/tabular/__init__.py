"""Tables of other programs, read into rows of text cells."""
