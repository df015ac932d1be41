"""Pages drawn from the graph alone, for kinds that draw none of their own."""
