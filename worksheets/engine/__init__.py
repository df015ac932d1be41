"""Compute with exact matrices: the graph of a worksheet's lines, its evaluation, and notation."""
