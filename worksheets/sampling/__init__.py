"""Draw numbers from a counter, and build hand-friendly matrices from them."""
