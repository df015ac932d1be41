"""The commands that take answers in."""
