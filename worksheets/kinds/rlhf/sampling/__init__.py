"""What is drawn for a sheet of this kind, in stages."""
