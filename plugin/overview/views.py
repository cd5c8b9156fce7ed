"""The pages that look across all rooms."""

from plugin.overview import answers, followups, home
from plugin.overview.routes import blueprint

__all__ = ["answers", "blueprint", "followups", "home"]
