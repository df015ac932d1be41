"""Hold the exercises: each module or package in this folder is a kind of its name."""
