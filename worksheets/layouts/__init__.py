"""Layouts as data: made by the renderer once, kept, and filled for every sheet."""
