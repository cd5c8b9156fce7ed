"""Commands that each print a figure."""
