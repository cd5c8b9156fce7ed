"""What every test of figures has at hand."""

from tests.figures.planting import given, read

__all__ = ["given", "read"]
