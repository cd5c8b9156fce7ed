"""The pages that look across all rooms."""

from plugin.overview import answers, answers_file, followups, home, measures, recipients, trend
from plugin.overview.asks import exports, pages, trying
from plugin.overview.changes import effect, register_file
from plugin.overview.changes import pages as changes
from plugin.overview.routes import blueprint

__all__ = [
    "answers", "answers_file", "blueprint", "changes", "effect", "exports", "followups", "home", "measures", "pages",
    "recipients", "register_file", "trend", "trying",
]  # fmt: skip
