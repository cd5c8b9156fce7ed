"""A browser at the administrator's pages."""

from tests.support.admin import admin, anna

__all__ = ["admin", "anna"]
