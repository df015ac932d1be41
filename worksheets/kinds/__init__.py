"""The exercises: whatever module or package lies in this folder is a kind of its name."""
