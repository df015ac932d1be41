"""What is wrong with an input, in words for the person who gave it."""

from __future__ import annotations


class InputError(Exception):
    """Bad input: the message names file, line or value, and what would be right."""
