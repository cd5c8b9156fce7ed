"""Where the overview's routes meet."""

from flask import Blueprint

blueprint = Blueprint("overview", "plugin")
