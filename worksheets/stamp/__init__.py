"""Stamp sheets: a page is laid out once, then filled for each student."""
