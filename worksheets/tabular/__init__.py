"""Read tables of other programs into rows of text cells."""
