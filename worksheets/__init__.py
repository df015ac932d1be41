"""Worksheets on how language models are trained and aligned, with exact answer keys."""
