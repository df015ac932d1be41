"""Decide what a page shows of a sheet: views, and the names of cells."""
