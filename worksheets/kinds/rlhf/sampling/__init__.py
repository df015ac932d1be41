"""Draw a sheet of this kind in stages."""
