"""The room's pages, which two modules make."""

from flask import Blueprint

blueprint = Blueprint("messages", "plugin")
