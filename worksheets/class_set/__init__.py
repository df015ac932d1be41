"""Make class sets: from a roster to everything to print, hand out and mark with."""
