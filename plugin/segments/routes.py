"""Where the routes of segments meet."""

from flask import Blueprint

blueprint = Blueprint("segments", "plugin")
