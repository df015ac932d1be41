"""What of a sheet is shown, and what its cells and fields are called."""
