"""Numbers drawn from a counter, and what is built from them by construction."""
