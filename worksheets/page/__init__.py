"""Run the whole program in a browser: what the page asks of Python, and the page itself."""
