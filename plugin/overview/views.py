"""The pages that look across all rooms."""

from plugin.overview import answers, home
from plugin.overview.routes import blueprint

__all__ = ["answers", "blueprint", "home"]
