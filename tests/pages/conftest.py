"""A browser at the administrator's pages."""

from tests.support.admin import admin, anna, quick_passwords

__all__ = ["admin", "anna", "quick_passwords"]
