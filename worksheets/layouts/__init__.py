"""Keep layouts as data: made by the renderer once, and filled for every sheet."""
