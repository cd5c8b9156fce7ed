"""How an answer came about, and whether that was by a human hand."""
