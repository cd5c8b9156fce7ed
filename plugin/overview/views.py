"""The pages that look across all rooms."""

from plugin.overview import answers, answers_file, followups, home, measures, trend
from plugin.overview.asks import exports, pages, trying
from plugin.overview.routes import blueprint

__all__ = [
    "answers", "answers_file", "blueprint", "exports", "followups", "home", "measures", "pages", "trend",
    "trying",
]  # fmt: skip
